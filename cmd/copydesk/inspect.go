package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/config"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

type inspectCommand struct {
	JSON    bool     `help:"Print JSON Feed 1.1, one document a line, in argument order."`
	TZ      string   `default:"UTC" placeholder:"ZONE" help:"Zone of dates that carry none."`
	Now     string   `placeholder:"TIME" help:"When the documents were fetched (RFC 3339); default: the clock."`
	Base    string   `placeholder:"URL" help:"Address that relative links are resolved against."`
	Kind    string   `enum:",feed,page,listing,json,sitemap" default:"" help:"Read as feed, article page, listing page, JSON listing or sitemap; default: told apart by content, or what --source says."`
	Explain bool     `help:"Show for each field which part of the document gave it, over which others, and by which rule."`
	Config  string   `short:"c" placeholder:"FILE" help:"Config that --source is looked up in."`
	Source  string   `placeholder:"SLUG" help:"Read as a document of this source of the config."`
	Inputs  []string `arg:"" name:"input" help:"Files, addresses, or - for standard input."`
}

// A look is one inspection: what every document is read with.
type look struct {
	source  news.Source
	house   edition.House
	outlets normalize.Outlets
	kind    string
	base    string
	explain bool
	at      time.Time
	client  *fetch.Client
	in      io.Reader
}

func (c inspectCommand) Run(ctx context.Context, t *terminal) error {
	l, err := c.look(t)
	if err != nil {
		return err
	}
	defer l.client.Close()
	bad := 0
	for _, input := range c.Inputs {
		doc := l.document(ctx, input)
		if doc.Copydesk.Error != "" {
			bad++
			fmt.Fprintf(t.err, "%s: %s\n", input, doc.Copydesk.Error)
		}
		if err := c.print(t.out, doc); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d inputs could not be read", bad, len(c.Inputs))
	}
	return nil
}

func (c inspectCommand) look(t *terminal) (*look, error) {
	zone, err := time.LoadLocation(c.TZ)
	if err != nil {
		return nil, usageError{fmt.Errorf("--tz: no zone %q (write a name such as Asia/Shanghai)", c.TZ)}
	}
	now := clock(t.env)
	l := &look{
		source:  news.Source{TimeZone: zone, Republish: news.RepublishFull, Weight: 1},
		kind:    c.Kind,
		base:    c.Base,
		explain: c.Explain,
		at:      now(),
		in:      t.in,
	}
	if c.Now != "" {
		if l.at, err = time.Parse(time.RFC3339, c.Now); err != nil {
			return nil, usageError{fmt.Errorf("--now: %q is no RFC 3339 time (write it as 2022-11-10T10:46:16+08:00)", c.Now)}
		}
	}
	if c.Source != "" || c.Config != "" {
		if err := c.fromConfig(t, l); err != nil {
			return nil, err
		}
	}
	if c.Kind == "json" && l.source.JSON.Link == "" {
		return nil, usageError{errors.New("--kind json: where things are is not known (name a source whose json says it, with -c FILE --source SLUG)")}
	}
	l.client = fetch.New(fetch.Options{
		Timeout: 30 * time.Second, MaxBody: 15 << 20, MaxIdle: 1, Now: now, Hash: parse.Hash,
		UserAgent: "copydesk/" + version, AllowPrivate: true, AnyPort: true, // whoever typed the address may reach it
	})
	return l, nil
}

// fromConfig takes the house and, where one is named, the source.
func (c inspectCommand) fromConfig(t *terminal, l *look) error {
	file := cmp.Or(c.Config, "copydesk.yaml")
	cfg, err := configFlag{Config: file}.load(t)
	if err != nil {
		return err
	}
	l.house, l.outlets = houseOf(cfg), normalize.OutletsOf(cfg.NewsSources())
	if c.Source == "" {
		return nil
	}
	for _, src := range cfg.NewsSources() {
		if string(src.Slug) == c.Source {
			l.source = src
			l.source.URL = news.Public(src.URL)
			return nil
		}
	}
	return usageError{fmt.Errorf("--source: no source %q in %s", c.Source, file)}
}

