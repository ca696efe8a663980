// Package push speaks the subscriber's side of WebSub (W3C Recommendation, 23
// January 2018): how a hub is found, asked, believed and heard.
//
// [Discover] finds hubs and topic, in Link headers first and then in what the
// document says of itself. [Request] is the form that asks a hub. [Callback]
// answers hubs: a question of intent is answered only for a request of ours
// that waits for it, and content is handed on only when it is signed with the
// secret of its subscription, and is of its topic.
//
// A topic is the address that a document gives as its own, which may be another
// one than that which was read. Nobody may subscribe us to what is not theirs:
// only a document that names its own address as itself is believed
// ([news.Offer.Vouched]), and [SameSite] keeps a source from leading to
// another site at all. Such a source is polled, as if it had no hub.
//
// What we answer with depends on nothing but what stands in the shelf, so
// subscriptions survive a restart, and any node may be asked.
//
// It refuses to store, to fetch and to read feeds: those belong to others.
// HTML is not searched for links, since no source of ours is an HTML page, and
// rssCloud is not spoken.
package push
