package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store/storetest"
	"copydesk/publisher/websub"
)

// A mailroom is our hub over a shop, and all its subscribers: one for each format of
// a channel, whose callback ends in the format's name.
type mailroom struct {
	t    *testing.T
	shop *deltaShop
	hub  *websub.Hub

	mu  sync.Mutex // guards got
	got map[string][]string
}

const mailTopic = shopURL + "/channels/top/feed."

func newMailroom(t *testing.T, shop *deltaShop) *mailroom {
	t.Helper()
	m := &mailroom{t: t, shop: shop, got: map[string][]string{}}
	m.open()
	return m
}

func (m *mailroom) subscribe() {
	m.t.Helper()
	for _, format := range []string{"rss", "atom", "json"} {
		form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {mailTopic + format}, "hub.callback": {"https://reader.example/" + format}}
		r := httptest.NewRequest("POST", "/hub", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		if m.hub.ServeHTTP(w, r); w.Code != http.StatusAccepted {
			m.t.Fatalf("the hub answered %d: %s", w.Code, w.Body)
		}
	}
	if err := m.hub.Verify(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
}

// open begins anew with the shop as it is.
func (m *mailroom) open() {
	m.hub = websub.New(websub.Options{
		Book: m.shop.store, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return m.shop.at },
		Terms: func() (websub.Terms, bool) {
			return websub.Terms{Address: shopURL + "/hub", Topics: m.shop.press, Courier: m, Signature: "sha256"}, true
		},
	})
}

func (m *mailroom) Permit(string) error { return nil }

func (m *mailroom) Get(_ context.Context, address string) (websub.Reply, error) {
	u, err := url.Parse(address)
	return websub.Reply{Status: 200, Text: u.Query().Get("hub.challenge")}, err
}

// Post notes the last words of the ids that a delivery tells of, in order.
func (m *mailroom) Post(_ context.Context, address string, _ http.Header, body []byte) (websub.Reply, error) {
	format := path.Base(address)
	entries, gone := entriesOf(m.t, format, string(body))
	var told []string
	for id := range entries {
		told = append(told, path.Base(id))
	}
	for _, id := range gone {
		told = append(told, "not "+path.Base(id))
	}
	slices.Sort(told)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.got[format] = append(m.got[format], strings.Join(told, " "))
	return websub.Reply{Status: 204}, nil
}

