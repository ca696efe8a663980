// Package publisher is the half that serves: what changed is printed once and
// answered from memory.
//
// [Press] follows the Revision, asks for each touched shelf's edition and
// prints it in every format; [Server] hands out those bytes, or 304. Whoever
// asks for what is printed never waits and does no database work. Channels are
// always printed; feeds of single sources and pages of articles are printed
// when they are asked for, and the last used of them are kept.
//
// It promises that the same articles give the same bytes and the same ETag on
// any node, that Last-Modified never goes backwards, and that a document that
// cannot be printed never takes the place of the last good one.
//
// It knows nothing of sources being pulled: it sees the store only as the
// small interface that it declares, and the Revision is the only clock that it
// shares with the other half.
package publisher
