package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"copydesk/aggregator/news"
)

// notAnAuthor is a slug that no author has.
type notAnAuthor struct{ slug news.Slug }

func (e notAnAuthor) Error() string  { return fmt.Sprintf("no author %s", e.slug) }
func (e notAnAuthor) NotFound() bool { return true }

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

// Authors are those whose articles are shown, whoever wrote last first, at
// most n.
func (s *Store) Authors(ctx context.Context, n int) ([]news.Writer, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT p.slug, p.name, count(*), max(w.published) AS newest
		FROM authorship AS w
		JOIN person AS p ON p.normal = w.person
		JOIN article AS a ON a.key = w.article AND a.withdrawn = 0
		GROUP BY p.normal, p.slug, p.name
		ORDER BY newest DESC, p.slug
		LIMIT $1`, n)
	if err != nil {
		return nil, fmt.Errorf("authors: %w", err)
	}
	defer rows.Close()
	out := []news.Writer{}
	for rows.Next() {
		var a news.Writer
		var newest int64
		if err := rows.Scan(&a.Slug, &a.Name, &a.Articles, &newest); err != nil {
			return nil, fmt.Errorf("authors: %w", err)
		}
		a.Newest = moment(newest)
		out = append(out, a)
	}
	return out, rows.Err()
}

// ByAuthor is an author with what is shown of theirs across sources, newest
// first, at most n. The error has NotFound() true when there is no such author.
func (s *Store) ByAuthor(ctx context.Context, slug news.Slug, n int) (news.Writer, []news.Article, error) {
	who := news.Writer{Slug: slug}
	var normal string
	err := s.read.QueryRowContext(ctx, `
		SELECT normal, name
		FROM person
		WHERE slug = $1`, string(slug)).Scan(&normal, &who.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return who, nil, notAnAuthor{slug}
	}
	if err != nil {
		return who, nil, fmt.Errorf("author %s: %w", slug, err)
	}
	var newest int64
	err = s.read.QueryRowContext(ctx, `
		SELECT count(*), coalesce(max(w.published), 0)
		FROM authorship AS w
		JOIN article AS a ON a.key = w.article AND a.withdrawn = 0
		WHERE w.person = $1`, normal).Scan(&who.Articles, &newest)
	if err != nil {
		return who, nil, fmt.Errorf("author %s: %w", slug, err)
	}
	who.Newest = moment(newest)
	list, err := s.writtenBy(ctx, normal, n)
	if err != nil {
		return who, nil, fmt.Errorf("author %s: %w", slug, err)
	}
	return who, list, nil
}

func (s *Store) writtenBy(ctx context.Context, normal string, n int) ([]news.Article, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT w.article
		FROM authorship AS w
		JOIN article AS a ON a.key = w.article AND a.withdrawn = 0
		WHERE w.person = $1
		ORDER BY w.published DESC, w.article DESC
		LIMIT $2`, normal, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys []news.Key
	for rows.Next() {
		var key news.Key
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return s.Articles(ctx, keys)
}
