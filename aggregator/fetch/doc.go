// Package fetch is our one HTTP client: bytes in, nothing parsed.
//
// It asks cheaply (validators are opaque and go back as they came), is never
// led into our own network (each address is checked when it is dialled, after
// DNS and after each redirect), and is bounded in time, in redirects and in
// bytes after decompression, so no server can hold or fill the machine.
//
// It refuses to retry, to schedule and to interpret: those belong to others.
package fetch
