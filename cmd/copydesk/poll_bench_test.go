package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// BenchmarkPoll is what one poll of a channel of fifty articles costs the whole
// process over a kept connection, as the daemon serves it: the client allocates
// nothing, so that bytes and allocations are the server's. Bare is net/http with
// two headers of its own, which nothing that uses it can fall below.
//
//	go test -run '^$' -bench Poll -benchtime 20000x ./cmd/copydesk
func BenchmarkPoll(b *testing.B) {
	shop := newPrintshop(b, 50)
	for i := range 50 {
		a := wireArticle(i, fmt.Sprintf("Ferry %d leaves the harbour", i), shop.at.Add(-time.Duration(i)*time.Minute))
		a.ContentHTML = strings.Repeat("<p>The boat carried its passengers past the mole and came back for more.</p>", 30)
		shop.pull(b, a)
	}
	const path = "/channels/all/feed.rss"
	res, body := shop.get(b, path)
	tag := res.Header.Get("ETag")
	for _, server := range []struct {
		name    string
		handler http.Handler
	}{{"Copydesk", shop.server}, {"Bare", bare([]byte(body), tag)}} {
		for _, bb := range []struct{ name, header string }{
			{"Identity", "Accept-Encoding: identity"},
			{"Gzip", "Accept-Encoding: gzip"},
			{"NotModified", "If-None-Match: " + tag},
		} {
			if server.name == "Bare" && bb.name == "Gzip" {
				continue
			}
			b.Run(server.name+"/"+bb.name, func(b *testing.B) {
				request := "GET " + path + " HTTP/1.1\r\nHost: news.example\r\nUser-Agent: Mozilla/5.0 (compatible; Clipper/2.1; +https://clipper.example/bot)\r\n" + bb.header + "\r\n\r\n"
				askAgain(b, server.handler, []byte(request))
			})
		}
	}
}

// bare is a handler that does the least.
func bare(body []byte, tag string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/rss+xml; charset=utf-8")
		h.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(body) // a client that has gone is no fault of ours
	})
}

// askAgain asks a daemon that serves a handler the same thing again and again.
func askAgain(b *testing.B, handler http.Handler, request []byte) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- listen(ctx, l, handler) }()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	answer := make([]byte, lengthOfAnswer(b, l.Addr().String(), request))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Write(request); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(client, answer); err != nil {
			b.Fatal(err)
		}
	}
	client.Close()
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}

// lengthOfAnswer asks once, and has the connection closed behind the answer.
func lengthOfAnswer(b *testing.B, address string, request []byte) int {
	b.Helper()
	client, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	const last = "Connection: close\r\n"
	if _, err := client.Write([]byte(strings.Replace(string(request), "\r\n", "\r\n"+last, 1))); err != nil {
		b.Fatal(err)
	}
	answer, err := io.ReadAll(client)
	if err != nil {
		b.Fatal(err)
	}
	return len(answer) - len(last)
}
