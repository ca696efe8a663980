package config

// A Config is the whole file.
type Config struct {
	// Who publishes. Required.
	Publisher Publisher `yaml:"publisher"`
	// Address to serve readers on. Default ":8080".
	Listen string `yaml:"listen"`
	// Address of metrics and profiles, for operators only. Default
	// "127.0.0.1:9090"; empty turns it off.
	AdminListen string `yaml:"admin_listen"`
	// A SQLite file, relative to this config's folder, or a postgres:// URL.
	// Default "copydesk.db".
	Database string `yaml:"database"`
	// How sources are fetched.
	Fetch Fetch `yaml:"fetch"`
	// How long things are kept.
	Keep Keep `yaml:"keep"`
	// How you are told that a source needs a look.
	Alerts Alerts `yaml:"alerts"`
	// Who pushes what is new to those who subscribe to our feeds.
	Hub Hub `yaml:"hub"`
	// The feeds that are pulled.
	Sources []Source `yaml:"sources"`
	// The feeds that are published.
	Channels []Channel `yaml:"channels"`

	dir    string   // of the file
	digest [32]byte // of its bytes, SHA-256
}

// A Publisher is who stands behind the channels.
type Publisher struct {
	// Name of the house, as readers see it. Required.
	Title string `yaml:"title"`
	// Public base of every link, such as https://news.example.org. Required.
	URL string `yaml:"url"`
	// Who mints ids, and since when: a domain or e-mail address of yours and a
	// year or date in which you had it (RFC 4151), such as
	// news.example.org,2026. Never change it: readers know articles by it. Required.
	Authority string `yaml:"authority"`
	// Language of the house: of its front page, and of pages about what is in a
	// language that they cannot speak. Default "en".
	Language string `yaml:"language"`
	// Time zone of pages for people; feeds are in UTC. Default "UTC".
	TimeZone Zone `yaml:"time_zone"`
	// How names of people are written: house gives names in capitals name case
	// (LIN Yuchen becomes Lin Yuchen), as_printed changes nothing. Default house.
	Names string `yaml:"names" enum:"house,as_printed"`
	// Pictures of articles, which come from their makers' servers: show loads them
	// as a reader of the article scrolls to them, and the one that leads the front
	// page; link puts a link in their place, none nothing. Feeds name them always.
	// Default show.
	Images string `yaml:"images" enum:"show,link,none"`
	// Let readers search, at /search; turn it off where only an export is served,
	// for files answer no questions. Default true.
	Search bool `yaml:"search"`
}

// Fetch is how sources are fetched.
type Fetch struct {
	// Pulls at the same time, 1 to 1024. Default 64.
	Workers int `yaml:"workers"`
	// Shortest time between two requests to one host. Default 1s.
	PerHostGap Duration `yaml:"per_host_gap"`
	// Longest time for one request with its redirects and body. Default 30s.
	Timeout Duration `yaml:"timeout"`
	// Largest body that is read, decompressed. Default 15MB.
	MaxBody Size `yaml:"max_body"`
	// How we name ourselves to servers. Default "copydesk/1.0 (+URL)" with the
	// publisher's URL.
	UserAgent string `yaml:"user_agent"`
	// Let sources be fetched from private, loopback and link-local addresses, at
	// any port. Default false.
	AllowPrivate bool `yaml:"allow_private"`
	// Ports that public addresses may be fetched from. Default [80, 443, 8080,
	// 8443].
	Ports []int `yaml:"ports"`
}

// Keep is how long things are kept.
type Keep struct {
	// Articles. Default 365d.
	Articles Duration `yaml:"articles"`
	// Earlier versions of articles. Default 90d.
	History Duration `yaml:"history"`
}

// Alerts are how the operator is told that a source breaks, falls silent
// against its rhythm, or looks hijacked, and that a channel keeps its last edition
// because the next one failed its checks.
type Alerts struct {
	// Address that each alert is posted to once, as JSON with source or channel,
	// name, kind (broken, silent or hijacked; unprintable), since and text. It may be in your own network.
	// Default: none; alerts stand in the log and in copydesk status.
	Webhook string `yaml:"webhook"`
}

