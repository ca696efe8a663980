package page

import (
	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// pageSize is how large a page of a list may be, without its pictures.
const pageSize = 50_000

// A room is how much a list shows of each article. Its page has all of it.
type room struct {
	headline, names int // characters and people; 0 is all
	briefs          int // how many articles of a search have more than a headline
}

// rooms are tried from the widest to the narrowest, until the page is small
// enough: the people of a large collaboration, or headlines as long as a text,
// leave none of fifty articles out.
var rooms = []room{{briefs: onPage}, {headline: 120, names: 3, briefs: withSummary}, {headline: 60, names: 1, briefs: withSummary / 2}}

// renderList is render for a page that lists articles.
func (p *Pages) renderList(name string, v view) (body []byte, err error) {
	for _, v.Room = range rooms {
		if body, err = p.render(name, v); err != nil || len(body) <= pageSize {
			break
		}
	}
	return body, err
}

// clip is a headline as far as there is room for it.
func (r room) clip(headline string) string {
	if r.headline == 0 {
		return headline
	}
	return edition.Clip(headline, r.headline)
}

// Of is those people for whom there is room, to be named in a language.
func (r room) Of(w *speech, list []news.Person) crowd {
	if r.names == 0 || len(list) <= r.names {
		return crowd{List: list, Comma: w.comma()}
	}
	return crowd{List: list[:r.names], Comma: w.comma(), More: true}
}
