package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
	"copydesk/aggregator/store/storetest"
)

// finds are the ids of the articles that a query finds, in its order.
func finds(t *testing.T, s *store.Store, typed string) string {
	t.Helper()
	q, err := news.ParseQuery(typed)
	if err != nil {
		t.Fatal(err)
	}
	hits, err := s.Search(t.Context(), q, 0, 50)
	if err != nil {
		t.Fatalf("%s: %v", typed, err)
	}
	var keys []news.Key
	for _, h := range hits {
		keys = append(keys, h.Article)
	}
	list, err := s.Articles(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, a := range list {
		out = append(out, a.OriginalID)
	}
	return strings.Join(out, " ")
}

// said is an article with a text, as old as its number of minutes.
func said(age int, id, title, text string, names ...string) news.Article {
	a := by(article("s0", id, title), names...)
	a.ContentHTML, a.Published.At = "<p>"+text+"</p>", noon.Add(-time.Duration(age)*time.Minute)
	return a
}

// The same is found on both databases, in any script.
func TestSearch(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		ferry := said(1, "ferry", "Ferry line opens", "The <em>new</em> harbour, São Paulo&amp;Co. It isn&#39;t far from New York.", "Lin Yuchen")
		ferry.Summary, ferry.Credit.Name, ferry.Section = "A ferry again", "Xinhua", "Water"
		save(t, s, pull("s0", noon,
			ferry,
			said(3, "york", "York is new", "A city by the ouse. ferry", "José Pérez", "*Day Desk"),
			said(2, "zh", "上海市的新渡轮", "渡轮从上海开往大海。iPhone手机", "王晓夏"),
			said(4, "ja", "フェリー就航", "ニュース、東京港の「新しい」フェリー。"),
			said(5, "ko", "서울에서 여객선", "여객선이 서울을 떠났다."),
			said(6, "th", "เรือข้ามฟากลำใหม่", "กรุงเทพมหานครเปิดเส้นทาง"),
			said(7, "ar", "افتتاح خط العبّارة الجديد", "قال المُراسِل إنّ الأمر تمّ"),
			said(8, "he", "מעבורת חדשה", "שָׁלוֹם לכולם"),
			said(9, "hi", "नई नौका सेवा", "मुंबई में नौका"),
			said(10, "el", "Νέος Λόγος", "ΤΟ ΠΛΟΊΟ"),
			said(11, "ru", "Новый паром", "Ёлка стоит"),
		))
		for _, tt := range []struct{ typed, want string }{
			{"ferry", "ferry york"}, {"FERRY", "ferry york"}, {"sao paulo", "ferry"}, {"São", "ferry"}, {"perez", "york"}, {"josé", "york"},
			{"new york", "ferry york"}, {`"new york"`, "ferry"}, {`"York is"`, "york"}, {"ferry -york", ""}, {"ferry -ouse", "ferry"}, {`ferry -"new york"`, "york"},
			{"author:lin", "ferry"}, {`author:"yuchen lin"`, ""}, {`author:"lin yuchen"`, "ferry"}, {"author:ferry", ""}, {`author:desk`, "york"}, {"title:york", "york"}, {"title:ouse", ""}, {"-author:lin ferry", "york"},
			{"xinhua", "ferry"}, {"water", "ferry"}, {"isn't", "ferry"}, {"co", "ferry"}, {"amp", ""}, {"em", ""}, {"ferr", ""},
			{`"opens lin"`, ""}, {`"line opens ferry"`, ""}, // no row of words goes across parts
			{"上海", "zh"}, {"海", "zh"}, {"渡轮", "zh"}, {"海市", "zh"}, {"市海", ""}, {"上海市的新渡轮", "zh"}, {"大海", "zh"}, {"手机", "zh"}, {"iphone", "zh"}, {"iPhone手机", "zh"}, {"機", ""}, {"晓夏", "zh"}, {"author:王", "zh"}, {"渡轮 -上海", ""},
			{"フェリー", "ja"}, {"ニュース", "ja"}, {"東京", "ja"}, {"新しい", "ja"}, {"ﾌｪﾘｰ", "ja"},
			{"서울", "ko"}, {"여객선", "ko"}, {"ข้ามฟาก", "th"}, {"กรุงเทพ", "th"}, {"العبارة", "ar"}, {"المراسل", "ar"}, {"الامر", "ar"}, {"שלום", "he"}, {"नौका", "hi"}, {"नौ", ""}, {"λογοσ", "el"}, {"πλοιο", "el"}, {"паром", "ru"}, {"елка", "ru"},
		} {
			if got := finds(t, s, tt.typed); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.typed, got, tt.want)
			}
		}
	})
}

