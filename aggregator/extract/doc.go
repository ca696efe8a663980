// Package extract reads an article page: metadata, credit lines and body, as
// the same raw parse.Item that a feed gives.
//
// Credit lines ("Source: … | 2022-11-10 10:46:16 | Author: …", "Editor: …")
// are read from the whole page before the body is chosen, because extraction
// libraries throw such lines away. Where several places state one fact they
// are all kept, the most telling first: JSON-LD, then meta tags, microdata,
// and what is visible.
//
// It promises the same result for the same bytes, in time and memory that grow
// no faster than they do, and refuses pages that are too large, too complex or
// too deep to be an article. What belongs to other articles on the page, teasers
// and lists, is not taken for its own. It interprets nothing: names and dates
// leave as they were written.
//
// It is the door of goquery and of the extraction library.
package extract
