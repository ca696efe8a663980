package publisher

import (
	"container/list"
	"sync"
)

// A recent keeps the things used last, up to a number of them, so that a
// reader who walks through everything once cannot fill the memory.
type recent[K comparable, V any] struct {
	most int

	mu    sync.Mutex // guards the rest
	order *list.List // of kept[K, V], last used first
	at    map[K]*list.Element
}

type kept[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](most int) *recent[K, V] {
	return &recent[K, V]{most: most, order: list.New(), at: map[K]*list.Element{}}
}

// get is what is kept under key; it counts as used.
func (c *recent[K, V]) get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.at[key]
	if !ok {
		return value, false
	}
	c.order.MoveToFront(el)
	return el.Value.(kept[K, V]).value, true
}

// put keeps value under key and lets go of what was not used for longest.
func (c *recent[K, V]) put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.at[key]; ok {
		el.Value = kept[K, V]{key, value}
		c.order.MoveToFront(el)
		return
	}
	c.at[key] = c.order.PushFront(kept[K, V]{key, value})
	if c.order.Len() > c.most {
		c.remove(c.order.Back())
	}
}

// drop lets go of key.
func (c *recent[K, V]) drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.at[key]; ok {
		c.remove(el)
	}
}

// remove takes an element out; the caller holds mu.
func (c *recent[K, V]) remove(el *list.Element) {
	delete(c.at, el.Value.(kept[K, V]).key)
	c.order.Remove(el)
}

// all is a copy of what is kept; nothing counts as used.
func (c *recent[K, V]) all() map[K]V {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[K]V, len(c.at))
	for key, el := range c.at {
		out[key] = el.Value.(kept[K, V]).value
	}
	return out
}
