package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"copydesk/aggregator/news"
	"copydesk/aggregator/schedule"
)

// check finds what is wrong with values that could be read.
func (r *reader) check(c *Config) {
	r.publisher(&c.Publisher)
	r.address("listen", c.Listen, true)
	r.address("admin_listen", c.AdminListen, false)
	r.between("fetch.workers", float64(c.Fetch.Workers), 1, 1024)
	r.between("fetch.timeout", time.Duration(c.Fetch.Timeout).Seconds(), 1, 600)
	r.ports(c.Fetch.Ports)
	if c.Alerts.Webhook != "" {
		r.web("alerts.webhook", c.Alerts.Webhook)
	}
	if c.Hub.URL != "" {
		r.web("hub.url", c.Hub.URL)
	}
	r.enums("hub", reflect.ValueOf(c.Hub))
	r.database(c.Database)
	if strings.ContainsFunc(c.Fetch.UserAgent, unicode.IsControl) {
		r.wrong("fetch.user_agent", "has more than one line", "write one line, such as copydesk/1.0 (+https://news.example.org)")
	}
	slugs, urls := map[string]int{}, map[string]int{}
	for i := range c.Sources {
		key := fmt.Sprintf("sources[%d]", i)
		r.source(key, &c.Sources[i], slugs, urls)
		r.port(key+".url", c.Sources[i].URL, &c.Fetch)
	}
	var known []string
	for _, s := range c.Sources {
		if _, err := news.ParseSlug(s.Slug); err == nil && !slices.Contains(known, s.Slug) {
			known = append(known, s.Slug)
		}
	}
	channels := map[string]int{}
	for i := range c.Channels {
		r.channel(fmt.Sprintf("channels[%d]", i), &c.Channels[i], known, channels)
	}
}

func (r *reader) database(name string) {
	scheme, _, isURL := strings.Cut(name, "://")
	switch {
	case name == "":
		r.wrong("database", "is empty", "write a file such as copydesk.db, or postgres://…")
	case isURL && scheme != "postgres" && scheme != "postgresql":
		r.wrong("database", fmt.Sprintf("%s is no database that is known", scheme), "write a file such as copydesk.db for SQLite, or postgres://…")
	}
}

// wrong is a fault of a key's value, or of its absence.
func (r *reader) wrong(key, problem, hint string) {
	if r.unreadable[key] || slices.ContainsFunc(r.faults, func(f Fault) bool { return f.Key == key }) {
		return // one complaint for each place is enough
	}
	at, placed := r.places[key]
	for up := key; up != ""; {
		up = up[:max(strings.LastIndexAny(up, ".["), 0)]
		if r.unreadable[up] {
			return // nor is what it should hold missing
		}
		if !placed {
			at, placed = r.places[up]
		}
	}
	r.fault(at, key, problem, hint)
}

func (r *reader) required(key, value, hint string) bool {
	if strings.TrimSpace(value) == "" {
		r.wrong(key, "is missing", hint)
		return false
	}
	return true
}

func (r *reader) between(key string, value, low, high float64) {
	if value < low || value > high {
		r.wrong(key, fmt.Sprintf("is %v", value), fmt.Sprintf("write a value from %v to %v", low, high))
	}
}

var authority = regexp.MustCompile(`^(?:[a-z0-9._%+-]+@)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?,\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$`)

func (r *reader) ports(list []int) {
	if list != nil && len(list) == 0 {
		r.wrong("fetch.ports", "is empty, so nothing could be fetched", "name ports, or leave the key out for 80, 443, 8080 and 8443")
	}
	for i, p := range list {
		r.between(fmt.Sprintf("fetch.ports[%d]", i), float64(p), 1, 65535)
	}
}

// port finds an address that the fetcher would refuse each time.
func (r *reader) port(key, address string, f *Fetch) {
	u, err := url.Parse(address)
	if err != nil || u.Port() == "" || f.AllowPrivate {
		return
	}
	if port, err := strconv.Atoi(u.Port()); err != nil || !slices.Contains(f.Ports, port) {
		r.wrong(key, fmt.Sprintf("port %s is none that feeds are fetched from", u.Port()), "add it to fetch.ports if it is meant")
	}
}