// Whatever a reader types is words, not a command of the database.
func TestSearchForAnything(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		save(t, s, pull("s0", noon, said(1, "a", "Near or not and", "x y z")))
		for _, typed := range []string{`a" OR "b`, "x* NEAR(y,2)", "{title} : x", "title:title:x", "(x", "x)", "^x", "a'b\\c", "x & !y | z", "x:* <-> y", "'; DROP TABLE article; --x", "x\x00y", "\u202ex", "ー", "ﷺ", "é̂", "𝔘𝔫𝔦", "½", "x\uffff", strings.Repeat("海", 200), strings.Repeat("\u0301", 199) + "x"} {
			q, err := news.ParseQuery(typed)
			if err != nil {
				t.Errorf("%q: %v", typed, err)
				continue
			}
			if _, err := s.Search(t.Context(), q, 0, 50); err != nil {
				t.Errorf("%q: %v", typed, err)
			}
		}
		if got := finds(t, s, "⛴️"); got != "" {
			t.Errorf("a picture: got %q", got)
		}
		if got := finds(t, s, "near or not and"); got != "a" {
			t.Errorf("words of the query language: got %q", got)
		}
	})
}

// The index follows the articles: changed, withdrawn, pruned, and cut to what
// may leave the house.
func TestSearchKeepsInStep(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := said(1, "a", "Alpha", "beta")
		a.Summary = "gamma " + strings.Repeat("- ", 200) + " delta"
		b := said(2, "b", "Alpha too", "beta")
		old := said(60*24*400, "old", "Alpha once", "beta")
		save(t, s, pull("s0", noon, a, b, old))
		a.Title = "Omega"
		save(t, s, pull("s0", noon.Add(time.Minute), a))
		expect := func(when string, want map[string]string) {
			t.Helper()
			for typed, ids := range want {
				if got := finds(t, s, typed); got != ids {
					t.Errorf("%s, %s: got %q, want %q", when, typed, got, ids)
				}
			}
		}
		expect("changed", map[string]string{"alpha": "b old", "omega": "a", "beta": "a b old"})
		if _, err := s.Withdraw(t.Context(), b.Key, news.Withdrawal{At: noon, Reason: "wrong"}); err != nil {
			t.Fatal(err)
		}
		expect("withdrawn", map[string]string{"alpha": "old", "beta": "a old"})
		if _, err := s.Writer().Exec(`DELETE FROM article WHERE original_id = 'old'`); err != nil { // as pruning does
			t.Fatal(err)
		}
		expect("pruned", map[string]string{"alpha": "", "beta": "a"})

		for _, tt := range []struct {
			republish                news.Republish
			text, early, late, title string
		}{
			{news.RepublishFull, "a", "a", "a", "a"}, {news.RepublishExcerpt, "", "a", "", "a"}, {news.RepublishHeadline, "", "", "", "a"}, {news.RepublishFull, "a", "a", "a", "a"},
		} {
			list := sources(1)
			list[0].Republish = tt.republish
			if err := s.SyncSources(t.Context(), list); err != nil {
				t.Fatal(err)
			}
			if err := s.Index(t.Context(), noon); err != nil {
				t.Fatal(err)
			}
			expect(string(tt.republish), map[string]string{"beta": tt.text, "gamma": tt.early, "delta": tt.late, "omega": tt.title})
		}
	})
}

