package aggregator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
)

// A Morgue takes articles back. The store is one.
type Morgue interface {
	Withdraw(ctx context.Context, key news.Key, why news.Withdrawal) (news.Revision, error)
}

// WithdrawGone takes an article back whose own page, as it was read with cause,
// is gone for good (410), where its source's config wants that. It reports
// whether it did. A page that is merely missing (404) says nothing: sites lose
// pages and find them again.
func WithdrawGone(ctx context.Context, morgue Morgue, src news.Source, key news.Key, cause error, at time.Time) (bool, error) {
	var status *fetch.StatusError
	if !src.WithdrawGone || !errors.As(cause, &status) || status.Code != http.StatusGone {
		return false, nil
	}
	why := news.Withdrawal{At: at, Reason: "The publisher has withdrawn this article.", By: fmt.Sprintf("410 from %s", status.URL)}
	if _, err := morgue.Withdraw(ctx, key, why); err != nil {
		return false, err
	}
	return true, nil
}