func houseOf(cfg *config.Config) edition.House {
	return edition.House{
		Title:     cfg.Publisher.Title,
		URL:       cfg.Publisher.URL,
		Authority: cfg.Publisher.Authority,
		Language:  cfg.Publisher.Language,
		TimeZone:  cfg.Publisher.Location(),
		Hub:       hubOf(cfg),
	}
}

// document reads one input. What goes wrong is told in the document, so that
// the others still come out.
func (l *look) document(ctx context.Context, input string) *feed.Inspection {
	doc := feed.NewInspection(input)
	body, from, contentType, err := l.open(ctx, input)
	if err == nil {
		err = l.read(doc, body, from, contentType)
	}
	if err != nil {
		doc.Copydesk.Error = err.Error()
	}
	return doc
}

// open gives an input's bytes and the address that they came from.
func (l *look) open(ctx context.Context, input string) (body []byte, from, contentType string, err error) {
	switch {
	case input == "-":
		body, err = io.ReadAll(io.LimitReader(l.in, 64<<20))
		return body, l.base, "", err
	case strings.HasPrefix(input, "http://"), strings.HasPrefix(input, "https://"):
		res, err := l.client.Get(ctx, fetch.Request{URL: input})
		if err != nil {
			return nil, "", "", err
		}
		return res.Body, cmp.Or(l.base, res.URL), res.ContentType, nil
	}
	body, err = os.ReadFile(input)
	return body, l.base, "", err
}

// read fills doc from the bytes of a feed or a page.
func (l *look) read(doc *feed.Inspection, body []byte, from, contentType string) error {
	parsed, err := l.parse(doc.Copydesk.Input, body, from, contentType)
	if err != nil {
		return err
	}
	opt := normalize.Options{At: l.at, URL: from, Outlets: l.outlets, All: parsed.Format != "page"}
	head := normalize.Head(parsed, opt)
	src := l.source
	src.Name = cmp.Or(src.Name, nameOf(parsed.Format, head.Title, from))
	src.HomePage = cmp.Or(src.HomePage, head.HomePage)
	self := cmp.Or(normalize.Link(parsed.Self, parsed.Base, from), from)
	doc.Fill(parsed.Format, head, normalize.FeedText(parsed), self, normalize.FeedAuthors(parsed, opt))
	doc.Copydesk.Warnings = append(doc.Copydesk.Warnings, parsed.Warnings...)
	if next := furtherPage(parsed, from); next != "" {
		doc.Copydesk.Warnings = append(doc.Copydesk.Warnings, "the article goes on at "+next+", which is read by those who follow it, not here")
	}
	elsewhere := normalize.Externals(parsed, opt)
	for _, a := range normalize.Articles(src, parsed, opt) {
		item := feed.NewJSONItem(l.house, a, edition.Source{Source: src, Feed: head})
		item.ExternalUrl = cmp.Or(elsewhere[a.OriginalID], item.ExternalUrl)
		if l.explain {
			item.Copydesk.Explain = claims(normalize.Account{Article: a, Source: src, Outlets: l.outlets}.Explain(parsed.Items[a.Item]))
		}
		doc.Items = append(doc.Items, item)
	}
	return nil
}

// nameOf is what a source without a name in the config is called: a feed by its
// title, which tells it from its site's others; all else as its outlet is known,
// or as its site calls itself.
func nameOf(format, title, address string) string {
	outlet := normalize.Site(address)
	if format == "page" || format == "listing" {
		return cmp.Or(outlet, title, hostOf(address))
	}
	return cmp.Or(title, outlet, hostOf(address))
}

// furtherPage is where an article page says that its text goes on.
func furtherPage(parsed *parse.Feed, from string) string {
	if parsed.Format != "page" || len(parsed.Items) == 0 {
		return ""
	}
	return normalize.Link(parsed.Items[0].Next, parsed.Items[0].Base, from)
}

func claims(list []parse.Claim) []feed.Claim {
	out := make([]feed.Claim, 0, len(list))
	for _, c := range list {
		out = append(out, feed.Claim(c))
	}
	return out
}

