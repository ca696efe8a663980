package normalize

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed data/noise.tsv
var noiseTable string

// noise is what sites write where a name belongs; titles and degrees go from
// beside a name (ruling 3); jobs and beats are what a name may carry behind it.
var noise, titles, degrees, jobs, beats = func() (n, t, d, j, b map[string]bool) {
	n, t, d, j, b = map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	kinds := map[string]map[string]bool{"noise": n, "title": t, "degree": d, "job": j, "beat": b}
	for _, row := range table(noiseTable) {
		if set := kinds[row[0]]; set != nil {
			for _, word := range strings.Split(row[1], "|") {
				set[word] = true
			}
		}
	}
	return n, t, d, j, b
}()

// trimTitles takes titles and degrees from a name (ruling 3). Those that are
// names as well count only as they are written for it: "M." and "MA", not "Ma".
func trimTitles(name string) string {
	words := strings.Fields(name)
	for len(words) > 1 {
		bare := strings.TrimRight(words[0], ".")
		if !titles[strings.ToLower(bare)] && !(bare != words[0] && titles[strings.ToLower(words[0])]) || len(words) > 2 && isInitial(words[0]) && isInitial(words[1]) {
			break
		}
		words = words[1:]
	}
	for len(words) > 1 {
		last := words[len(words)-1]
		bare := strings.ReplaceAll(last, ".", "")
		if !degrees[strings.ToLower(bare)] || bare == last && bare != strings.ToUpper(bare) && bare != "PhD" && bare != "MSc" && bare != "BSc" {
			break
		}
		if strings.ToUpper(name) == name && bare == last { // all capitals tell nothing
			break
		}
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

func isInitial(w string) bool { return len([]rune(strings.TrimRight(w, "."))) == 1 }

// withoutJob takes a job and its beat from behind a name: "Jason Burke Africa
// correspondent" is Jason Burke.
func withoutJob(name string) string {
	words := strings.Fields(name)
	if len(words) < 3 || registry[fold(name)].name != "" {
		return name
	}
	for i := 2; i < len(words); i++ {
		if post[fold(words[i])] {
			return strings.Join(words[:i], " ")
		}
	}
	n := len(words)
	for n > 0 && jobs[fold(words[n-1])] || n > 2 && beats[fold(words[n-1])] {
		n--
	}
	switch {
	case n < 2, n == len(words) || !hasJob(words[n:]):
		return name
	case n > 3: // a beat that we do not know
		n = 2
		if particles[strings.ToLower(words[1])] || isInitial(words[1]) {
			n = 3
		}
	}
	return strings.Join(words[:n], " ")
}

// holdsPost reports a name with a position behind it.
func holdsPost(name string) bool {
	words := strings.Fields(name)
	return len(words) > 2 && slices.ContainsFunc(words[2:], func(w string) bool { return post[fold(w)] })
}

func hasJob(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return jobs[fold(w)] })
}

// post opens a position in a company: "Gopal Shah Product Manager Google Earth".
var post = map[string]bool{"product": true, "software": true, "vice": true, "head": true, "ceo": true, "cto": true, "founder": true, "co-founder": true, "cofounder": true, "president": true, "engineer": true, "lead": true, "director": true}

// isJob reports a beat or a job title in place of a name.
func isJob(folded string) bool {
	if jobs[folded] {
		return true
	}
	words := strings.Fields(folded)
	for _, w := range words {
		if !jobs[w] && !beats[w] && !(w == words[0] && len(words) > 1) { // a town may open it
			return false
		}
	}
	return len(words) > 0 && len(words) < 6 && jobs[words[len(words)-1]]
}
