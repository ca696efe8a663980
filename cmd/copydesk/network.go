package main

import (
	"context"

	"copydesk/aggregator/store"
)

// network tells that our own network is lost, or back: once in the log rather
// than for each source, in a metric and, for copydesk status, in the store.
func (d *daemon) network(ctx context.Context, lost bool) {
	var err error
	if lost {
		d.offline.Set(1)
		d.log.Error("no source can be reached; that is counted against none of them")
		err = d.store.Raise(ctx, store.Notice{
			Subject: networkNotice(), Raised: d.now(),
			Text: "no source can be reached, which is counted against none of them until one answers (look at this machine's network and name server)",
		})
	} else {
		d.offline.Set(0)
		d.log.Info("sources can be reached again")
		err = d.store.Settle(ctx, networkNotice())
	}
	if err != nil {
		d.log.Warn("the notice about the network could not be changed", "err", err)
	}
}

// networkNotice names this node's network.
func networkNotice() string { return "network of " + node() }
