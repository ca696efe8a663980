// Package extract reads pages: of an article, its metadata, credit lines and
// body, as the same raw parse.Item that a feed gives; of a listing, the articles
// that it links to.
//
// A page has several witnesses for each fact, and they disagree. All are heard
// before one is believed, by a stated order, and what each said is kept as a
// parse.Claim, so that an operator can see who won over whom:
//
//   - The tree is parsed once and measured once, as an outline: what text each
//     element holds, how much of it is in links, how many sentences end in it,
//     and what its classes give away (data/traits.tsv).
//   - The title is the heading that the head of the page confirms, else the
//     head's own (JSON-LD, then meta tags, then the title element) less the
//     name of the site, else the page's only heading.
//   - The body is the innermost element that holds what the page states as its
//     text for machines (JSON-LD articleBody); else the one that calls itself
//     the body, where it holds most of the running text; else the innermost
//     that holds nearly all of that. Where the page has next to none, the
//     library is asked; where it states much more than it shows, that is taken.
//     Menus, lists of other articles, share bars, letters, comments and lines of
//     noise (data/lines.tsv) go; a picture keeps its caption.
//   - Credit lines ("Source: … | 2022-11-10 10:46:16 | Author: …", "Editor: …")
//     are read from the page as it is, before the body is cut out of it, but
//     only near the article: above its text, where that begins and ends, and a
//     little below (data/credits.tsv). Those of other articles are not ours.
//   - Authors are those whom the head and the line above the text name both,
//     the fuller of the two; where they name different people, the line above
//     the text when it says so in words ("By"), else JSON-LD, then meta tags.
//     The name of the site is nobody where anybody else is named. A line names
//     them by its words, by its class, by links to authors' pages, or as the first
//     of each member of a box for bylines (bylines.go); such a box right behind the
//     text counts where nobody is named above it.
//   - Photographers are those of the lines of credits, and whom a caption names at
//     its end or in an element of its own: by a word for a picture, by an outlet
//     behind a slash or "for", or as a name behind the caption's full stop
//     (captions.go).
//   - The date is that of JSON-LD, then of meta tags that mean publication, then
//     of markup, then of weaker tags and of what is visible. One with a time of
//     day is believed before a bare day, and one without a zone is replaced by
//     the same moment with its zone, wherever that stands. Of what is visible,
//     dates between heading and text come first. A date that a line only speaks
//     of is none (mention.go), nor is one in the head of the site, in a quotation
//     or in one of several blocks that show a date each (standing.go). Where
//     nothing else tells, the dateline does, then a date that stands where pages
//     show the day of the visit, too (dateline.go): who knows that day drops it.
//     What is said to be of a change never stands for the first.
//
// A source's Hints come before all of these. A page that does not show its
// article, or only its beginning, is told by its parse.Barrier
// (data/barriers.tsv): a paywall, a wall of consent, a page that is not there.
//
// A listing page ([List]) is read by what recurs on it:
//
//   - Links are one group that stand at the end of the same path of elements and
//     classes (shape.go); what the page shows around each is its block (blocks.go).
//   - A group is judged by its titles, by the addresses that they lead to, and by
//     the dates, teasers and pictures in its blocks. What stands in a menu, in a
//     sidebar, or under a heading such as "Most read" is no list
//     (data/listings.tsv, data/lines.tsv). The best group is the list; others
//     that are nearly as good are lists, too.
//   - From each block are read title, dates, teaser and picture (listed.go). An
//     operator's ListHints come before all that; a selector for the blocks that
//     were found is made, so that there is something to correct (selector.go).
//
// The words of a language that all this needs are tables, each row with its
// language, for those who speak it to correct; expressions name a kind of them in
// braces (data/words.tsv).
//
// It promises the same result for the same bytes, in time and memory that grow
// no faster than they do, and refuses pages that are too large, too complex or
// too deep to be an article. It interprets nothing: names and dates leave as
// they were written.
//
// It is the door of goquery, of its selectors, and of the extraction library.
package extract
