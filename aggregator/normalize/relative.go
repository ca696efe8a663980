package normalize

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

// units are words for spans of time in texts such as "2 hours ago".
var units = []struct {
	words string
	span  time.Duration
}{
	{"s second sec secs seconds 秒 초 sekunde sekunden secondes segundos", time.Second},
	{"m minute minutes min mins minuto minutos minuten minuti 分钟 分鐘 分 분 минут минуты dakika", time.Minute},
	{"h hour hours hr hrs heure heures hora horas stunde stunden ora ore 小时 小時 時間 시간 час часа часов saat", time.Hour},
	{"d day days jour jours día días dia dias tag tagen giorno giorni 天 日 일 день дня дней gün", 24 * time.Hour},
	{"w week weeks semaine semaines semana semanas woche wochen 周 週間 주", 7 * 24 * time.Hour},
	{"month months mois mes meses monat monaten mese mesi 个月 ヶ月 개월", 30 * 24 * time.Hour},
	{"year years an ans año años jahr jahren anno anni 年 년", 365 * 24 * time.Hour},
}

var (
	agoPattern = regexp.MustCompile(`(?i)^(?:\D{0,24}?)(\d{1,3}|\ban?\b|\bone\b)\s?(\p{L}+)\.?(?:\s+(\d{1,2})\s?(\p{L}+))?\s*(?:ago|前|전|назад|önce|fa)?\W*$`)
	agoWords   = regexp.MustCompile(`(?i)\bago\b|前|전|назад|önce|^il y a|^hace|^vor |^há |\bfa\b`)
)

// relative reads times counted from the fetch.
func relative(s string, r Reading) (news.Moment, bool) {
	lower := strings.ToLower(s)
	if !agoWords.MatchString(lower) {
		return news.Moment{}, false
	}
	m := agoPattern.FindStringSubmatch(lower)
	if m == nil {
		return news.Moment{}, false
	}
	span, ok := spanOf(m[1], m[2])
	if !ok {
		return news.Moment{}, false
	}
	if m[3] != "" {
		if more, ok := spanOf(m[3], m[4]); ok {
			span += more
		}
	}
	return news.Moment{At: r.At.Add(-span), Basis: news.Inferred}, true
}

func spanOf(count, unit string) (time.Duration, bool) {
	n, err := strconv.Atoi(count)
	if err != nil {
		n = 1
	}
	for _, suffix := range []string{"前", "전"} {
		unit = strings.TrimSuffix(unit, suffix)
	}
	for _, u := range units {
		for word := range strings.FieldsSeq(u.words) {
			if word == unit {
				return time.Duration(n) * u.span, true
			}
		}
	}
	return 0, false
}
