package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
	"copydesk/aggregator/store/storetest"
)

// A database of the first version, with articles in it, becomes by migration
// what a new one is, keeps its articles and works on.
func TestMigrateFromTheFirstVersion(t *testing.T) {
	dialects := map[string][2]string{"sqlite": {filepath.Join(t.TempDir(), "old.db"), filepath.Join(t.TempDir(), "new.db")}}
	if dsn := os.Getenv("COPYDESK_TEST_POSTGRES"); dsn != "" {
		dialects["postgres"] = [2]string{storetest.Schema(t, dsn), storetest.Schema(t, dsn)}
	}
	for dialect, dsn := range dialects {
		t.Run(dialect, func(t *testing.T) {
			first(t, dialect, dsn[0])
			upgraded, fresh := opened(t, dsn[0]), opened(t, dsn[1])
			got, want := schema(t, dialect, upgraded), schema(t, dialect, fresh)
			if !slices.Equal(got, want) {
				t.Errorf("upgraded\n%s\nfresh\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			for query, want := range map[string]int{
				`SELECT count(*) FROM article`:                       3,
				`SELECT count(*) FROM archive WHERE channel = 'all'`: 3, // filled from what stood there
				`SELECT entries FROM channel WHERE slug = 'all'`:     3,
				`SELECT count(*) FROM source WHERE slug = 's0'`:      1,
				`SELECT count(*) FROM indexing`:                      1, // the index is still to be made
			} {
				var got int
				if err := upgraded.Writer().QueryRow(query).Scan(&got); err != nil || got != want {
					t.Errorf("%s: %d, %v; want %d", query, got, err, want)
				}
			}
			if err := upgraded.SyncSources(t.Context(), sources(1)); err != nil { // says what may be found
				t.Fatal(err)
			}
			if err := upgraded.Index(t.Context(), noon); err != nil {
				t.Fatal(err)
			}
			if got := len(strings.Fields(finds(t, upgraded, "harbour"))); got != 3 {
				t.Errorf("%d of 3 old articles are found", got)
			}
			old := article("s0", "other", "Harbour 1") // what was stored then is known under another id, too
			old.URL, old.ContentHTML = "http://www.h.example/1", "<p>Harbour</p>"
			if got := save(t, upgraded, pull("s0", noon, article("s0", "new", "New"), old)); got.New != 1 || got.Changed != 1 {
				t.Errorf("saved %+v, want one new and one changed", got)
			}
		})
	}
}

func opened(t *testing.T, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Spellings of one person that were told apart once are one after the migration, and
// the address of each leads to what they wrote.
func TestMigrateNames(t *testing.T) {
	dialects := map[string]string{"sqlite": filepath.Join(t.TempDir(), "old.db")}
	if dsn := os.Getenv("COPYDESK_TEST_POSTGRES"); dsn != "" {
		dialects["postgres"] = storetest.Schema(t, dsn)
	}
	for dialect, dsn := range dialects {
		t.Run(dialect, func(t *testing.T) {
			upTo(t, dialect, dsn, 15,
				`INSERT INTO source (slug, settings, host, url, schedule, state, next_due) VALUES ('s0', 'x', 'h.example', 'https://h.example/feed', '', 'active', 0)`,
				`INSERT INTO article (key, source, original_id, url, fingerprint, published, updated, first_seen, revision, data, content)
					VALUES ('aaaaaaaaaaaaaaa1', 's0', '1', 'https://h.example/1', '0123456789abcdef', 1, 1, 1, 1, '{"Key": "aaaaaaaaaaaaaaa1", "Source": "s0", "Byline": {"People": [{"Name": "J. P. Smith", "Role": "author"}, {"Name": "山田 太郎", "Role": "author"}]}}', '')`,
				`INSERT INTO person (normal, slug, name) VALUES ('j p smith', 'j-p-smith', 'J. P. Smith'), ('太郎 山田', 'person-old', '山田 太郎')`,
				`INSERT INTO authorship (article, person, published) VALUES ('aaaaaaaaaaaaaaa1', 'j p smith', 1), ('aaaaaaaaaaaaaaa1', '太郎 山田', 1)`)
			s := opened(t, dsn)
			if err := s.Index(t.Context(), noon); err != nil {
				t.Fatal(err)
			}
			save(t, s, pull("s0", noon, by(article("s0", "2", "Two"), "JP Smith", "山田太郎")))
			for slug, want := range map[news.Slug]news.Slug{
				"j-p-smith": "jp-smith", "smith-j-p": "jp-smith", "jp-smith": "jp-smith",
				"person-old": store.AuthorSlug("山田太郎"), store.AuthorSlug("山田 太郎"): store.AuthorSlug("山田太郎"),
			} {
				_, touched, err := s.Standing(t.Context(), news.Shelf{Kind: news.AuthorShelf, Slug: slug})
				list, listed := s.Placements(t.Context(), touched.Shelf, 10)
				if err != nil || listed != nil || touched.Shelf.Slug != want || len(list) != 2 {
					t.Errorf("%s leads to %s with %d articles (%v, %v); want %s with 2", slug, touched.Shelf.Slug, len(list), err, listed, want)
				}
			}
			if got := told(t, s); strings.Count(got, "\n") != 2 {
				t.Errorf("got\n%swant two authors", got)
			}
		})
	}
}

// Of a source that left the config while nobody kept what that said of it, no more
// than headlines may leave the house, or be found.
func TestMigrateFormerSources(t *testing.T) {
	dialects := map[string]string{"sqlite": filepath.Join(t.TempDir(), "old.db")}
	if dsn := os.Getenv("COPYDESK_TEST_POSTGRES"); dsn != "" {
		dialects["postgres"] = storetest.Schema(t, dsn)
	}
	for dialect, dsn := range dialects {
		t.Run(dialect, func(t *testing.T) {
			var fill []string
			for slug, state := range map[string]string{"s0": "active", "former": "retired"} {
				fill = append(fill,
					fmt.Sprintf(`INSERT INTO source (slug, settings, host, url, schedule, state, next_due, republish) VALUES ('%s', 'x', 'h.example', 'https://h.example/%[1]s', '', '%s', 0, 'excerpt')`, slug, state),
					fmt.Sprintf(`INSERT INTO article (key, source, original_id, url, fingerprint, published, updated, first_seen, revision, data, content)
						VALUES ('%s', '%[1]s', '1', 'https://h.example/1', '0123456789abcdef', 1, 1, 1, 1, '{"Key": "%[1]s", "Source": "%[1]s", "OriginalID": "%[1]s", "Title": "Harbour", "Summary": "Boats sail."}', '<p>Boats sail, and ships too.</p>')`, slug),
					fmt.Sprintf(`INSERT INTO search_entry (id, article) VALUES (%d, '%s')`, len(slug), slug))
			}
			upTo(t, dialect, dsn, 18, fill...)
			s := opened(t, dsn)
			list, err := s.Origins(t.Context())
			if err != nil || list["former"].Republish != news.RepublishHeadline || list["s0"].Republish != news.RepublishExcerpt {
				t.Errorf("%+v, %v", list, err)
			}
			if err := s.Index(t.Context(), noon); err != nil {
				t.Fatal(err)
			}
			if got := finds(t, s, "harbour"); !strings.Contains(got, "former") {
				t.Errorf("by its title are found %q", got)
			}
			if got := finds(t, s, "boats"); strings.Contains(got, "former") {
				t.Errorf("by what may not be told are found %q", got)
			}
		})
	}
}

// What stood in an edition before shelves noted what they told has been told of old.
func TestMigrateTold(t *testing.T) {
	dialects := map[string]string{"sqlite": filepath.Join(t.TempDir(), "old.db")}
	if dsn := os.Getenv("COPYDESK_TEST_POSTGRES"); dsn != "" {
		dialects["postgres"] = storetest.Schema(t, dsn)
	}
	for dialect, dsn := range dialects {
		t.Run(dialect, func(t *testing.T) {
			upTo(t, dialect, dsn, 26,
				`INSERT INTO source (slug, settings, host, url, schedule, state, next_due) VALUES ('s0', 'x', 'h.example', 'https://h.example/feed', '', 'active', 0)`,
				`INSERT INTO channel (slug, filing, settings, ranked, sources, shown) VALUES ('all', 'x', 'x', 1, '[]', 'top')`,
				`INSERT INTO article (key, source, original_id, url, fingerprint, published, updated, first_seen, revision, data, content)
					VALUES ('a1', 's0', '1', 'https://h.example/1', '0123456789abcdef', 1, 1, 1, 1, '{"Key": "a1"}', '')`,
				`INSERT INTO placement (channel, article, source, rule, published, updated) VALUES ('all', 'a1', 's0', 'everything', 1, 1)`,
				`INSERT INTO edition (kind, slug, name, printed_at, contents) VALUES ('channels', 'all', 'before', 1, 'x'), ('channels', 'all', 'now', 2, 'x')`)
			s, shelf := opened(t, dsn), news.Shelf{Kind: news.ChannelShelf, Slug: "all"}
			updated := time.UnixMicro(1).UTC()
			names, err := s.KeepEdition(t.Context(), shelf, news.Edition{
				Name: "now", Revision: 9, Contents: []byte("x"), Shows: "top",
				Told: []news.Told{{Article: "a1", Updated: updated, Revision: 9, Stood: 1, First: 9}},
			}, noon)
			if err != nil || !slices.Equal(names, []string{"now", "before"}) {
				t.Errorf("editions are %q, %v", names, err)
			}
			got, err := s.Told(t.Context(), shelf, 9)
			if want := []news.Told{{Article: "a1", Updated: updated, Revision: 1, First: 1}}; err != nil || !slices.Equal(got, want) {
				t.Errorf("told is %v, %v; want %v", got, err, want)
			}
		})
	}
}

// first makes a database as the first version left it: one source, one channel,
// three articles in it.
func first(t *testing.T, dialect, dsn string) {
	t.Helper()
	fill := []string{
		`INSERT INTO source (slug, settings, host, url, schedule, state, next_due) VALUES ('s0', 'x', 'h.example', 'https://h.example/feed', '', 'active', 0)`,
		`INSERT INTO channel (slug, filing, settings, ranked, sources) VALUES ('all', 'x', 'x', 0, '[]')`,
		`UPDATE revision SET value = 3`,
	}
	for i := 1; i <= 3; i++ {
		key, at := fmt.Sprintf("aaaaaaaaaaaaaaa%d", i), noon.UnixMicro()+int64(i)
		fill = append(fill,
			fmt.Sprintf(`INSERT INTO article (key, source, original_id, url, fingerprint, published, updated, first_seen, revision, data, content)
				VALUES ('%s', 's0', '%d', 'https://h.example/%d', '0123456789abcdef', %d, %d, %d, %d, '{"Key": "%s", "Source": "s0", "OriginalID": "%d", "Title": "Harbour %d", "URL": "https://h.example/%d"}', '<p>Harbour</p>')`, key, i, i, at, at, at, i, key, i, i, i),
			fmt.Sprintf(`INSERT INTO placement (channel, article, source, rule, published, updated) VALUES ('all', '%s', 's0', 'everything', %d, %d)`, key, at, at))
	}
	upTo(t, dialect, dsn, 1, fill...)
}

// upTo makes a database of a version, with rows in it.
func upTo(t *testing.T, dialect, dsn string, version int64, fill ...string) {
	t.Helper()
	driver, of := "sqlite", goose.DialectSQLite3
	if dialect == "postgres" {
		driver, of = "pgx", goose.DialectPostgres
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(of, db, os.DirFS(filepath.Join("migrations", dialect)), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	for _, q := range fill {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// schema is what a database is made of, in words.
func schema(t *testing.T, dialect string, s *store.Store) []string {
	t.Helper()
	query := `SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1`
	if dialect == "postgres" {
		query = `
			SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
			FROM information_schema.columns
			WHERE table_schema = current_schema()
			UNION ALL
			SELECT 'index ' || replace(indexdef, current_schema() || '.', '')
			FROM pg_indexes
			WHERE schemaname = current_schema()
			ORDER BY 1`
	}
	rows, err := s.Writer().Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		if dialect == "postgres" { // sequences are named with their schema
			line = regexp.MustCompile(`t\d{10,}\.`).ReplaceAllString(line, "")
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil || len(out) < 20 {
		t.Fatalf("%d parts, %v", len(out), err)
	}
	return out
}

// Each migration has a twin for the other database, and numbers that none
// shares.
func TestMigrationsComeInPairs(t *testing.T) {
	names := map[string][]string{}
	for _, dialect := range []string{"sqlite", "postgres"} {
		entries, err := os.ReadDir(filepath.Join("migrations", dialect))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, e := range entries {
			number, _, _ := strings.Cut(e.Name(), "_")
			if seen[number] {
				t.Errorf("%s: number %s is taken twice", dialect, number)
			}
			seen[number] = true
			names[dialect] = append(names[dialect], e.Name())
		}
	}
	if !slices.Equal(names["sqlite"], names["postgres"]) {
		t.Errorf("sqlite has %v, postgres %v", names["sqlite"], names["postgres"])
	}
}
