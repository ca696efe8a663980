package feed

import (
	"bytes"
	"strings"
)

// checkAtom holds a document to RFC 4287 and what goes with it.
func checkAtom(doc []byte) error {
	var f faults
	top, err := readXML(doc)
	if err != nil {
		return err
	}
	if len(top.children) != 1 || top.children[0].name != "feed" || top.children[0].attr("xmlns") != atomNS {
		f.add("the document is no Atom feed")
		return f.err()
	}
	root := top.children[0]
	var list []facts
	for _, en := range root.all("entry") {
		list = append(list, checkAtomEntry(&f, en))
	}
	checkAtomHead(&f, root)
	checkApart(&f, list)
	checkTombstones(&f, root)
	checkTree(&f, root)
	checkSize(&f, len(doc))
	return f.err()
}

func checkAtomHead(f *faults, root *element) {
	required(f, root, "id", "title", "updated")
	single(f, root, "subtitle", "generator", "logo", "icon", "rights")
	if id, _ := root.one("id"); !uri(id) {
		f.add("the feed's id %q is no URI", id)
	}
	updated, _ := root.one("updated")
	checkRFC3339(f, "feed/updated", updated)
	checkRelations(f, root.all("link"))
	archive := len(root.all("fh:archive")) > 0
	for _, l := range root.all("link") {
		if l.attr("rel") == "current" && !archive {
			f.add("a feed that is no archive links to the current one")
		}
	}
	if len(root.all("author")) == 0 {
		f.add("the feed has no author")
	}
}

func checkAtomEntry(f *faults, en *element) facts {
	required(f, en, "id", "title", "updated")
	single(f, en, "published", "rights")
	var x facts
	x.id, _ = en.one("id")
	if !uri(x.id) {
		f.add("the id %q is no URI", x.id)
	}
	x.updated, _ = en.one("updated")
	updated := checkRFC3339(f, "updated", x.updated)
	if text, ok := en.one("published"); ok && checkRFC3339(f, "published", text).After(updated) {
		f.add("the entry %s was updated before it was published", x.id)
	}
	for _, name := range []string{"content", "summary", "source"} {
		if len(en.all(name)) > 1 {
			f.add("the entry %s has <%s> twice", x.id, name)
		}
	}
	checkPeople(f, en)
	checkAtomSource(f, en)
	alternates := 0
	for _, l := range en.all("link") {
		switch l.attr("rel") {
		case "alternate":
			alternates++
		case "enclosure":
			if !strings.Contains(hostOf(l.attr("href")), ".") {
				f.add("the enclosure %q is on a host without a dot", l.attr("href"))
			}
		}
	}
	if alternates > 1 || alternates == 0 && len(en.all("content")) == 0 {
		f.add("the entry %s has %d links to its page", x.id, alternates)
	}
	checkAtomTexts(f, en)
	return x
}

// checkAtomTexts holds titles and contents to what their type says.
func checkAtomTexts(f *faults, en *element) {
	for _, name := range []string{"title", "summary", "content"} {
		for _, t := range en.all(name) {
			switch t.attr("type") {
			case "html":
				checkHTML(f, name, t.text)
			case "text", "":
				if name == "title" && (strings.Contains(t.text, "</") || looksLikeEntity(t.text)) {
					f.add("the title %q is taken for HTML", t.text)
				}
			default:
				f.add("<%s> has the type %q", name, t.attr("type"))
			}
		}
	}
	for _, c := range en.all("category") {
		if strings.TrimSpace(c.attr("term")) == "" {
			f.add("a category has no term")
		}
	}
}

func checkPeople(f *faults, en *element) {
	for _, role := range []string{"author", "contributor"} {
		for _, p := range en.all(role) {
			required(f, p, "name")
			if address, ok := p.one("uri"); ok && !soundAddress(address) {
				f.add("the person's address %q is not absolute ASCII", address)
			}
			if mail, ok := p.one("email"); ok && mailbox(mail) == "" {
				f.add("the e-mail address %q is none", mail)
			}
		}
	}
}

// checkAtomSource wants to know where every entry comes from, and whose it is.
func checkAtomSource(f *faults, en *element) {
	list := en.all("source")
	if len(list) == 0 {
		f.add("an entry does not say its source")
		return
	}
	src := list[0]
	required(f, src, "id", "title", "updated")
	if id, _ := src.one("id"); !uri(id) {
		f.add("the source's id %q is no URI", id)
	}
	updated, _ := src.one("updated")
	checkRFC3339(f, "source/updated", updated)
	if len(en.all("author"))+len(src.all("author")) == 0 {
		f.add("an entry without author inherits ours")
	}
}

