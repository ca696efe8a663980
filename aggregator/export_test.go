package aggregator

import "time"

func (q *Queue) Enter(host string, now time.Time) (func(), error) { return q.enter(host, now) }
