package store

import (
	"encoding/json"
	"fmt"

	"copydesk/aggregator/news"
)

const keepHealth = `
	UPDATE source
	SET health = $2
	WHERE slug = $1`

// examine stores how the source is after a pull, and has each alert told that
// was not standing.
func (w *writer) examine(p news.Pull, fresh []*news.Article, renamed int) error {
	if p.Examine == nil {
		return nil
	}
	h := p.Examine(fresh, renamed)
	for _, a := range h.Alerts {
		if a.Since.Equal(p.At) {
			w.jobs = append(w.jobs, Job{Kind: JobAlert, Subject: AlertSubject(p.Source, a)})
		}
	}
	_, err := w.exec(keepHealth, string(p.Source), asJSON(h))
	return err
}

// AlertSubject names one alert of a source, so that it is told even while
// another of its kind, which is over, has yet to reach the operator.
func AlertSubject(slug news.Slug, a news.Alert) string {
	return fmt.Sprintf("%s/%s/%d", slug, a.Kind, micros(a.Since))
}

func readHealth(text string) (h news.Health, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &h)
	}
	return h, err
}
