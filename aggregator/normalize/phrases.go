package normalize

import "iter"

// A phraseIndex finds the phrases that a text may begin with, or end with, by the
// bytes at that end: four, or as many as the phrase has.
type phraseIndex[T any] struct {
	tail    bool // it is the end at which it looks
	list    map[edge][]T
	lengths [1 << 16]uint8 // of edges in list, a bit each, by the two bytes at that end of a text
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
// their tails. One of a byte is found where longer ones are.
func indexed[T any](list []T, tail bool, phrase func(T) string) *phraseIndex[T] {
	index := &phraseIndex[T]{tail: tail, list: map[edge][]T{}}
	for _, t := range list {
		p := phrase(t)
		n := min(len(p), edgeBytes)
		key := index.at(p, n)
		index.list[key] = append(index.list[key], t)
		if n > 1 {
			index.lengths[index.pair(p)] |= 1 << n
		}
	}
	for pair, lengths := range index.lengths {
		if end := index.at(string([]byte{byte(pair >> 8), byte(pair)}), 1); lengths != 0 && index.list[end] != nil {
			index.lengths[pair] |= 1 << 1
		}
	}
	return index
}

// pair is the two bytes at that end of a text which has them.
func (index *phraseIndex[T]) pair(text string) int {
	if index.tail {
		text = text[len(text)-2:]
	}
	return int(text[0])<<8 | int(text[1])
}

// opens reports a text that shares two bytes at its end with a phrase, or has no two.
func (index *phraseIndex[T]) opens(text string) bool {
	return len(text) < 2 || index.lengths[index.pair(text)] != 0
}

// of are the phrases that share an end with a text, the longest first.
func (index *phraseIndex[T]) of(text string) iter.Seq[T] {
	return func(yield func(T) bool) {
		lengths := uint8(1 << 1)
		if len(text) > 1 {
			lengths = index.lengths[index.pair(text)]
		}
		for n := min(len(text), edgeBytes); lengths != 0 && n > 0; n-- {
			if lengths&(1<<n) == 0 { // as at most ends
				continue
			}
			for _, t := range index.list[index.at(text, n)] {
				if !yield(t) {
					return
				}
			}
		}
	}
}
