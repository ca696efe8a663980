package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
	"copydesk/config"
)

type withdrawCommand struct {
	configFlag
	Article string `arg:"" name:"key" help:"The article: its key, its id or its address."`
	Reason  string `required:"" placeholder:"TEXT" help:"Why it is taken back, as readers are told."`
}

// Run takes an article back. A running daemon on the same database shows it at
// once.
func (c withdrawCommand) Run(ctx context.Context, t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	reason := strings.Join(strings.Fields(c.Reason), " ")
	if reason == "" {
		return usageError{errors.New("--reason is blank (readers are told why an article is gone)")}
	}
	shelf, err := store.Open(ctx, cfg.DatabasePath(), store.Options{})
	if err != nil {
		return err
	}
	defer shelf.Close()
	a, err := findArticle(ctx, shelf, cfg, c.Article)
	if err != nil {
		return err
	}
	if a.Withdrawn {
		_, err = fmt.Fprintf(t.out, "%s: withdrawn already, at %s: %s\n", a.Key, a.Withdrawal.At.Format(timeFormat), a.Withdrawal.Reason)
		return err
	}
	user, _ := t.env("USER")
	if _, err := shelf.Withdraw(ctx, a.Key, news.Withdrawal{At: clock(t.env)(), Reason: reason, By: cmp.Or(user, "an operator")}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%s: withdrawn: %s\n", a.Key, cmp.Or(a.Title, a.URL))
	return err
}

// findArticle is the article that an operator means: by its key, by the id or
// address that it came with, or by those that we gave it.
func findArticle(ctx context.Context, shelf *store.Store, cfg *config.Config, word string) (news.Article, error) {
	a, err := shelf.Find(ctx, word)
	var missing interface{ NotFound() bool }
	if !errors.As(err, &missing) {
		return a, err
	}
	house := houseOf(cfg)
	for _, prefix := range []string{house.ArticleURL(""), house.ID("")} {
		if key, ok := strings.CutPrefix(word, prefix); ok {
			key, _, _ = strings.Cut(key, "/")
			if a, err := shelf.Article(ctx, news.Key(key)); err == nil {
				return a, nil
			}
		}
	}
	for _, src := range cfg.Sources { // a source's own id, which makes the key
		if a, err := shelf.Article(ctx, news.NewKey(news.Slug(src.Slug), word)); err == nil {
			return a, nil
		}
	}
	return news.Article{}, fmt.Errorf("no article %q (name it by its key, its id or its address, as the feeds give them)", word)
}
