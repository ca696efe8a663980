//go:build ignore

// Bare serves one file, as it is and gzipped, with nothing but net/http: what
// the standard library costs by itself, for run.sh to compare with.
package main

import (
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	body, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	zipped, err := os.ReadFile(os.Args[2] + ".gz")
	if err != nil {
		log.Fatal(err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/rss+xml; charset=utf-8")
		h.Set("Etag", `"bare"`)
		if r.Header.Get("If-None-Match") == `"bare"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		out := body
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			out = zipped
		}
		_, _ = w.Write(out) // a client that has gone is no fault of ours
	})
	log.Fatal(http.ListenAndServe(os.Args[1], handler))
}
