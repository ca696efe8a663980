// Package aggregator is the half that pulls: sources in, articles out.
//
// [Puller.Pull] is the one-screen story of a pull: fetch, parse, normalize,
// save, each a package of its own. [Loop] decides when: it claims due sources
// from the shelf and hands them to workers. Due times and claims live in the
// store, so a restart neither forgets nor stampedes.
//
// [Follower.Follow] is the same story for the page of an article that a feed
// has brought, where its source's config wants that: it comes after the
// article was published, and adds to it.
//
// A failing source never stops another one, and a pull that is killed at any
// moment has either happened whole or not at all. It sees the store only as
// the small interface that it declares here, and knows nothing of channels
// but the function that places an article.
package aggregator
