package normalize

import "iter"

// A phraseIndex finds the phrases, of two bytes and more, that a text may begin
// with, or end with, by the bytes at that end: four, or as many as the phrase has.
type phraseIndex[T any] struct {
	end  func(text string, n int) edge
	list map[edge][]T
	two  *[1 << 16]bool // the two bytes at that end of any phrase
}

// An edge is up to four bytes of a text.
type edge [edgeBytes]byte

const edgeBytes = 4

func headOf(s string, n int) (e edge) {
	copy(e[:], s[:n])
	return e
}

func tailOf(s string, n int) (e edge) {
	copy(e[:], s[len(s)-n:])
	return e
}

func pair(e edge) int { return int(e[0])<<8 | int(e[1]) }

// indexed is an index of a list whose longest phrases come first.
func indexed[T any](list []T, end func(string, int) edge, phrase func(T) string) phraseIndex[T] {
	index := phraseIndex[T]{end, map[edge][]T{}, new([1 << 16]bool)}
	for _, t := range list {
		p := phrase(t)
		index.two[pair(end(p, min(len(p), 2)))] = true
		key := end(p, min(len(p), edgeBytes))
		index.list[key] = append(index.list[key], t)
	}
	return index
}

// opens reports a text that shares two bytes at its end with a phrase, or has no two.
func (index phraseIndex[T]) opens(text string) bool {
	return len(text) < 2 || index.two[pair(index.end(text, 2))]
}

// of are the phrases that share an end with a text, the longest first.
func (index phraseIndex[T]) of(text string) iter.Seq[T] {
	return func(yield func(T) bool) {
		if !index.opens(text) { // most words
			return
		}
		for n := min(len(text), edgeBytes); n > 0; n-- {
			for _, t := range index.list[index.end(text, n)] {
				if !yield(t) {
					return
				}
			}
		}
	}
}
