package extract

// MentionedBy is the rule that sees in a line, which is nobody's and stands alone,
// a date that it only speaks of; empty where it tells one, or holds none.
func MentionedBy(text string) string {
	l := wordsOfCredit(text)
	loc := datePattern.FindStringIndex(text)
	if loc == nil {
		return ""
	}
	d := printedDate{before: text[:loc[0]], date: text[loc[0]:loc[1]], after: text[loc[1]:], credited: l.credit && !l.by || l.by && namesFirst(wordless(text))}
	if next := datePattern.FindStringIndex(d.after); next != nil {
		d.after, d.leads = d.after[:next[0]], true
	}
	return d.mentionedBy()
}

// MentionRules are the rules with their examples.
func MentionRules() map[string]string {
	out := map[string]string{}
	for _, r := range mentionRules {
		out[r.name] = r.example
	}
	return out
}
