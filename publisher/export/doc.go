// Package export writes what a handler answers as files, so that a plain web
// server or a CDN can serve the same addresses.
//
// A document's file is its address with ".html" behind it where it is a page
// that has no extension: /channels/x is channels/x.html, /channels/x/feed.rss
// is itself, / is index.html. This is the form for which nginx (try_files $uri
// $uri.html), Caddy and the usual hosts of static sites answer the address
// itself, without a slash at its end; [Example] is what they need to be told.
// What a file cannot say stands beside them, under names with "_" in front:
//
//   - _manifest.json: every document with its file, status and headers, and
//     every file that the export wrote;
//   - _headers and _redirects, as Netlify and Cloudflare Pages read them;
//   - _redirects.map and _redirects.caddy, the redirects as nginx and Caddy
//     take them. A host that knows none of these gets a page that leads on.
//
// A withdrawn article's page is KEY.410.html: who cannot send a 410 sends a 404.
//
// It promises that the bytes are those that the handler answers; that every file is put
// in place by a rename, so that a crash leaves the old one or the new one; that
// a file whose bytes hold is not touched, and its time neither; that a changed
// file gets the document's Last-Modified, always a later second than before;
// that nothing is removed, and nothing replaced, but what an export wrote; and
// that no symbolic link leads it out of its folder.
//
// An address that was written once stays as long as the handler answers it:
// archive documents to which readers of an older feed were led are still there.
// One that the handler fails to answer keeps its last good file, and the export
// says so when it has done the rest.
//
// It knows nothing of articles: it asks for addresses and writes the answers.
package export
