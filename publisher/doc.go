// Package publisher is the half that serves: what changed is printed once and
// answered from memory.
//
// [Press] follows the Revision, asks for each touched shelf's edition and prints it
// in every format; [Server] hands out those bytes, or 304. Whoever asks for what is
// printed never waits and does no database work, but for the one row that is read of
// an edition from which a delta has not been told yet. Channels are always printed;
// feeds of single sources, authors and sections, searches and pages of articles are
// printed when they are asked for, and the last used of them are kept (named.go,
// search.go).
//
// A poll is answered with 304, with what is new to the client (delta.go), or
// with all; who subscribes or listens is told of each article once, and of each
// correction (told.go); who was away for long reads back through the archive (archive.go);
// what an article said before is shown beside what it says now (history.go).
//
// It promises that the same articles give the same bytes and the same ETag on
// any node; that Last-Modified never goes backwards, over a restart neither, nor
// ahead of the clock, is the same everywhere of what stands on a shelf, and lets
// whoever asks by it hear of every change (modified.go); that a document that cannot
// be printed or fails its checks never takes the place of the last good one; and that
// a full page of an archive is stored as it was first printed, and never changes but
// by what must leave it.
//
// It knows nothing of sources being pulled: it sees the store only as the
// small interface that it declares, and the Revision is the only clock that it
// shares with the other half.
package publisher
