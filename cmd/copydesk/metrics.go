package main

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"copydesk/aggregator"
)

// observe counts what the loop does, and lets the press know at once when
// something visible changed.
func (d *daemon) observe() error {
	pulls := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "copydesk_pulls_total", Help: "Pulls, by how they ended."}, []string{"outcome"})
	articles := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "copydesk_articles_total", Help: "Articles stored, new or changed."}, []string{"kind"})
	took := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "copydesk_pull_seconds", Help: "How long a pull took.", Buckets: prometheus.ExponentialBuckets(0.001, 4, 9)})
	pushes := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "copydesk_pushes_total", Help: "Contents that hubs delivered and signed, by how they ended."}, []string{"outcome"})
	d.good = prometheus.NewGauge(prometheus.GaugeOpts{Name: "copydesk_config_good", Help: "1 while the config file is in force, 0 while it has faults and the one before it stays."})
	d.since = prometheus.NewGauge(prometheus.GaugeOpts{Name: "copydesk_config_loaded_timestamp_seconds", Help: "When the config in force was loaded."})
	for _, c := range []prometheus.Collector{
		pulls, pushes, articles, took, d.good, d.since,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := d.registry.Register(c); err != nil {
			return err
		}
	}
	d.pushed = func(res aggregator.Result, err error) {
		outcome := "stored"
		if err != nil {
			outcome = "failed"
		}
		pushes.WithLabelValues(outcome).Inc()
		articles.WithLabelValues("new").Add(float64(res.Saved.New))
		articles.WithLabelValues("changed").Add(float64(res.Saved.Changed))
		d.tell(res.Saved.Revision > 0)
	}
	d.loop.Done = func(res aggregator.Result, _ error) {
		pulls.WithLabelValues(string(res.Pull.Outcome)).Inc()
		articles.WithLabelValues("new").Add(float64(res.Saved.New))
		articles.WithLabelValues("changed").Add(float64(res.Saved.Changed))
		took.Observe(res.Pull.Took.Seconds())
		d.tell(res.Saved.Revision > 0)
	}
	return nil
}
