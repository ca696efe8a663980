package main

import (
	"context"
	"time"

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
	deliveries := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "copydesk_hub_deliveries_total", Help: "Deliveries of our hub to subscribers, by how they ended: delivered, failed, gone or expired."}, []string{"outcome"})
	verifications := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "copydesk_hub_verifications_total", Help: "Callbacks that our hub asked, by how that ended: verified, refused, failed or denied."}, []string{"outcome"})
	lag := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "copydesk_hub_lag_seconds", Help: "How long after a change its delivery was acknowledged.", Buckets: prometheus.ExponentialBuckets(0.05, 4, 9)})
	d.good = prometheus.NewGauge(prometheus.GaugeOpts{Name: "copydesk_config_good", Help: "1 while the config file is in force, 0 while it has faults and the one before it stays."})
	d.since = prometheus.NewGauge(prometheus.GaugeOpts{Name: "copydesk_config_loaded_timestamp_seconds", Help: "When the config in force was loaded."})
	d.offline = prometheus.NewGauge(prometheus.GaugeOpts{Name: "copydesk_offline", Help: "1 while no source can be reached, which is taken for a fault of our own network."})
	for _, c := range []prometheus.Collector{
		pulls, pushes, articles, took, d.good, d.since, d.offline, sourceCollector{d.house}, deliveries, verifications, lag, hubCollector{d.house},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := d.registry.Register(c); err != nil {
			return err
		}
	}
	d.delivered = func(outcome string, after time.Duration) {
		deliveries.WithLabelValues(outcome).Inc()
		if outcome == "delivered" {
			lag.Observe(after.Seconds())
		}
	}
	d.verified = func(outcome string) { verifications.WithLabelValues(outcome).Inc() }
	note := func(res aggregator.Result) {
		articles.WithLabelValues("new").Add(float64(res.Saved.New))
		articles.WithLabelValues("changed").Add(float64(res.Saved.Changed))
		d.tell(res.Saved.Revision > 0)
	}
	d.pushed = func(res aggregator.Result, err error) {
		outcome := "stored"
		if err != nil {
			outcome = "failed"
		}
		pushes.WithLabelValues(outcome).Inc()
		note(res)
	}
	d.loop.Done = func(res aggregator.Result, _ error) {
		pulls.WithLabelValues(string(res.Pull.Outcome)).Inc()
		took.Observe(res.Pull.Took.Seconds())
		note(res)
	}
	return nil
}

// A sourceCollector gives what is known of each source when somebody asks.
type sourceCollector struct{ h *house }

// scrape is how long the store may take to tell of all sources.
const scrape = 5 * time.Second

var (
	sourceUp = prometheus.NewDesc("copydesk_source_state", "1 for the state in which a source is: active, failing, paused or gone.", []string{"source", "state"}, nil)
	sourceAt = prometheus.NewDesc("copydesk_source_last_success_timestamp_seconds", "When a source was last pulled well; absent before the first time.", []string{"source"}, nil)
	sourceIn = prometheus.NewDesc("copydesk_source_next_pull_timestamp_seconds", "When a source is due.", []string{"source"}, nil)
	failures = prometheus.NewDesc("copydesk_source_failures", "Pulls of a source that failed in a row.", []string{"source"}, nil)
	stored   = prometheus.NewDesc("copydesk_source_articles", "Articles of a source that were stored since it was added.", []string{"source"}, nil)
	perDay   = prometheus.NewDesc("copydesk_source_articles_per_day", "New articles of a source on an average day of the last four weeks.", []string{"source"}, nil)
	today    = prometheus.NewDesc("copydesk_source_articles_today", "New articles of a source since midnight UTC.", []string{"source"}, nil)
	misses   = prometheus.NewDesc("copydesk_source_validator_misses", "Answers in a row that were the same bytes again although we had asked for changes.", []string{"source"}, nil)
	alerting = prometheus.NewDesc("copydesk_source_alert", "1 for each alert that stands.", []string{"source", "kind"}, nil)
)

func (c sourceCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{sourceUp, sourceAt, sourceIn, failures, stored, perDay, today, misses, alerting} {
		ch <- d
	}
}

func (c sourceCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrape)
	defer cancel()
	list, err := c.h.store.Statuses(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(sourceUp, err)
		return
	}
	now := c.h.now()
	for _, s := range list {
		gauge := func(d *prometheus.Desc, v float64, labels ...string) {
			ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, append([]string{string(s.Slug)}, labels...)...)
		}
		gauge(sourceUp, 1, s.State)
		if !s.LastSuccess.IsZero() {
			gauge(sourceAt, float64(s.LastSuccess.Unix()))
		}
		gauge(sourceIn, float64(s.NextDue.Unix()))
		gauge(failures, float64(s.Failures))
		gauge(stored, float64(s.Articles))
		gauge(perDay, s.Health.PerDay())
		gauge(today, float64(s.Health.Today(now)))
		gauge(misses, float64(s.Manners.Misses))
		for _, a := range s.Health.Alerts {
			gauge(alerting, 1, string(a.Kind))
		}
	}
}

// A hubCollector tells of those who subscribe to our feeds.
type hubCollector struct{ h *house }

var (
	subscribers = prometheus.NewDesc("copydesk_hub_subscribers", "Subscribers of a feed at our hub.", []string{"topic"}, nil)
	unreached   = prometheus.NewDesc("copydesk_hub_subscribers_failing", "Subscribers of a feed to whom the last delivery failed.", []string{"topic"}, nil)
)

func (c hubCollector) Describe(ch chan<- *prometheus.Desc) { ch <- subscribers; ch <- unreached }

func (c hubCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrape)
	defer cancel()
	list, err := c.h.store.HubStatus(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(subscribers, err)
		return
	}
	for _, t := range list {
		ch <- prometheus.MustNewConstMetric(subscribers, prometheus.GaugeValue, float64(t.Subscribers), t.Topic)
		ch <- prometheus.MustNewConstMetric(unreached, prometheus.GaugeValue, float64(t.Failing), t.Topic)
	}
}