func (r *reader) publisher(p *Publisher) {
	if _, ok := r.places["publisher"]; !ok {
		r.wrong("publisher", "is missing", "write publisher: with a title, url and authority; copydesk.example.yaml shows how")
		return
	}
	r.required("publisher.title", p.Title, "name the house, as readers shall see it")
	if r.required("publisher.url", p.URL, "write the public address, such as https://news.example.org") {
		if u := r.web("publisher.url", p.URL); u != nil {
			r.house(p.URL, u)
		}
	}
	if r.required("publisher.authority", p.Authority, "write a domain of yours and a year in which you had it, such as news.example.org,2026") && !authority.MatchString(p.Authority) {
		r.wrong("publisher.authority", fmt.Sprintf("%q is no tagging authority (RFC 4151)", p.Authority), "write a domain of yours and a year in which you had it, such as news.example.org,2026")
	}
	r.language("publisher.language", p.Language)
	r.enums("publisher", reflect.ValueOf(*p))
}

// plainPath is a path that needs no escape anywhere: it stands in feeds, in the
// configuration of web servers and in what is compared with what is asked for.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9][A-Za-z0-9._~+-]*)*/?$`)

// plainHost is a host of names that begin and end with a letter or digit.
var plainHost = regexp.MustCompile(`^([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\.?)+$`)

// isHost reports a host that stands in addresses as it is, with a port that there can be
// or none.
func isHost(u *url.URL) bool {
	if _, err := strconv.ParseUint(u.Port(), 10, 16); err != nil && u.Port() != "" || strings.HasSuffix(u.Host, ":") {
		return false
	}
	if strings.HasPrefix(u.Host, "[") {
		ip, err := netip.ParseAddr(u.Hostname())
		return err == nil && ip.Is6() && ip.Zone() == ""
	}
	return plainHost.MatchString(u.Hostname())
}

// own are the names that begin the paths of a house's documents. One that stands below
// such a name could not tell what is asked of it from what a proxy in front adds.
var own = []string{
	"articles", "authors", "channels", "hub", "search", "sections", "sitemaps", "sources", "static", "websub",
	"favicon.ico", "healthz", "news-sitemap.xml", "opml", "readyz", "robots.txt", "sitemap.xml",
}

// house checks the address that all addresses of ours begin with.
func (r *reader) house(value string, u *url.URL) {
	first, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	switch {
	case !strings.HasPrefix(value, u.Scheme):
		r.wrong("publisher.url", "begins with capitals, which addresses in feeds may not", "write it with "+u.Scheme+"://")
	case u.RawQuery != "" || u.Fragment != "":
		r.wrong("publisher.url", "has a query or a fragment", "write only the base, such as https://news.example.org")
	case strings.ContainsFunc(u.Host, func(c rune) bool { return c >= utf8.RuneSelf }):
		r.wrong("publisher.url", fmt.Sprintf("%q is not in plain letters, as addresses in feeds must be", u.Host), "write it as "+news.Host(u.String()))
	case u.User != nil:
		r.wrong("publisher.url", "has a name or a password, which everybody would read", "write it without them")
	case !isHost(u):
		r.wrong("publisher.url", fmt.Sprintf("%q is no host", u.Host), "write one such as news.example.org")
	case !plainPath.MatchString(u.EscapedPath()):
		r.wrong("publisher.url", fmt.Sprintf("the path %q has more than letters, digits and, within a name, . _ ~ + -", u.Path), "write a plain one, such as /news")
	case slices.Contains(own, first):
		r.wrong("publisher.url", fmt.Sprintf("the path begins with /%s, as paths of the house itself do", first), "write another one, such as /news")
	}
}

// web checks an absolute http or https address.
func (r *reader) web(key, value string) *url.URL {
	u, err := url.Parse(value)
	switch {
	case err != nil, u.Host == "" || strings.ContainsAny(value, " \t"):
		hint := "write it with https:// and a host"
		if err == nil && u.Scheme == "" && strings.Contains(value, ".") {
			hint = "did you mean https://" + strings.TrimPrefix(value, "//") + "?"
		}
		r.wrong(key, fmt.Sprintf("%q is no address", value), hint)
		return nil
	case u.Scheme != "http" && u.Scheme != "https":
		r.wrong(key, fmt.Sprintf("%s: is not fetched", u.Scheme), "write an http or https address")
		return nil
	}
	return u
}

