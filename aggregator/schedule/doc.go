// Package schedule says when a source is due.
//
// It is pure: the time, the source's history and its name go in, a moment
// comes out. A name always gets the same offset within its interval, so that
// ten thousand sources on */15 do not start in one second and none of them
// wanders. It refuses specs that could never fire or would hammer a server.
//
// A cron spec is read in UTC, on every machine alike, unless it begins with a
// zone of its own: "CRON_TZ=Asia/Shanghai 0 6 * * *".
// There, a time that the clock skips in spring is not made up for, and one that
// comes twice in autumn is kept twice.
//
// It is the door of robfig/cron.
package schedule
