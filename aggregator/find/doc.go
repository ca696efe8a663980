// Package find finds the feeds of a site.
//
// [Find] takes whatever a person would paste, the address of a feed, of a site
// or of an article in it, and gives the feeds that it leads to, best first,
// each with what helps to choose: title, format, how much and how new it is,
// whether it carries whole texts. It looks where publishers put feeds, in this
// order, and stops where it finds some: the address itself; what the page
// declares (HTML Living Standard §4.6.7.1); what it links to under a feed's
// name, one listing page deep; the usual places. Where there is no feed, it looks
// for what may stand for one: a sitemap that the site names, and the page itself
// where it lists articles, each with a sample of what would be read. An address of
// JSON that lists articles is told with the paths to them, found by its structure.
//
// It promises that each feed was fetched and parsed, that a feed under several
// addresses is told once, and that a site is asked at most [Options].Requests
// times for feeds. It does no I/O of its own: the caller hands in the function that
// fetches, with its manners and its guard.
//
// It refuses to guess what it cannot know: a time zone is suggested only where
// the source's dates carry none and its country has a single one.
package find
