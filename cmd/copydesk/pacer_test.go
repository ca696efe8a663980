package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacerKeepsTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		p := pacer{gap: time.Second, now: time.Now, free: map[string]time.Time{}}
		for i, step := range []struct {
			host string
			want time.Duration
		}{{"a", 0}, {"b", 0}, {"a", time.Second}, {"a", 2 * time.Second}, {"b", 2 * time.Second}} {
			if err := p.await(t.Context(), step.host); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start); got != step.want {
				t.Errorf("request %d, to %s: got %v, want %v", i, step.host, got, step.want)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := p.await(ctx, "a"); err == nil {
			t.Error("a search that was called off waits on")
		}
	})
}
