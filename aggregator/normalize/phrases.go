package normalize

import "iter"

// A phraseIndex finds the phrases, of two bytes and more, that a text may begin
// with, or end with, by the bytes at that end: four, or as many as the phrase has.
type phraseIndex[T any] struct {
	tail bool // it is the end at which it looks
	list map[edge][]T
	two  [1 << 16]bool // the two bytes at that end of any phrase
}

// An edge is up to four bytes of a text.
type edge [edgeBytes]byte

const edgeBytes = 4

// at is the edge of n bytes of a text that an index looks at.
func (index *phraseIndex[T]) at(text string, n int) (e edge) {
	if index.tail {
		text = text[len(text)-n:]
	}
	copy(e[:], text[:n])
	return e
}

// indexed is an index of a list whose longest phrases come first, by their heads or by
// their tails.
func indexed[T any](list []T, tail bool, phrase func(T) string) *phraseIndex[T] {
	index := &phraseIndex[T]{tail: tail, list: map[edge][]T{}}
	for _, t := range list {
		p := phrase(t)
		e := index.at(p, min(len(p), 2))
		index.two[int(e[0])<<8|int(e[1])] = true
		key := index.at(p, min(len(p), edgeBytes))
		index.list[key] = append(index.list[key], t)
	}
	return index
}

// opens reports a text that shares two bytes at its end with a phrase, or has no two.
func (index *phraseIndex[T]) opens(text string) bool {
	if len(text) < 2 {
		return true
	}
	if index.tail {
		text = text[len(text)-2:]
	}
	return index.two[int(text[0])<<8|int(text[1])]
}

// of are the phrases that share an end with a text, the longest first.
func (index *phraseIndex[T]) of(text string) iter.Seq[T] {
	return func(yield func(T) bool) {
		if !index.opens(text) { // most words
			return
		}
		for n := min(len(text), edgeBytes); n > 0; n-- {
			for _, t := range index.list[index.at(text, n)] {
				if !yield(t) {
					return
				}
			}
		}
	}
}