// A Hub pushes what is new to those who subscribe to our feeds (WebSub).
type Hub struct {
	// Name a hub in every feed. Ours is named only where publisher.url can be
	// reached from outside, or fetch.allow_private is set. Default true.
	Enabled bool `yaml:"enabled"`
	// Address of another hub to name, which is told of each change then. Default:
	// our own, at /hub below publisher.url.
	URL string `yaml:"url"`
	// How our own hub signs what it delivers: sha1, sha256, sha384 or sha512.
	// Default sha256.
	Signature string `yaml:"signature" enum:"sha1,sha256,sha384,sha512"`
}

// A Source is a feed, or a listing of another kind, that is pulled.
type Source struct {
	// Name in URLs and rules: a-z, 0-9 and hyphens. Required; never change it.
	Slug string `yaml:"slug"`
	// Name of the outlet, as readers see it. Required.
	Name string `yaml:"name"`
	// Address of the feed. Required. A password, or a key in its query (such as
	// token=…), is told to that server alone and to no reader of yours.
	URL string `yaml:"url"`
	// What the address leads to: feed, page for a listing page, json for a JSON
	// listing, or sitemap. copydesk inspect -c FILE --source SLUG URL shows what is
	// read from it. Default feed.
	Kind string `yaml:"kind" enum:"feed,page,json,sitemap"`
	// Time zone of dates that carry none. Default UTC.
	TimeZone Zone `yaml:"time_zone"`
	// Language of articles that do not say. Default: what the feed says.
	Language string `yaml:"language"`
	// When to pull: a cron spec such as "*/15 * * * *", or "@every 10m". Absent:
	// by the source's own rhythm, between 5 minutes and a day.
	Schedule string `yaml:"schedule"`
	// Whose wish decides between pulls: feed lets what the feed and its server ask
	// for (ttl, skipHours, skipDays, sy:updatePeriod, Cache-Control, Expires)
	// lengthen the schedule, up to a day; schedule does not listen to them.
	// Retry-After is always heeded. Default feed.
	Pace string `yaml:"pace" enum:"feed,schedule"`
	// Keep the source and its articles, but do not pull. Default false.
	Paused bool `yaml:"paused"`
	// Other names of the same outlet, which then is not credited to itself.
	Aliases []string `yaml:"aliases"`
	// Categories added to every article.
	Categories []string `yaml:"categories"`
	// Read each new article's page for credits and full text, once it is published
	// as the feed has it, and again after 1, 6 and 24 hours and 3 days for
	// corrections, and when the feed corrects it. The site's robots.txt is obeyed, and
	// its feeds go first. The daemon does this; copydesk pull leaves it to the daemon.
	// Default false.
	Follow bool `yaml:"follow"`
	// Let the feed's own hub push what is new (WebSub), where it names one and
	// publisher.url can be reached from outside; polls then become daily checks.
	// Default true.
	Push bool `yaml:"push"`
	// Withdraw an article whose own page answers 410 Gone when it is read. Needs
	// follow: true, and ends with its last reading. Default false.
	WithdrawGone bool `yaml:"withdraw_gone"`
	// How much may leave the house, in every format, page and archive: full,
	// excerpt (title, summary, picture) or headline (the title alone). A summary
	// that is only how the text begins ends at half of it. Archive documents that
	// show more than this are printed anew. Articles of a source that leaves the
	// config keep to what it said last, so tighten this first where that is too much.
	// Default full.
	Republish string `yaml:"republish" enum:"full,excerpt,headline"`
	// Rights that travel with every article.
	Rights string `yaml:"rights"`
	// Weight in ranked channels, above 0 and up to 100. Default 1.
	Weight float64 `yaml:"weight"`
	// How names of people are written, house or as_printed. Default: the
	// publisher's.
	Names string `yaml:"names" enum:"house,as_printed"`
	// What we know better than the rules about this source's bylines.
	Byline Byline `yaml:"byline"`
	// Where its article pages keep what is read from them, for a site that is
	// read wrongly without. Try it with copydesk inspect --explain -c FILE
	// --source SLUG. Default: found by copydesk itself.
	Page PageHints `yaml:"page"`
	// Where a listing page (kind: page) keeps its articles. Default: found by
	// copydesk itself, by what recurs on the page.
	List ListHints `yaml:"list"`
	// Where a JSON listing (kind: json, which needs this) keeps its articles.
	JSON JSONPaths `yaml:"json"`
}

