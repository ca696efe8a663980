// Package srcset reads and writes the sets of pictures that HTML offers a
// browser to choose from: the attributes srcset and sizes.
//
// It promises to read them as a browser does, leaving out what a browser would
// leave out, and that what it writes is valid HTML: candidates that are all
// told by their width or all by their density, no two alike, and sizes that
// are a source size list (HTML §4.8.4.2.2). What it wrote it reads and writes
// again as it is.
//
// It refuses to judge addresses: which of them may be published is for its
// callers to say.
package srcset