// What was stored by a version without an index is found after an upgrade, by
// its words, its authors and its section.
func TestIndexAfterAnUpgrade(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		var list []news.Article
		for i := range 120 {
			a := said(i, fmt.Sprint(i), "Ferry", "x", "Ann Lee")
			a.Section = "World"
			list = append(list, a)
		}
		save(t, s, pull("s0", noon, list...))
		for _, q := range []string{`DELETE FROM search_entry`, `DELETE FROM authorship`, `DELETE FROM person`, `DELETE FROM section`, `UPDATE article SET section = NULL`, `DELETE FROM indexing`, `INSERT INTO indexing VALUES ('', '')`} {
			if _, err := s.Writer().Exec(q); err != nil {
				t.Fatal(err)
			}
		}
		if got := finds(t, s, "ferry"); got != "" {
			t.Fatalf("before: %q", got)
		}
		for range 2 { // the second has nothing left to do
			if err := s.Index(t.Context(), noon); err != nil {
				t.Fatal(err)
			}
		}
		if got := len(strings.Fields(finds(t, s, "ferry"))); got != 50 {
			t.Errorf("found %d, want 50", got)
		}
		for _, shelf := range []news.Shelf{{Kind: news.AuthorShelf, Slug: "ann-lee"}, {Kind: news.SectionShelf, Slug: "world"}} {
			places, err := s.Placements(t.Context(), shelf, 500)
			if err != nil || len(places) != 120 {
				t.Errorf("%v: %d, %v; want 120", shelf, len(places), err)
			}
		}
	})
}

