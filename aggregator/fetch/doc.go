// Package fetch is our one HTTP client: bytes in, nothing parsed.
//
// It asks cheaply (validators are opaque and go back as they came), is never
// led into our own network (each address and port is checked when it is
// dialled, after DNS and after each redirect), and is bounded in time, in
// redirects, in headers and in bytes after decompression, so no server can hold
// or fill the machine. Credentials go to the server that they were written for
// and to no other, and stand in no address or error that leaves this package.
//
// Each redirect takes a slot of the host that it leads to, and the wait for one
// does not count as the server's slowness. Feeds are asked by [Client.Get];
// article pages by [Client.Page], which heeds robots.txt (RFC 9309). Proxies of
// the environment are not used: the guard could not see behind them.
//
// It refuses to retry, to schedule and to interpret: those belong to others.
package fetch
