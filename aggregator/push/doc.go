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
// one than that which was read. What a hub pushes is published as the source's,
// so nobody may subscribe us to what is not theirs, be it by malice or by a
// template that was copied:
//   - a topic at which the document itself was read, after redirects or before
//     them, is its own ([news.Offer.Vouched]);
//   - any other must be on the source's site ([SameSite]) and is read first: it
//     must name itself, and hubs are taken from there, not from who led to it;
//   - a topic on another site is not subscribed to. The source is pulled as ever,
//     and its status tells the operator which address to put into the config.
//
// A hub may be anywhere: a publisher chooses whom it trusts. It is asked through
// the same guarded client as all servers, so it cannot lead into our network.
//
// What we answer with depends on nothing but what stands in the shelf, so
// subscriptions survive a restart, and any node may be asked.
//
// It refuses to store, to fetch and to read feeds: those belong to others. Of
// an HTML page, which a source may be, its Link headers count and not the links
// in it; rssCloud is not spoken.
package push