func (r *reader) address(key, value string, needed bool) {
	if value == "" && !needed {
		return
	}
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil || port == "" {
		r.wrong(key, fmt.Sprintf("%q is no address to listen on", value), `write host:port, such as "127.0.0.1:8080" or ":8080"`)
	}
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)

// language checks a tag where it is written; elsewhere it may be taken from above.
func (r *reader) language(key, tag string) {
	if _, written := r.places[key]; !written {
		return
	}
	primary, _, _ := strings.Cut(tag, "-")
	if _, err := language.ParseBase(primary); tag != "" && (err != nil || !languageTag.MatchString(tag)) {
		r.wrong(key, fmt.Sprintf("%q is no language", tag), "write a BCP 47 tag such as en, zh-CN or pt-BR")
	}
}

func (r *reader) slug(key, slug string, taken map[string]int) {
	if !r.required(key, slug, "write a short name of a-z, 0-9 and hyphens") {
		return
	}
	if _, err := news.ParseSlug(slug); err != nil {
		hint := "write a-z, 0-9 and hyphens"
		if s := slugged(slug); s != "" {
			hint = fmt.Sprintf("write %q", s)
		}
		r.wrong(key, err.Error(), hint)
		return
	}
	if line, twice := taken[slug]; twice {
		r.wrong(key, fmt.Sprintf("%q is taken", slug), fmt.Sprintf("the first is on line %d; slugs name one thing each", line))
		return
	}
	taken[slug] = r.places[key].line
}

// slugged makes a slug of what was written.
func slugged(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') })
	out := strings.Join(words, "-")
	return out[:min(len(out), 64)]
}

func (r *reader) source(key string, s *Source, slugs, urls map[string]int) {
	r.slug(key+".slug", s.Slug, slugs)
	r.required(key+".name", s.Name, "name the outlet, as readers shall see it")
	if r.required(key+".url", s.URL, "write the address of the feed") && r.web(key+".url", s.URL) != nil {
		if line, twice := urls[s.URL]; twice {
			r.wrong(key+".url", "the same feed is pulled twice", fmt.Sprintf("the first is on line %d", line))
		}
		urls[s.URL] = r.places[key+".url"].line
	}
	if _, err := schedule.Parse(s.Schedule); err != nil {
		hint := ""
		var spec *schedule.SpecError
		if errors.As(err, &spec) {
			hint = spec.Hint()
		}
		r.wrong(key+".schedule", err.Error(), hint)
	}
	r.language(key+".language", s.Language)
	r.enums(key, reflect.ValueOf(*s))
	r.pageHints(key+".page", &s.Page)
	r.listHints(key, s)
	r.jsonPaths(key, s)
	if s.Weight <= 0 || s.Weight > 100 {
		r.wrong(key+".weight", fmt.Sprintf("is %v", s.Weight), "write a value above 0 and up to 100; 1 is usual")
	}
	r.byline(key+".byline", s.Byline)
	if s.WithdrawGone && !s.Follow && !r.unreadable[key+".follow"] { // nobody would ask a page whether it is gone
		r.wrong(key+".withdraw_gone", "needs follow: pages that are never read are never found gone", "write follow: true beside it, or leave it out")
	}
}

// byline checks what an operator teaches about bylines.
func (r *reader) byline(key string, b Byline) {
	for i, name := range b.Ignore {
		if strings.TrimSpace(name) == "" {
			r.wrong(fmt.Sprintf("%s.ignore[%d]", key, i), "is empty", "write a name or line as the source prints it")
		}
	}
	for name, whom := range b.Alias {
		at := joinKey(key+".alias", name)
		switch {
		case strings.TrimSpace(name) == "":
			r.wrong(at, "has no name", "write the name as the source prints it")
		case strings.TrimSpace(whom) == "":
			r.wrong(at, "says not whom to credit", "write the name to credit, or put the printed one under ignore")
		case slices.Contains(b.Ignore, name):
			r.wrong(at, "is ignored and renamed", "keep it under ignore or under alias")
		}
	}
}

func (r *reader) pageHints(key string, h *PageHints) {
	r.selector(key+".body", h.Body)
	r.selector(key+".byline", h.Byline)
	r.selector(key+".date", h.Date)
	r.selector(key+".title", h.Title)
	for i, css := range h.Remove {
		r.selector(fmt.Sprintf("%s.remove[%d]", key, i), css)
	}
}

