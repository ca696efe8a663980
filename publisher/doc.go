// Package publisher is the half that serves: what changed is printed once and
// answered from memory.
//
// [Press] follows the Revision, asks for each touched shelf's edition and
// prints it in every format; [Server] hands out those bytes, or 304. Serving
// an edition does no database work.
//
// It promises that the same articles give the same bytes and the same ETag on
// any node, that Last-Modified never goes backwards, and that a document that
// cannot be printed never takes the place of the last good one.
//
// It knows nothing of sources being pulled: it sees the store only as the
// small interface that it declares, and the Revision is the only clock that it
// shares with the other half.
package publisher
