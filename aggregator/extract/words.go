package extract

import "strings"

// table yields the rows of a table of words: columns parted by tabs. Who corrects
// one may leave lines empty, and open them with # to say why.
func table(text string) (rows [][]string) {
	for line := range strings.Lines(text) {
		if line = strings.Trim(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

// wordsByKind are the words of a table in its order: the last column of a row, by
// what stands before its language.
func wordsByKind(text string) map[string][]string {
	out := map[string][]string{}
	for _, row := range table(text) {
		kind := strings.Join(row[:len(row)-2], " ")
		out[kind] = append(out[kind], strings.Split(row[len(row)-1], "|")...)
	}
	return out
}
