package aggregator_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
)

type morgue map[news.Key]news.Withdrawal

func (m morgue) Withdraw(_ context.Context, key news.Key, why news.Withdrawal) (news.Revision, error) {
	m[key] = why
	return 1, nil
}

// Only word that a page is gone for good takes its article back, and only where
// the operator wants that.
func TestWithdrawGone(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	gone := fmt.Errorf("follow: %w", &fetch.StatusError{URL: "https://wire.example/1", Code: 410})
	for _, tt := range []struct {
		name   string
		wanted bool
		cause  error
		want   bool
	}{
		{"gone for good", true, gone, true},
		{"not wanted", false, gone, false},
		{"missing", true, &fetch.StatusError{Code: 404}, false},
		{"another fault", true, errors.New("no route"), false},
		{"none", true, nil, false},
	} {
		m := morgue{}
		got, err := aggregator.WithdrawGone(t.Context(), m, news.Source{WithdrawGone: tt.wanted}, "k1", tt.cause, at)
		if err != nil || got != tt.want || (len(m) == 1) != tt.want {
			t.Errorf("%s: got %v, %v and %d withdrawn; want %v", tt.name, got, err, len(m), tt.want)
		}
		if tt.want && (m["k1"].By != "410 from https://wire.example/1" || m["k1"].Reason == "" || !m["k1"].At.Equal(at)) {
			t.Errorf("%s: %+v", tt.name, m["k1"])
		}
	}
}