func TestAuthorsAndSectionsAreShelves(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 2)
		standing := func(kind news.ShelfKind, slug news.Slug) news.Touched {
			t.Helper()
			_, touched, err := s.Standing(t.Context(), news.Shelf{Kind: kind, Slug: slug})
			if err != nil {
				t.Fatal(err)
			}
			return touched
		}
		on := func(kind news.ShelfKind, slug news.Slug) string {
			t.Helper()
			list, err := s.Placements(t.Context(), news.Shelf{Kind: kind, Slug: slug}, 10)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, p := range list {
				out = append(out, string(p.Article))
			}
			return strings.Join(out, " ")
		}
		a, b := by(article("s0", "a", "A"), "Lin Yuchen"), by(article("s1", "b", "B"), "LIN Yuchen")
		a.Section, b.Section = "World News", "WORLD news"
		b.Published.At = b.Published.At.Add(-time.Minute)
		save(t, s, pull("s0", noon, a))
		first := standing(news.AuthorShelf, "lin-yuchen")
		save(t, s, pull("s1", noon.Add(time.Minute), b))
		both := string(a.Key) + " " + string(b.Key)
		second := standing(news.AuthorShelf, "lin-yuchen")
		if got := on(news.AuthorShelf, "lin-yuchen"); got != both || second.Revision <= first.Revision || !second.At.Equal(noon.Add(time.Minute)) {
			t.Errorf("author: %q, want %q; %+v", got, both, second)
		}
		if got := on(news.SectionShelf, "world-news"); got != both {
			t.Errorf("section: %q, want %q", got, both)
		}
		if name, touched, err := s.Standing(t.Context(), news.Shelf{Kind: news.AuthorShelf, Slug: "yuchen-lin"}); err != nil || name != "Lin Yuchen" || touched.Shelf.Slug != "lin-yuchen" {
			t.Errorf("the name turned round: %q, %+v, %v", name, touched, err)
		}

		// What moves elsewhere is a change of where it was.
		b = by(b, "Ann Lee")
		b.Section = "Sports"
		save(t, s, pull("s1", noon.Add(2*time.Minute), b))
		for _, shelf := range []news.Shelf{{Kind: news.AuthorShelf, Slug: "lin-yuchen"}, {Kind: news.SectionShelf, Slug: "world-news"}} {
			if got := on(shelf.Kind, shelf.Slug); got != string(a.Key) {
				t.Errorf("%v: %q, want %q", shelf, got, a.Key)
			}
			if now := standing(shelf.Kind, shelf.Slug); now.Revision <= second.Revision {
				t.Errorf("%v: %+v, want a revision after %d", shelf, now, second.Revision)
			}
		}

		for kind, want := range map[news.ShelfKind]string{news.AuthorShelf: "[ann-lee lin-yuchen]", news.SectionShelf: "[sports world-news]"} {
			var names []news.Slug
			for after := news.Slug(""); ; after = names[len(names)-1] {
				some, err := s.Slugs(t.Context(), kind, after, 1)
				if err != nil {
					t.Fatal(err)
				}
				if names = append(names, some...); len(some) == 0 {
					break
				}
			}
			if got := fmt.Sprint(names); got != want {
				t.Errorf("%s: got %s, want %s", kind, got, want)
			}
		}

		// A change of an article is one of its shelves, and so is a withdrawal.
		before := standing(news.SectionShelf, "sports")
		b.Title = "B, again"
		save(t, s, pull("s1", noon.Add(3*time.Minute), b))
		changed := standing(news.SectionShelf, "sports")
		if changed.Revision <= before.Revision || standing(news.AuthorShelf, "ann-lee").Revision != changed.Revision {
			t.Errorf("changed: %+v after %+v", changed, before)
		}
		revision, err := s.Withdraw(t.Context(), b.Key, news.Withdrawal{At: noon.Add(4 * time.Minute), Reason: "wrong"})
		if err != nil {
			t.Fatal(err)
		}
		for _, shelf := range []news.Shelf{{Kind: news.AuthorShelf, Slug: "ann-lee"}, {Kind: news.SectionShelf, Slug: "sports"}} {
			gone, err := s.Withdrawn(t.Context(), shelf, 10)
			if now := standing(shelf.Kind, shelf.Slug); err != nil || len(gone) != 1 || now.Revision != revision || on(shelf.Kind, shelf.Slug) != "" {
				t.Errorf("%v: withdrawn %d, %+v, %v", shelf, len(gone), now, err)
			}
		}
	})
}

// One pull may bring several articles of an author, and take others away.
func TestAPullTellsAShelfItsNewestChange(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		told := func() (out []news.Touched) {
			t.Helper()
			for _, shelf := range []news.Shelf{{Kind: news.AuthorShelf, Slug: "ann-lee"}, {Kind: news.SectionShelf, Slug: "sports"}} {
				_, touched, err := s.Standing(t.Context(), shelf)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, touched)
			}
			return out
		}
		written := func(id, author string) news.Article {
			a := by(article("s0", id, id), author)
			a.Section = "Sports"
			return a
		}
		saved := save(t, s, pull("s0", noon, written("a", "Ann Lee"), written("b", "Ann Lee"), written("c", "Ann Lee")))
		for _, got := range told() {
			if got.Revision != saved.Revision || !got.At.Equal(noon) {
				t.Errorf("three new: %+v, want revision %d", got, saved.Revision)
			}
		}

		moved := written("a", "Bob Roy")
		moved.Section = "World"
		saved = save(t, s, pull("s0", noon.Add(time.Minute), moved, written("d", "Ann Lee"), written("e", "Ann Lee")))
		for _, got := range told() {
			if got.Revision != saved.Revision || !got.At.Equal(noon.Add(time.Minute)) {
				t.Errorf("one gone and two new: %+v, want revision %d", got, saved.Revision)
			}
		}
	})
}

