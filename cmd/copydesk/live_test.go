package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// until evaluates a condition in the page until it holds.
func until(t *testing.T, condition func() bool, what string) {
	t.Helper()
	if !eventually(condition) {
		t.Fatalf("waited in vain for: %s", what)
	}
}

// A channel's page says that there are new articles, and nothing on it moves
// before the reader asks for them; after a restart of the program it hears on.
// Without scripts it is a page like any other.
func TestLivePage(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	town := newHubTown(t, "")
	page := "http://" + town.address + "/channels/all"
	bar := func() string { // nothing while another page is being loaded
		return eval[string](t, b, `(document.getElementById('live') || {textContent: 'no bar'}).textContent`)
	}
	shown := func() string { return eval[string](t, b, `document.querySelector('.stream').innerText`) }

	visit(t, b, page)
	if got := bar(); got != "" {
		t.Errorf("the bar says %q before anything is new", got)
	}
	if live := eval[string](t, b, `document.getElementById('live').getAttribute('aria-live')`); live != "polite" {
		t.Errorf("aria-live is %q", live)
	}
	before, place := shown(), eval[float64](t, b, `document.querySelector('.stream').getBoundingClientRect().top`)
	town.publish("storm")
	until(t, func() bool { return bar() == "1 new article" }, "1 new article")
	town.program.kill()
	town.program.wait(t)
	town.publish("calm")
	town.start()
	until(t, func() bool { return bar() == "2 new articles" }, "2 new articles, the second after a restart")
	if shown() != before || eval[float64](t, b, `document.querySelector('.stream').getBoundingClientRect().top`) != place {
		t.Error("the page has moved before the reader asked")
	}
	if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("the bar makes the page %d pixels too wide", over)
	}
	eval[bool](t, b, `document.querySelector("#live a").click(), true`)
	until(t, func() bool { return bar() == "" }, "the page anew")
	if got := eval[int](t, b, `document.querySelectorAll('.stream article').length`); got != 3 {
		t.Errorf("after the click, the page has %d articles, want 3", got)
	}

	do(t, b, call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}), chromedp.Navigate(page), chromedp.WaitReady(".stream article"))
	town.program.terminate(t)
}
