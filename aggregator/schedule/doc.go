// Package schedule says when a source is due.
//
// It is pure: the time, the source's history and its name go in, a moment
// comes out. A name always gets the same offset within its interval, so that
// ten thousand sources on */15 do not start in one second and none of them
// wanders. It refuses specs that could never fire or would hammer a server.
//
// It is the door of robfig/cron.
package schedule