// Nobody's name can take the place of another's.
func TestSlugsOfHashesAreNotNames(t *testing.T) {
	hashed := store.AuthorSlug("王晓夏")
	if named := store.AuthorSlug(strings.ReplaceAll(string(hashed), "-", " ")); named == hashed {
		t.Errorf("two names share %s", named)
	}
	for name, want := range map[string]news.Slug{"": "", "—": "", "World": "world", "WORLD": "world", "Économie & Société": "economie-societe", "Section 9": "section-9"} {
		if got := store.SectionSlug(name); got != want && !strings.HasPrefix(name, "Section") || got == "section-9" {
			t.Errorf("section %q: got %q, want %q", name, got, want)
		}
	}
	if a, b := store.SectionSlug("国际"), store.SectionSlug("体育"); a == b || !strings.HasPrefix(string(a), "section-") {
		t.Errorf("got %q and %q", a, b)
	}
}

// vocabulary is invented words, some much more common than others.
func vocabulary(r *rand.Rand) func(n int) string {
	words := make([]string, 20_000)
	for i := range words {
		var b strings.Builder
		for range 2 + r.IntN(4) {
			b.WriteByte("bcdfghklmnprstvz"[r.IntN(16)])
			b.WriteByte("aeiou"[r.IntN(5)])
		}
		words[i] = b.String()
	}
	common := rand.NewZipf(r, 1.1, 4, uint64(len(words)-1))
	return func(n int) string {
		out := make([]string, n)
		for i := range out {
			out[i] = words[common.Uint64()]
		}
		return strings.Join(out, " ")
	}
}

// BenchmarkSearch measures what an index of 100,000 articles of 400 words costs
// and gives, and what PostgreSQL makes of it where there is one:
// go test -run - -bench Search -benchtime 200x ./aggregator/store
func BenchmarkSearch(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkSearch(b, b.TempDir()+"/bench.db") })
	if dsn := os.Getenv("COPYDESK_TEST_POSTGRES"); dsn != "" {
		b.Run("postgres", func(b *testing.B) { benchmarkSearch(b, storetest.Schema(b, dsn)) })
	}
}