// rank puts articles first in the channel, in that order, above all others.
func (m *mailroom) rank(first ...int) {
	m.t.Helper()
	m.shop.at = m.shop.at.Add(time.Hour)
	_, err := m.shop.store.Rank(m.t.Context(), "top", m.shop.at, func(list []news.Placement) []news.Key {
		var keys []news.Key
		for _, i := range first {
			keys = append(keys, m.key(i))
		}
		for _, p := range list {
			if !slices.Contains(keys, p.Article) {
				keys = append(keys, p.Article)
			}
		}
		return keys
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *mailroom) key(i int) news.Key {
	src := m.shop.sources[i%2].Slug
	return news.NewKey(src, fmt.Sprintf("https://%s.example/%d", src, i))
}

// come brings an article and ranks it.
func (m *mailroom) come(i int, first ...int) {
	m.t.Helper()
	m.shop.bring(m.t, i, fmt.Sprint("News ", i), m.shop.at)
	m.rank(first...)
}

// delivers expects what the subscribers get now; RSS is not told what is gone.
func (m *mailroom) delivers(what string, want ...string) {
	m.t.Helper()
	for _, format := range []string{"rss", "atom", "json"} {
		if err := m.hub.Deliver(m.t.Context(), mailTopic+format); err != nil {
			m.t.Fatal(err)
		}
		want := slices.Clone(want)
		if format == "rss" {
			want = slices.DeleteFunc(want, func(told string) bool { return strings.HasPrefix(told, "not ") })
			for i, told := range want {
				want[i], _, _ = strings.Cut(told, " not ")
			}
		}
		if got := m.got[format]; !slices.Equal(got, want) {
			m.t.Errorf("%s, %s: got %q, want %q", what, format, got, want)
		}
	}
	m.got = map[string][]string{}
}

// In an order that is none of time, whatever stands in an edition for the first time is
// delivered, once, however old it is: what rises late, and what moves up when something
// is withdrawn.
func TestHubDeliversWhatRisesLate(t *testing.T) {
	t.Parallel()
	shop := newDeltaShop(t, "sqlite", storetest.Database(t))
	shop.channels[1].Limit = 3
	shop.configure(t)
	for i := range 4 {
		shop.bring(t, i, fmt.Sprint("News ", i), shop.at)
	}
	m := newMailroom(t, shop)
	m.rank(1, 2, 3, 0)
	m.subscribe()
	m.delivers("what was there")
	m.rank(0, 1, 2)
	m.delivers("one that rises after it was asked for", "0")
	m.come(4, 0, 1, 4)
	m.come(5, 5, 0, 1, 4)
	m.delivers("what came, and what came and was outranked", "5")
	m.rank(4, 5, 0)
	m.delivers("what rises late", "4")
	m.rank(0, 4, 5)
	m.delivers("another order")

	shop.openStore(t)
	shop.configure(t)
	m.open()
	m.come(6, 4, 5, 0, 6)
	m.delivers("what is outranked from the beginning")
	if _, err := shop.store.Withdraw(t.Context(), m.key(5), news.Withdrawal{At: shop.at, Reason: "It was not so."}); err != nil {
		t.Fatal(err)
	}
	m.delivers("what moves up, after a restart", "6 not 5")

	m.come(7, 7, 4, 0)
	m.delivers("what is new", "7")
	m.rank(3, 7, 4)
	m.delivers("what comes back")
	m.come(8, 7, 4, 0)
	m.delivers("another that is outranked from the beginning")
	m.rank(8, 7, 4)
	m.delivers("it rises late", "8")
}

// What has been told is told again only when it has changed: not when it comes back
// after it made room, however often, nor when its source has another name.
func TestHubTellsNothingTwice(t *testing.T) {
	t.Parallel()
	shop := newDeltaShop(t, "sqlite", storetest.Database(t))
	shop.channels[1].Limit = 3
	shop.configure(t)
	for i := range 4 {
		shop.bring(t, i, fmt.Sprint("News ", i), shop.at)
	}
	m := newMailroom(t, shop)
	m.rank(1, 2, 3)
	m.subscribe()
	m.delivers("what was there")
	m.come(4, 4, 1, 2)
	m.come(5, 5, 4, 1)
	m.delivers("what came, of which none was there", "4 5")
	if _, err := shop.store.Withdraw(t.Context(), m.key(5), news.Withdrawal{At: shop.at, Reason: "It was not so."}); err != nil {
		t.Fatal(err)
	}
	m.delivers("a withdrawal, for which another comes back", "not 5")
	m.rank(3, 0, 4)
	m.delivers("one that was there before, and one that was not", "0")
	for range 2 {
		m.rank(2, 1, 4)
		m.delivers("another order, of before")
		m.rank(3, 0, 4)
		m.delivers("that of now, again")
	}
	shop.openStore(t)
	shop.sources[0].Name = "The Renamed"
	shop.configure(t)
	m.open()
	m.come(6, 6, 2, 4)
	m.delivers("what came while the others' source had another name", "6")
	shop.bring(t, 4, "News 4, corrected", shop.at.Add(time.Hour))
	m.rank(6, 2, 4)
	m.delivers("a correction", "4")
}

// What an edit of the config brings up is delivered to nobody; what rises afterwards is.
func TestHubTellsNothingOfAnEdit(t *testing.T) {
	t.Parallel()
	shop := newDeltaShop(t, "sqlite", storetest.Database(t))
	shop.channels[1].Limit = 2
	shop.configure(t)
	for i := range 8 {
		shop.bring(t, i, fmt.Sprint("News ", i), shop.at)
	}
	m := newMailroom(t, shop)
	m.rank(0, 1, 2, 3, 4, 5, 6, 7)
	m.subscribe()
	m.delivers("what was there")
	m.edit(news.Top, 4)
	m.delivers("a raised limit")
	m.rank(0, 1, 2, 3, 5)
	m.delivers("another order of what stands")
	m.rank(6, 0, 1, 2)
	m.delivers("what rises", "6")
	m.edit(news.Newest, 3)
	m.delivers("the order of time")
	m.edit(news.Top, 5)
	m.rank(7, 6, 0, 1, 4)
	m.delivers("the other order again, and what was told of none")
	m.rank(5, 7, 6, 0, 1)
	m.delivers("what rises then", "5")
	m.come(8, 8, 5, 7)
	m.delivers("what comes", "8")
}

// edit puts another config of the channel in force.
func (m *mailroom) edit(order news.Order, limit int) {
	m.t.Helper()
	m.shop.openStore(m.t)
	m.shop.channels[1].Order, m.shop.channels[1].Limit = order, limit
	m.shop.configure(m.t)
	m.open()
}

// topRoom is a mailroom whose subscribers have what there is: six articles, of which a
// channel with an order of weight shows two.
func topRoom(t *testing.T) *mailroom {
	t.Helper()
	shop := newDeltaShop(t, "sqlite", storetest.Database(t))
	m := newMailroom(t, shop)
	m.edit(news.Top, 2)
	for i := range 6 {
		shop.bring(t, i, fmt.Sprint("News ", i), shop.at.Add(time.Duration(i)*time.Minute))
	}
	m.rank(0, 1, 2, 3, 4, 5)
	m.subscribe()
	m.delivers("what was there")
	return m
}

// What comes while the config is edited is delivered, though its place in an order of
// weight is found later.
func TestHubTellsWhatComesBesideAnEdit(t *testing.T) {
	t.Parallel()
	shop := newDeltaShop(t, "sqlite", storetest.Database(t))
	m := newMailroom(t, shop)
	m.edit(news.Top, 2)
	for i := range 4 {
		shop.bring(t, i, fmt.Sprint("News ", i), shop.at)
	}
	m.rank(0, 1, 2, 3)
	m.subscribe()
	m.delivers("what was there")
	shop.bring(t, 4, "News 4", shop.at)
	m.delivers("what has no place yet")
	m.edit(news.Top, 3)
	m.rank(4, 0, 1, 2)
	m.delivers("what came before an edit", "4")
	m.edit(news.Newest, 3)
	m.edit(news.Top, 3)
	shop.bring(t, 5, "News 5", shop.at)
	m.delivers("what has no place in another order yet")
	m.rank(5, 3, 4, 0)
	m.delivers("what came after an edit", "5")
}

// An order that is the same as before an edit ends that edit too.
func TestHubTellsWhatRisesAfterAnEdit(t *testing.T) {
	t.Parallel()
	m := topRoom(t)
	m.edit(news.Newest, 2)
	if _, err := m.shop.store.Withdraw(t.Context(), m.key(0), news.Withdrawal{At: m.shop.at, Reason: "It was not so."}); err != nil {
		t.Fatal(err)
	}
	m.delivers("the order of time", "not 0")
	m.edit(news.Top, 2)
	m.delivers("the order of before, of which one is gone")
	m.rank(1, 2, 3, 4, 5)
	m.delivers("the same order again")
	m.rank(3, 1, 2, 4, 5)
	m.delivers("what rises then", "3")
}

// A node that still prints by the config of before tells nobody what the edit brings up.
func TestHubTellsNothingOfAnEditByAnotherNode(t *testing.T) {
	t.Parallel()
	m := topRoom(t)
	before := m.shop.press
	m.edit(news.Newest, 2)
	if err := before.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.delivers("what another node has printed")
	m.come(6)
	if err := before.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.delivers("what comes", "6")
}