// listHints checks the selectors of a listing page, and that they are for one.
func (r *reader) listHints(key string, s *Source) {
	if s.List == (ListHints{}) {
		return
	}
	if s.Kind != string(news.KindPage) {
		r.wrong(key+".list", "is for listing pages", "write kind: page beside it, or leave it out")
		return
	}
	v := reflect.ValueOf(s.List)
	for i := range v.NumField() {
		r.selector(key+".list."+v.Type().Field(i).Tag.Get("yaml"), v.Field(i).String())
	}
	if s.List.Items == "" && s.List != (ListHints{Next: s.List.Next}) {
		r.wrong(key+".list.items", "is missing", `write what holds one article each, such as "ul.news > li"; the others are looked for in it`)
	}
}

// jsonPaths checks the paths into a JSON listing, and that there are some.
func (r *reader) jsonPaths(key string, s *Source) {
	isJSON := s.Kind == string(news.KindJSON)
	switch {
	case !isJSON && s.JSON == (JSONPaths{}):
		return
	case !isJSON:
		r.wrong(key+".json", "is for JSON listings", "write kind: json beside it, or leave it out")
		return
	}
	if !r.required(key+".json.link", s.JSON.Link, "write where in an item its address is, such as url; kind: feed reads JSON Feed") || r.opt.CheckPath == nil {
		return
	}
	v := reflect.ValueOf(s.JSON)
	for i := range v.NumField() {
		if err := r.opt.CheckPath(v.Field(i).String()); err != nil {
			r.wrong(key+".json."+v.Type().Field(i).Tag.Get("yaml"), err.Error(), "write names between dots, such as data.articles or media.0.url")
		}
	}
}

func (r *reader) selector(key, css string) {
	if css == "" || r.opt.CheckSelector == nil {
		return
	}
	if err := r.opt.CheckSelector(css); err != nil {
		r.wrong(key, err.Error(), `write one such as "article .text" or "#story > p"`)
	}
}

func (r *reader) enums(key string, v reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if words := enumsOf(f); words != nil && !slices.Contains(words, v.Field(i).String()) {
			r.wrong(key+"."+f.Tag.Get("yaml"), fmt.Sprintf("%q is not known", v.Field(i).String()), hintFor(v.Field(i).String(), words))
		}
	}
}

func (r *reader) channel(key string, c *Channel, sources []string, slugs map[string]int) {
	r.slug(key+".slug", c.Slug, slugs)
	r.required(key+".title", c.Title, "name the channel, as readers shall see it")
	r.language(key+".language", c.Language)
	r.enums(key, reflect.ValueOf(*c))
	r.between(key+".limit", float64(c.Limit), 1, 500)
	r.between(key+".per_source", float64(c.PerSource), 0, 500)
	if c.Sources != nil && len(c.Sources) == 0 {
		r.wrong(key+".sources", "is empty, so the channel would never hold anything", "name sources, or leave the key out for all")
	}
	for i, s := range c.Sources {
		if !slices.Contains(sources, s) {
			r.wrong(fmt.Sprintf("%s.sources[%d]", key, i), fmt.Sprintf("no source %q", s), hintFor(s, sources))
		}
	}
	r.rule(key+".where", c.Where)
}

func (r *reader) rule(key, rule string) {
	if rule == "" || r.opt.CheckRule == nil {
		return
	}
	err := r.opt.CheckRule(rule)
	if err == nil {
		return
	}
	hint := ""
	var unknown interface{ Unknown() (string, []string) }
	if errors.As(err, &unknown) {
		if name, known := unknown.Unknown(); name != "" {
			hint = hintFor(name, known)
		}
	}
	var better interface{ Hint() string }
	if errors.As(err, &better) && better.Hint() != "" {
		hint = better.Hint()
	}
	r.wrong(key, err.Error(), hint)
	var at interface{ Column() int }
	last := &r.faults[len(r.faults)-1]
	if errors.As(err, &at) && last.Key == key {
		// Point into the rule where it stands on the line as it is.
		if i := strings.Index(last.Snippet, rule); i >= 0 {
			last.Column = len([]rune(last.Snippet[:i])) + at.Column()
		}
	}
}
