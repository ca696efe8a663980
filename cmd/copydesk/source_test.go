package main

import (
	"testing"
	"time"

	"copydesk/config"
)

// Feeds are looked for at the ports from which they will be pulled, and at no
// others.
func TestFinderKeepsToThePorts(t *testing.T) {
	cfg := &config.Config{}
	cfg.Fetch.Ports = []int{443, 9443}
	client := newFinder(cfg, time.Now, nil)
	defer client.Close()
	for address, want := range map[string]bool{
		"https://feeds.example:9443/": true, "https://feeds.example/": true, "http://feeds.example/": false, "http://feeds.example:8080/": false,
	} {
		if err := client.Permit(address); (err == nil) != want {
			t.Errorf("%s: %v, want it permitted: %v", address, err, want)
		}
	}
}
