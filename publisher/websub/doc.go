// Package websub is a hub for our own feeds (WebSub, W3C Recommendation, 23
// January 2018): who subscribes is asked whether he means it, and gets what is
// new as soon as it is published.
//
// [Hub] takes requests at POST /hub and answers 202 at once; what follows is
// done by two jobs. [Hub.Verify] asks each callback to repeat a word that only
// whoever reads its mail can know; nothing changes before it does, neither for
// a subscription nor for a renewal nor for an end. [Hub.Deliver] brings the
// subscribers of one topic what is new to them.
//
// What a subscriber has acknowledged is an edition, in its own row: its mark, which
// is the revision at which it was printed, and its name. Who lags behind is whoever's
// mark is smaller than that of the edition of now, so nothing else need be remembered:
// a hub that dies finds out at its next start who is still to be told. What it lacks
// is what stands in the edition of now and stood, with the same substance, neither in
// the one of that name nor in another that was printed by that mark: an article that
// rises into an edition late is as new to it as one that has just come, one that comes
// back is not, and where only the order or a name has changed nothing is. Who has
// missed several editions gets one delivery with all that it lacks; subscribers with
// the same edition get the same bytes, which are cut out of the printed one once. A
// new subscriber has the edition that stood when it asked.
//
// It promises:
//   - a delivery is signed with the subscriber's own secret, has the topic's own
//     content type, and links to topic and hub;
//   - a subscriber is not asked again before its answer is stored, so what a
//     crash can repeat are the few deliveries that were under way, and it loses
//     none;
//   - a failed delivery is tried again with growing pauses for two days; then,
//     or at 410, or when its lease is over, the subscription ends;
//   - few requests at a time go to each host ([perHost]), and a host that does
//     not answer costs a few tries, however many callbacks it has;
//   - callbacks are asked through a [Courier], which guards where they lead, and
//     no redirect is followed.
//
// It refuses topics that are not ours, publishers, and leases without an end.
// It has no tables and no network of its own.
package websub
