package main

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// openBrowser starts Chromium, which can reach this machine only.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	program := os.Getenv("COPYDESK_TEST_CHROMIUM")
	if program == "" {
		program, _ = exec.LookPath("chromium")
	}
	if program == "" {
		t.Skip("there is no chromium; COPYDESK_TEST_CHROMIUM may name one")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.WindowSize(1200, 900),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

func do(t *testing.T, b context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b, steps...); err != nil {
		t.Fatal(err)
	}
}

// call sends the browser a command of its protocol.
func call(method string, params map[string]any) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error { return target.Call(ctx, method, params, nil) })
}

// visit opens a page of ours.
func visit(t *testing.T, b context.Context, address string) {
	t.Helper()
	do(t, b, chromedp.Navigate(address), chromedp.WaitReady("main"))
}

// eval is the value of an expression in the page.
func eval[T any](t *testing.T, b context.Context, expression string) T {
	t.Helper()
	out, err := chromedp.Run(b, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// TestBrowser looks at the demo newsroom as a reader does.
func TestBrowser(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	demo := startDemo(t)

	visit(t, b, demo)
	channels := eval[[]string](t, b, `[...new Set([...document.querySelectorAll('main a')].map(a => a.href).filter(a => /\/channels\/[^\/]+$/.test(a)))]`)
	if len(channels) < 4 {
		t.Fatalf("the index leads to %v, want four channels", channels)
	}
	article := articleOf(t, b, channels[0])
	for _, width := range []int64{360, 1200} {
		do(t, b, chromedp.EmulateViewport(width, 800))
		for _, page := range []string{demo, channels[0], article} {
			visit(t, b, page)
			if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("%s is %d pixels too wide at %d", page, over, width)
			}
			if tall := eval[float64](t, b, `document.querySelector('main').getBoundingClientRect().height`); tall < 100 {
				t.Errorf("%s shows nothing at %d", page, width)
			}
			if reached := eval[[]string](t, b, `performance.getEntriesByType('resource').filter(e => e.initiatorType !== 'img').map(e => e.name).filter(u => !u.startsWith(location.origin))`); len(reached) > 0 {
				t.Errorf("%s needs %v from elsewhere", page, reached)
			}
		}
	}

	visit(t, b, channels[0])
	if n := eval[int](t, b, `document.querySelectorAll('main time[datetime]').length`); n == 0 {
		t.Error("a channel shows no times")
	}
	light := eval[string](t, b, `getComputedStyle(document.body).backgroundColor`)
	do(t, b, call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": "dark"}}}))
	visit(t, b, channels[0])
	if dark := eval[string](t, b, `getComputedStyle(document.body).backgroundColor`); dark == light {
		t.Errorf("light and dark are both %s", dark)
	}

	do(t, b, call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}), chromedp.Navigate(article), chromedp.WaitReady("article h1"))
	do(t, b, call("Emulation.setScriptExecutionDisabled", map[string]any{"value": false}))

	// A person who opens a feed sees a page, with its titles set as such.
	for _, format := range []string{"/feed.rss", "/feed.atom"} {
		do(t, b, chromedp.Navigate(channels[0]+format))
		shown := eval[bool](t, b, `(() => {
			const title = document.querySelector('item > title, entry > title');
			return !!title && document.styleSheets.length > 0 && getComputedStyle(title).display === 'block' && title.getBoundingClientRect().height > 0;
		})()`)
		if !shown {
			t.Errorf("%s is not shown as a page", format)
		}
	}
}

// articleOf is the address of a channel's first article in our house.
func articleOf(t *testing.T, b context.Context, channel string) string {
	t.Helper()
	visit(t, b, channel)
	address := eval[string](t, b, `(document.querySelector('main a[href*="/articles/"]') || {href: ''}).href`)
	if address == "" {
		t.Fatalf("%s leads to no article", channel)
	}
	return address
}

// startDemo runs the demo and waits until its channels are there.
func startDemo(t *testing.T) string {
	t.Helper()
	p := launch(t, command(t.Context(), t.TempDir(), "demo", "--listen", "127.0.0.1:0", "--dir", "newsroom", "--log-level", "info")).awaitUp(t)
	p.awaitReady(t)
	for _, channel := range []string{"cooperation", "top-news"} { // the second is ordered by a job of its own
		p.awaitItem(t, "/channels/"+channel+"/feed.json")
	}
	return p.url
}