// parse reads an input as what --kind, its content or the source says that it
// is.
func (l *look) parse(input string, body []byte, from, contentType string) (*parse.Feed, error) {
	opt := parse.Options{ContentType: contentType}
	switch l.kindOf(input, parse.Sniff(body, contentType)) {
	case "page":
		return extract.Page(body, extract.Options{ContentType: contentType, URL: from, Hints: extract.Hints(l.source.Page)})
	case "listing":
		list, err := extract.List(body, extract.Options{ContentType: contentType, URL: from}, extract.ListHints(l.source.List))
		if err != nil {
			return nil, err
		}
		return list.Feed, nil
	case "json":
		list, err := parse.OpenJSON(body, opt, parse.Paths(l.source.JSON))
		if err != nil {
			return nil, err
		}
		return list.Feed(nil)
	case "sitemap":
		return sitemapFeed(body, opt)
	}
	doc, err := parse.Open(body, opt)
	if err != nil {
		return nil, err
	}
	return doc.Feed(nil)
}

// kindOf tells what to read an input as. Of a source that is a listing page, its
// own address and files are that; other addresses are articles.
func (l *look) kindOf(input, content string) string {
	web := strings.HasPrefix(input, "http://") || strings.HasPrefix(input, "https://")
	switch {
	case l.kind != "":
		return l.kind
	case content == "html" && l.source.Kind == news.KindPage && (!web || input == l.source.URL):
		return "listing"
	case content == "html":
		return "page"
	case content == "sitemap":
		return "sitemap"
	case l.source.Kind == news.KindJSON:
		return "json"
	}
	return "feed"
}

// sitemapFeed reads a sitemap; of an index, what it names is told.
func sitemapFeed(body []byte, opt parse.Options) (*parse.Feed, error) {
	s, err := parse.OpenSitemap(body, opt)
	if err != nil {
		return nil, err
	}
	if len(s.Sitemaps) > 0 {
		s.List.Warn(fmt.Sprintf("an index of %d sitemaps, of which the newest are pulled: %s", len(s.Sitemaps), strings.Join(s.Sitemaps[:min(len(s.Sitemaps), 3)], ", ")))
	}
	return s.List.Feed(nil)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func (c inspectCommand) print(w io.Writer, doc *feed.Inspection) error {
	if !c.JSON {
		return printForPeople(w, doc)
	}
	line, err := feed.EncodeJSON(doc)
	if err != nil {
		return err
	}
	_, err = w.Write(append(bytes.TrimRight(line, "\n"), '\n'))
	return err
}

// printForPeople is the same for reading: what matters, a line each.
func printForPeople(w io.Writer, doc *feed.Inspection) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", doc.Copydesk.Input)
	if doc.Copydesk.Error != "" {
		fmt.Fprintf(&b, "  error     %s\n", doc.Copydesk.Error)
	} else {
		fmt.Fprintf(&b, "  %s, %d items: %s\n", doc.Copydesk.Kind, len(doc.Items), doc.Title)
	}
	for _, warning := range doc.Copydesk.Warnings {
		fmt.Fprintf(&b, "  warning   %s\n", warning)
	}
	for _, it := range doc.Items {
		fmt.Fprintf(&b, "\n  %s\n", cmp.Or(it.Title, "(no title)"))
		for _, line := range it.Lines() {
			fmt.Fprintf(&b, "    %-10s%s\n", line[0], line[1])
		}
		printClaims(&b, it.Copydesk.Explain)
	}
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}

// printClaims tells for each field which witness won, and over which.
func printClaims(b *strings.Builder, list []feed.Claim) {
	if len(list) > 0 {
		b.WriteString("\n    why\n")
	}
	for _, c := range list {
		mark := " "
		if c.Won {
			mark = "*"
		}
		fmt.Fprintf(b, "    %s %-13s %-27s %s", mark, c.Field, c.Witness, c.Value)
		if c.Rule != "" {
			fmt.Fprintf(b, "  (%s)", c.Rule)
		}
		b.WriteString("\n")
	}
}