func benchmarkSearch(b *testing.B, dsn string) {
	const many = 100_000
	s, err := store.Open(b.Context(), dsn, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	if err := s.SyncSources(b.Context(), sources(1)); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	write := vocabulary(r)
	began := time.Now()
	for i := 0; i < many; i += 30 {
		var list []news.Article
		for k := range 30 {
			list = append(list, said(r.IntN(60*24*365), fmt.Sprint(i+k), write(8), write(400), "Ann Lee"))
		}
		p := pull("s0", noon, list...)
		p.Place = nil
		if _, err := s.SavePull(context.Background(), p); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("stored in %v, %v an article", time.Since(began), time.Since(began)/many)
	var most string
	size := `SELECT sum(pgsize) / 1000000 FROM dbstat WHERE name LIKE 'search%'`
	if s.Postgres() {
		size = `SELECT pg_total_relation_size('search_entry') / 1000000`
		if _, err := s.Writer().Exec(`ANALYZE`); err != nil { // as the database does by itself, a minute later
			b.Fatal(err)
		}
	}
	if err := s.Writer().QueryRow(size).Scan(&most); err == nil {
		b.Logf("the index takes %s MB", most)
	}
	middle := news.Place(noon.Add(-180*24*time.Hour).Unix() << 10)
	for _, typed := range []string{write(1), write(2), `"` + write(2) + `"`, "author:lee", "author:lee -" + write(1), "nosuchword"} {
		q, err := news.ParseQuery(typed)
		if err != nil {
			b.Fatal(err)
		}
		for name, after := range map[string]news.Place{"": 0, "+deep": middle} {
			b.Run(strings.ReplaceAll(typed, " ", "+")+name, func(b *testing.B) {
				n := 0
				for b.Loop() {
					hits, err := s.Search(b.Context(), q, after, 51)
					if err != nil {
						b.Fatal(err)
					}
					n = len(hits)
				}
				b.ReportMetric(float64(n), "found")
			})
		}
	}
}

// All that is found can be read on from place to place, whatever comes
// meanwhile.
func TestSearchGoesOn(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		var list []news.Article
		for i := range 25 {
			list = append(list, said(i/4, fmt.Sprint(i), "Ferry", "")) // several in one second
		}
		save(t, s, pull("s0", noon, list...))
		q, err := news.ParseQuery("ferry")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[news.Key]bool{}
		for after := news.Place(0); ; {
			hits, err := s.Search(t.Context(), q, after, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hits {
				if seen[h.Article] || after != 0 && h.Place >= after {
					t.Errorf("%s at %d was found before %d", h.Article, h.Place, after)
				}
				seen[h.Article], after = true, h.Place
			}
			if len(hits) < 10 {
				break
			}
			save(t, s, pull("s0", noon, said(-1, fmt.Sprint("new", after), "Ferry", "")))
		}
		if len(seen) != 25 {
			t.Errorf("found %d of 25", len(seen))
		}
	})
}

// What is found is found in the text as it is written, in any script.
func TestFound(t *testing.T) {
	for _, tt := range []struct {
		typed string
		in    news.Field
		text  string
		want  string // what is found in brackets
	}{
		{"ferry", "", "The ferry, Ferry-boat and FERRYMAN", "The [ferry], [Ferry]-boat and FERRYMAN"},
		{"sao paulo", "", "São Paulo, Sa\u0303o", "[São] [Paulo], [Sa\u0303o]"},
		{`"new york"`, "", "new New York newyork York new", "new [New York] newyork York new"},
		{"ferry -line author:line", "", "ferry line", "[ferry] line"},
		{"ferry author:lin", news.InPeople, "Lin Ferry", "[Lin] [Ferry]"},
		{"ferry author:lin", news.InTitle, "Lin Ferry", "Lin [Ferry]"},
		{"isn't", "", "it isn’t so, isn't it", "it [isn’t] so, [isn't] it"},
		{"straße", "", "STRASSE, Straße", "[STRASSE], [Straße]"},
		{"上海", "", "从上海市到上海,上 海", "从[上海]市到[上海],上 海"},
		{"海", "", "上海大海海", "上[海]大[海海]"},
		{"渡轮启航", "", "新渡轮启航了", "新[渡轮启航]了"},
		{"iPhone手机", "", "买IPHONE手机吗", "买[IPHONE手机]吗"},
		{"フェリー", "", "新フェリーとﾌｪﾘｰ", "新[フェリー]と[ﾌｪﾘｰ]"},
		{"서울", "", "서울에서 서울", "[서울]에서 [서울]"},
		{"서울", "", "\u1109\u1165\u110b\u116e\u11af에서", "[\u1109\u1165\u110b\u116e\u11af]에서"},
		{"ข้ามฟาก", "", "เรือข้ามฟากลำใหม่", "เรือ[ข้ามฟาก]ลำใหม่"},
		{"العبارة", "", "خط العبّارة الجديد", "خط [العبّارة] الجديد"},
		{"שלום", "", "שָׁלוֹם לכולם", "[שָׁלוֹם] לכולם"}, {"אביב", "", "רכבת לתל־אביב", "רכבת לתל־[אביב]"}, {"30", "", "כ־30 סירות", "כ־[30] סירות"},
		{"नौका", "", "नई नौका सेवा", "नई [नौका] सेवा"},
		{"λογοσ", "", "Νέος Λόγος", "Νέος [Λόγος]"},
		{"a", "", "\xff a \xfe", "\xff [a] \xfe"},
		{"ferry", "", "", ""},
	} {
		q, err := news.ParseQuery(tt.typed)
		if err != nil {
			t.Fatal(err)
		}
		got, at := "", 0
		for _, s := range store.Found(q, tt.in, tt.text) {
			got += tt.text[at:s.Begin] + "[" + tt.text[s.Begin:s.End] + "]"
			at = s.End
		}
		if got += tt.text[at:]; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.typed, got, tt.want)
		}
	}
}
