package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A Draft is the text of a config while it is edited. Each edit changes the
// lines that it is about and not a byte elsewhere: comments, order, blank
// lines, quotes and line ends stay as the operator wrote them.
//
// After each edit the new text is read again and compared with what it ought
// to say. An edit that would say anything else leaves the draft as it was, so
// text that is laid out in a way not foreseen here is refused, never damaged.
type Draft struct {
	name string
	opt  Options
	mark string // a byte order mark, or nothing
	text string
	cfg  *Config
}

// An Addition is a source to be added.
type Addition struct {
	Source        // begun as NewSource; a missing slug is made of the name or the address
	Note   string // written beside it as a comment; empty for none
}

// NewDraft reads the text of a file that errors call name. Only a config
// without faults is edited: its error is Faults otherwise.
func NewDraft(name string, data []byte, opt Options) (*Draft, error) {
	cfg, err := Parse(name, data, opt)
	if err != nil {
		return nil, err
	}
	text, marked := strings.CutPrefix(string(data), byteOrderMark)
	d := &Draft{name: name, opt: opt, text: text, cfg: cfg}
	if marked {
		d.mark = byteOrderMark
	}
	return d, nil
}

const byteOrderMark = "\ufeff"

// Config is what the draft says. It is not to be changed.
func (d *Draft) Config() *Config { return d.cfg }

// Bytes is the draft as a file.
func (d *Draft) Bytes() []byte { return []byte(d.mark + d.text) }

// Entry is the text of a source's entry and the line that it begins on, from 1;
// 0 when there is none.
func (d *Draft) Entry(slug string) (line int, text string) {
	i := d.index(slug)
	l, err := layOut(d.text)
	if i < 0 || err != nil {
		return 0, ""
	}
	at, err := l.sources()
	if err != nil || i >= len(at.items) {
		return 0, ""
	}
	it := at.items[i]
	if at.flow {
		return it.line + 1, d.text[it.from:it.to]
	}
	return it.line + 1, strings.TrimRight(d.text[l.start(it.line):l.start(l.content(at, i)+1)], "\r\n")
}

func (d *Draft) index(slug string) int {
	return slices.IndexFunc(d.cfg.Sources, func(s Source) bool { return s.Slug == slug })
}

// Add puts sources at the end of the list, in the style of the entry before
// them.
func (d *Draft) Add(list ...Addition) error {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	want := d.expected()
	taken := map[string]int{}
	for _, s := range d.cfg.Sources {
		taken[s.Slug] = 1
	}
	for i := range list {
		s := &list[i].Source
		s.tidy()
		if s.Slug == "" {
			s.Slug = freeSlug(s.Name, s.URL, taken)
		}
		taken[s.Slug] = max(taken[s.Slug], 1)
		want.Sources = append(want.Sources, *s)
	}
	want.complete()
	return d.edit(want, func(l *layout) ([]splice, error) { return l.add(list) })
}

// tidy makes of each text what one line can hold.
func (s *Source) tidy() {
	s.Name = oneLine(s.Name)
	s.Rights = oneLine(s.Rights)
	s.Categories = oneLines(s.Categories)
	s.Aliases = oneLines(s.Aliases)
}

// Remove takes sources out of the list, each with the comments that belong to
// it. A source that a channel names is removed only when it may be taken from
// there too, and something is left for the channel.
func (d *Draft) Remove(fromChannels bool, slugs ...string) error {
	doomed := make([]bool, len(d.cfg.Sources))
	for _, slug := range slugs {
		i := d.index(slug)
		if i < 0 {
			return d.unknown(slug)
		}
		doomed[i] = true
	}
	if !fromChannels {
		if err := d.unnamed(slugs); err != nil {
			return err
		}
	}
	want := d.expected()
	want.Sources = without(want.Sources, doomed)
	inChannels := make([][]bool, len(want.Channels))
	for i := range want.Channels {
		ch := &want.Channels[i]
		inChannels[i] = namedIn(ch.Sources, slugs)
		if !slices.Contains(inChannels[i], true) {
			continue
		}
		if ch.Sources = without(ch.Sources, inChannels[i]); len(ch.Sources) == 0 {
			return fmt.Errorf("channel %q takes from nothing else, and without its list it would take from all (change or remove the channel first)", ch.Slug)
		}
	}
	return d.edit(want, func(l *layout) ([]splice, error) { return l.remove(doomed, inChannels) })
}