// A Byline is what an operator teaches about the bylines of a source.
type Byline struct {
	// Names and whole lines that are nobody's, whatever their case.
	Ignore []string `yaml:"ignore"`
	// Names as the source prints them, and whom to credit instead, such as
	// 王晓夏: Wang Xiaoxia.
	Alias map[string]string `yaml:"alias"`
}

// PageHints are CSS selectors into a source's article pages.
type PageHints struct {
	// The element that holds the article's text.
	Body string `yaml:"body"`
	// Elements in it that are no part of the article.
	Remove []string `yaml:"remove"`
	// The element that names who wrote it.
	Byline string `yaml:"byline"`
	// The element that says when it appeared.
	Date string `yaml:"date"`
	// The element that holds the headline.
	Title string `yaml:"title"`
}

// ListHints are CSS selectors into a listing page.
type ListHints struct {
	// The elements that hold one article each, such as "ul.news > li". Needed
	// where any other selector but next is given.
	Items string `yaml:"items"`
	// In an item, the link to the article. Default: the one that the headline is
	// in, or stands beside.
	Link string `yaml:"link"`
	// In an item, the headline. Default: its heading, or its link.
	Title string `yaml:"title"`
	// In an item, the date. Default: found by how it is written.
	Date string `yaml:"date"`
	// In an item, the teaser. Default: its text beside headline and date.
	Summary string `yaml:"summary"`
	// In an item, the picture. Default: its first.
	Image string `yaml:"image"`
	// On the page, the link to the one on which the list goes on. It is followed
	// only when nothing is known of the source, and over five pages at most.
	// Default: what the page calls its next (rel=next).
	Next string `yaml:"next"`
}

// JSONPaths are paths into JSON: names between dots, with a number for a place in
// a list, such as data.articles, media.0.url or title.rendered. A list on the way
// without a number means each of its members, as in authors.name.
type JSONPaths struct {
	// From the root to the list of articles. Empty: the root is the list.
	Items string `yaml:"items"`
	// In an item, its id. Default: its link.
	ID string `yaml:"id"`
	// In an item, the address of the article; or an address that has paths in
	// braces, such as https://example.org/news/{id}.html. Required.
	Link string `yaml:"link"`
	// In an item, the headline.
	Title string `yaml:"title"`
	// In an item, the teaser.
	Summary string `yaml:"summary"`
	// In an item, the text.
	Content string `yaml:"content"`
	// In an item, when it appeared.
	Date string `yaml:"date"`
	// In an item, when it was changed.
	Modified string `yaml:"modified"`
	// In an item, the names of who wrote it.
	Authors string `yaml:"authors"`
	// In an item, its categories.
	Categories string `yaml:"categories"`
	// In an item, the address of its picture.
	Image string `yaml:"image"`
}

// A Channel is a feed that is published.
type Channel struct {
	// Name in URLs: a-z, 0-9 and hyphens. Required; never change it.
	Slug string `yaml:"slug"`
	// Title, as readers see it. Required.
	Title string `yaml:"title"`
	// What the channel is about.
	Description string `yaml:"description"`
	// Language of the channel. Default: the publisher's.
	Language string `yaml:"language"`
	// Slugs of the sources it may take from. Absent: all.
	Sources []string `yaml:"sources"`
	// Rule that an article must meet, over title, text, url, source, credit,
	// authors, editors, categories, section, language, published, updated, words
	// and has_image. Absent: all articles.
	Where string `yaml:"where"`
	// newest, or top for weight and freshness, of the last 14 days. Default newest.
	Order string `yaml:"order" enum:"newest,top"`
	// Articles in the channel, 1 to 500. Default 50.
	Limit int `yaml:"limit"`
	// Articles of one source in the channel; 0 means no cap. Default 0.
	PerSource int `yaml:"per_source"`
}
