// Package page prints editions as HTML for people.
//
// Pages are readable without JavaScript, in light and dark, on a phone and on
// paper, in scripts that run left or right, by eye, by ear and by
// keys. They name who made an article, where it came from and when, lead to all
// there is of each, and to the original. None is larger than 50 KB without its
// pictures, but for an article that is; pictures come from elsewhere only where
// the house wants that, and only as they are scrolled to.
//
// Pages speak the language of what they show, else that of the house, else
// English: every word of theirs is in data/wording.tsv, which a speaker can
// correct, and moments are written in the order and names of the language.
//
// Templates and static files are embedded and parsed once; a page is rendered
// whole before a byte of it is sent. The only HTML that passes unescaped is an
// article's content, which normalize has cleaned. No inline script or style is
// written, so that the strictest policy holds.
package page