// checkTombstones holds deleted entries to RFC 6721 §3.
func checkTombstones(f *faults, root *element) {
	for _, d := range root.all("at:deleted-entry") {
		if !uri(d.attr("ref")) {
			f.add("a deleted entry has the id %q", d.attr("ref"))
		}
		checkRFC3339(f, "at:deleted-entry", d.attr("when"))
		for _, en := range root.all("entry") {
			if id, _ := en.one("id"); id == d.attr("ref") {
				f.add("the entry %s is there and deleted", id)
			}
		}
	}
	if n := len(root.all("at:deleted-entry")); n > 0 && root.attr("xmlns:at") == "" {
		f.add("the namespace of deleted entries is not declared")
	}
}

// checkRSS holds a document to RSS 2.0 and the RSS Advisory Board's profile.
func checkRSS(doc []byte) error {
	var f faults
	top, err := readXML(doc)
	if err != nil {
		return err
	}
	if len(top.children) != 1 || top.children[0].name != "rss" || top.children[0].attr("version") != "2.0" || len(top.children[0].all("channel")) != 1 {
		f.add("the document is no RSS 2.0")
		return f.err()
	}
	root := top.children[0]
	ch := root.all("channel")[0]
	var list []facts
	for _, it := range ch.all("item") {
		list = append(list, checkRSSItem(&f, it))
	}
	checkRSSHead(&f, ch)
	checkApart(&f, list)
	checkTree(&f, root)
	checkSize(&f, len(doc))
	if bytes.Contains(doc, []byte("<![CDATA[")) {
		f.add("the document has a CDATA section")
	}
	return f.err()
}

func checkRSSHead(f *faults, ch *element) {
	required(f, ch, "title", "link", "description", "lastBuildDate")
	single(f, ch, "language", "generator", "ttl", "image")
	if address, _ := ch.one("link"); !soundAddress(address) {
		f.add("the channel's address %q is not absolute ASCII", address)
	}
	built, _ := ch.one("lastBuildDate")
	checkRFC822(f, "lastBuildDate", built)
	if lang, ok := ch.one("language"); ok && languageTag(lang) == "" {
		f.add("the channel has the language %q", lang)
	}
	checkRelations(f, ch.all("atom:link"))
}

func checkRSSItem(f *faults, it *element) facts {
	required(f, it, "guid", "pubDate", "link")
	single(f, it, "title", "description", "content:encoded", "source", "dc:publisher", "dc:rights", "dc:language", "atom:updated")
	var x facts
	x.id, _ = it.one("guid")
	for _, g := range it.all("guid") {
		if g.attr("isPermaLink") != "false" {
			f.add("the guid %s claims to be an address", x.id)
		}
	}
	published, _ := it.one("pubDate")
	checkRFC822(f, "pubDate", published)
	if text, ok := it.one("atom:updated"); ok {
		checkRFC3339(f, "atom:updated", text)
	}
	if address, _ := it.one("link"); !soundAddress(address) {
		f.add("the item's address %q is not absolute ASCII", address)
	}
	if len(it.all("title"))+len(it.all("description")) == 0 {
		f.add("the item %s has neither title nor description", x.id)
	}
	if len(it.all("author")) > 0 || len(it.all("atom:source")) > 0 {
		f.add("the item %s has <author> or <atom:source>", x.id)
	}
	for _, name := range []string{"description", "content:encoded"} {
		if text, ok := it.one(name); ok {
			checkHTML(f, name, text)
		}
	}
	checkRSSTexts(f, it)
	checkEnclosures(f, it)
	if lang, ok := it.one("dc:language"); ok && languageTag(lang) == "" {
		f.add("the item has the language %q", lang)
	}
	return x
}

func checkRSSTexts(f *faults, it *element) {
	for _, name := range []string{"dc:creator", "dc:contributor", "category"} {
		for _, el := range it.all(name) {
			if strings.TrimSpace(el.text) == "" {
				f.add("a <%s> is blank", name)
			}
		}
	}
	for _, name := range []string{"title", "category", "source", "dc:creator", "dc:contributor", "dc:publisher", "dc:rights"} {
		for _, el := range it.all(name) {
			if endTag.MatchString(el.text) {
				f.add("the <%s> %q is taken for HTML", name, el.text)
			}
		}
	}
}

func checkEnclosures(f *faults, it *element) {
	if n := len(it.all("enclosure")); n > 1 {
		f.add("the item has %d enclosures", n)
	}
	for _, en := range it.all("enclosure") {
		if en.attr("url") == "" || en.attr("length") == "" || en.attr("type") == "" {
			f.add("the enclosure %q lacks its length or its type", en.attr("url"))
		}
		if !strings.Contains(hostOf(en.attr("url")), ".") {
			f.add("the enclosure %q is on a host without a dot", en.attr("url"))
		}
	}
	for _, m := range it.all("media:content") {
		if m.attr("url") == "" {
			f.add("a <media:content> has no address")
		}
		for _, c := range m.all("media:credit") {
			if c.attr("role") == "" || strings.TrimSpace(c.text) == "" {
				f.add("a <media:credit> is blank or has no role")
			}
		}
	}
}
