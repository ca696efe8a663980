package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// koreanAt is where what a Korean is or where begins behind the name, "김철수 베이징
// 특파원"; 0 where nothing follows.
func koreanAt(words []string) int {
	if len(words) < 2 || !isHangul(firstRune(words[0])) {
		return 0
	}
	full := koreanFull(words[0])
	alone := full && !koreanFull(words[1])
	if slices.ContainsFunc(words, func(w string) bool { return strings.ContainsFunc(w, notHangul) }) {
		if n := slices.IndexFunc(words[1:], func(w string) bool { return acronym(w) && isOutlet(w) }); n >= 0 { // "진 매켄지 BBC 서울"
			return n + 1
		}
		if alone && len(words) > 2 { // "구자룡 화정평화재단 21세기평화연구소"
			return 1
		}
		return 0
	}
	if !hangulName(words[0]) {
		return 0
	}
	own := surnames()[firstRune(words[0])] && utf8.RuneCountInString(words[0]) < 4
	if full && own && len(words) == 2 && (isBeatWord(words[1]) || utf8.RuneCountInString(words[1]) > 4) { // "양은경 법조", "이완배 민중의소리"
		return 1
	}
	for i := 1; i < len(words); i++ {
		w := words[i]
		if !tellsKorean(w) && !((own || i > 1) && suffixOf(w, universities()) != "" && utf8.RuneCountInString(w) > 2) {
			continue
		}
		if alone && own && koreanJob(w) { // "박상현 오터레터 발행인"
			return 1
		}
		return i
	}
	if alone && own && len(words) > 2 { // "조귀동 정치컨설팅 민 전략"
		return 1
	}
	return 0
}

// tellsKorean reports a place, a desk, a body or a job.
func tellsKorean(w string) bool {
	return in(places(), w) || koreanDesks()[w] || isBody(w) || koreanJob(w)
}

// koreanJob reports a job, alone or behind what it is about: "여행작가".
func koreanJob(w string) bool {
	if isJobWord(w) {
		return true
	}
	for i := range w {
		if utf8.RuneCountInString(w[:i]) > 1 && utf8.RuneCountInString(w[i:]) > 1 && in(jobs(), w[i:]) {
			return true
		}
	}
	return false
}