// unnamed refuses sources that channels name, and lists all of these.
func (d *Draft) unnamed(slugs []string) error {
	var uses []string
	for _, ch := range d.cfg.Channels {
		for _, s := range ch.Sources {
			if slices.Contains(slugs, s) {
				uses = append(uses, fmt.Sprintf("channel %q takes from %q", ch.Slug, s))
			}
		}
	}
	if len(uses) == 0 {
		return nil
	}
	return fmt.Errorf("%s (--from-channels removes them there too)", strings.Join(uses, ", "))
}

// Pause stops the pulling of sources, or begins it again. A source that is in
// that state already is left alone.
func (d *Draft) Pause(paused bool, slugs ...string) error {
	want := d.expected()
	var at []int
	for _, slug := range slugs {
		i := d.index(slug)
		switch {
		case i < 0:
			return d.unknown(slug)
		case want.Sources[i].Paused != paused:
			want.Sources[i].Paused = paused
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	return d.edit(want, func(l *layout) ([]splice, error) { return l.pause(at, paused) })
}

func (d *Draft) unknown(slug string) error {
	var known []string
	for _, s := range d.cfg.Sources {
		known = append(known, s.Slug)
	}
	return fmt.Errorf("no source %q in %s (%s)", slug, d.name, orElse(hintFor(slug, known), "it has none"))
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// expected is a copy of what the draft says, to be changed into what it shall
// say.
func (d *Draft) expected() *Config {
	want := *d.cfg
	want.Sources = slices.Clone(d.cfg.Sources)
	want.Channels = slices.Clone(d.cfg.Channels)
	return &want
}

// edit applies what change finds, and keeps it only when the text then says
// what is wanted.
func (d *Draft) edit(want *Config, change func(*layout) ([]splice, error)) (err error) {
	defer func() { // the YAML parser must not be able to take the program down
		if p := recover(); p != nil {
			err = fmt.Errorf("%s cannot be edited: %v (edit it by hand)", d.name, p)
		}
	}()
	l, err := layOut(d.text)
	if err != nil {
		return fmt.Errorf("edit %s: %w", d.name, err)
	}
	list, err := change(l)
	if err != nil {
		return fmt.Errorf("edit %s: %w", d.name, err)
	}
	text := l.apply(list)
	got, err := Parse(d.name, []byte(text), d.opt)
	if err != nil {
		return fmt.Errorf("%s would have faults after this edit, so nothing was changed:\n%w", d.name, err)
	}
	if !sameConfig(got, want) {
		return fmt.Errorf("%s is laid out in a way that cannot be edited safely, so nothing was changed (edit it by hand)", d.name)
	}
	d.text, d.cfg = text, got
	return nil
}

// sameConfig compares what two texts say; an empty list and none are the same.
func sameConfig(a, b *Config) bool {
	x, y := *a, *b
	if len(x.Sources) == 0 && len(y.Sources) == 0 {
		x.Sources, y.Sources = nil, nil
	}
	x.dir, y.dir = "", ""
	return reflect.DeepEqual(x, y)
}

// without is list less what doomed marks.
func without[T any](list []T, doomed []bool) []T {
	out := make([]T, 0, len(list))
	for i, v := range list {
		if !doomed[i] {
			out = append(out, v)
		}
	}
	return out
}

// namedIn marks the members of list that slugs holds.
func namedIn(list, slugs []string) []bool {
	out := make([]bool, len(list))
	for i, s := range list {
		out[i] = slices.Contains(slugs, s)
	}
	return out
}

// errStyle is an entry or a list that is written in a form that is not edited.
var errStyle = errors.New("the list of sources is written in a form that is not edited here (write each source behind a hyphen on lines of its own)")

// errComment is a comment between entries in brackets, where none can tell
// which it is about.
var errComment = errors.New("a comment stands between the entries in brackets, and may be about either (edit it by hand, or write each source behind a hyphen on lines of its own)")
