package store

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"copydesk/aggregator/news"
)

const addPerson = `
	INSERT INTO person (normal, slug, name, revision, changed_at)
	VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (normal) DO UPDATE
	SET revision = excluded.revision,
		changed_at = CASE WHEN excluded.changed_at > person.changed_at THEN excluded.changed_at ELSE person.changed_at END`

const addAuthorship = `
	INSERT INTO authorship (article, person, published)
	VALUES ($1, $2, $3)
	ON CONFLICT DO NOTHING`

const dropAuthorships = `
	DELETE FROM authorship
	WHERE article = $1`

// sign files an article under its authors. Bodies are no authors here: they
// have feeds of their own as sources.
func (w *writer) sign(a *news.Article, c change) error {
	for _, name := range authors(a) {
		normal := normalName(name)
		if normal == "" {
			continue
		}
		if err := w.stand(standing{news.AuthorShelf, normal}, name, c); err != nil {
			return err
		}
		if _, err := w.exec(addAuthorship, string(a.Key), normal, micros(a.Published.At)); err != nil {
			return err
		}
	}
	return nil
}

// resign files an article anew where its authors are others than before; those
// who lose it are told so.
func (w *writer) resign(before, a *news.Article, c change) error {
	if slices.Equal(authors(before), authors(a)) {
		return w.sign(a, c)
	}
	if err := w.leaveAuthors(before, c); err != nil {
		return err
	}
	if _, err := w.exec(dropAuthorships, string(a.Key)); err != nil {
		return err
	}
	return w.sign(a, c)
}

// leaveAuthors notes that an article is no longer among those of its authors.
func (w *writer) leaveAuthors(a *news.Article, c change) error {
	for _, name := range authors(a) {
		if normal := normalName(name); normal != "" {
			if err := w.stand(standing{news.AuthorShelf, normal}, name, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func authors(a *news.Article) []string {
	var out []string
	for _, p := range a.Byline.With(news.Author) {
		if !p.Organization {
			out = append(out, p.Name)
		}
	}
	return out
}

// nameWords are the words of a name in small letters without accents and
// marks. Letters of the Latin script that carry no accent but are none of the
// English ones are spelled out.
func nameWords(name string) []string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r) && r < 0x370, r == '.', r == '\'', r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			b.WriteString(spelled(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(norm.NFC.String(b.String()))
}

func spelled(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	case 'þ':
		return "th"
	}
	return string(r)
}

// personWords are nameWords as persons' names are told apart by: initials stand
// together ("J. P. Smith", "JP Smith"), and so does a name in a script that needs no
// blank ("山田 太郎").
func personWords(name string) []string { return gathered(nameWords(name)) }

func gathered(words []string) []string {
	var out []string
	for i, w := range words {
		if i > 0 && (isInitial(w) && isInitial(words[i-1]) || isUnspaced(w) && isUnspaced(words[i-1])) {
			out[len(out)-1] += w
			continue
		}
		out = append(out, w)
	}
	return out
}

func isInitial(word string) bool { return len(word) == 1 && 'a' <= word[0] && word[0] <= 'z' }

func isUnspaced(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// normalName is equal for all spellings of a name that differ in case, accents,
// marks, blanks between initials and order.
func normalName(name string) string { return normalOf(personWords(name)) }

func normalOf(words []string) string {
	slices.Sort(words)
	return strings.Join(words, " ")
}

// slugOfWords is how nameWords stand in a slug; ok is false where they do not
// fit one.
func slugOfWords(words []string) (news.Slug, bool) {
	slug, err := news.ParseSlug(strings.Join(words, "-"))
	return slug, err == nil
}

var slugEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// AuthorSlug names a person in URLs: by the name itself where it is Latin, else
// by a hash of it. Names of two persons never share one; one person's may
// differ in the order of the words, and the store knows which one stands.
func AuthorSlug(name string) news.Slug {
	return slugOf("person-", personWords(name), normalName(name))
}

// slugOf is words as a slug; where they fit none, or begin as a hash does, a
// hash of what identifies them.
func slugOf(prefix string, words []string, identity string) news.Slug {
	if slug, ok := slugOfWords(words); ok && !strings.HasPrefix(string(slug), prefix) {
		return slug
	}
	sum := sha256.Sum256([]byte(identity))
	return news.Slug(prefix + slugEncoding.EncodeToString(sum[:10]))
}
