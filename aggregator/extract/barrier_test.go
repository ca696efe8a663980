package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/parse"
)

// A wall of consent is told by its title, its path or its opening, in any
// language; an article of some length is read, whatever it is about.
func TestConsentWalls(t *testing.T) {
	for _, c := range []struct{ path, title, text string }{
		{"/zustimmung", "Das Blatt", "Willkommen."},
		{"/x", "DAS BLATT | Lesen Sie blatt.example mit Werbung oder im PUR-Abo. Sie haben die Wahl.", "Willkommen."},
		{"/x", "Le Journal", "Continuer sans accepter. Le Journal finance ses enquêtes par la publicité."},
		{"/x", "Le Journal", "Bienvenue. Vous pouvez tout accepter ou tout refuser ici."},
		{"/x", "Toestemming", "Welkom."},
		{"/x", "Dit samtykke", "Velkommen."},
		{"/suostumus", "Lehti", "Tervetuloa."},
		{"/x", "Diario", "Para leer puede aceptar y continuar, o rechazar y suscribirse desde hoy."},
		{"/x", "Gazeta", "Akceptuję i przechodzę do serwisu. Gazeta żyje z reklam."},
		{"/x", "プライバシー設定", "ようこそ。"},
		{"/x", "쿠키 동의", "환영합니다."},
	} {
		if it := barrierPage(t, c.path, c.title, "<p>"+c.text+"</p>"); it.Barrier != parse.ConsentWall {
			t.Errorf("%s, %q: got %q [%s]", c.path, c.title, it.Barrier, it.BarrierSign)
		}
		long := "<p>" + c.text + "</p>" + strings.Repeat("<p>The ministers met again on Tuesday, and agreed on how the new rules are to be kept.</p>", 80)
		if it := barrierPage(t, c.path, c.title, long); it.Barrier != "" {
			t.Errorf("%s, %q, at length: got %q [%s]", c.path, c.title, it.Barrier, it.BarrierSign)
		}
	}
}

// A paywall is told by what stands at the end of a short text.
func TestPaywallEndings(t *testing.T) {
	const beginning = "<p>The council voted on Monday for the new bridge, which is to open in three years.</p>"
	for _, ending := range []string{
		"Subscribe to unlock this story", "Weiterlesen mit Plus", "Jetzt abonnieren", "Il vous reste 70 % de cet article à lire.", "Article réservé à nos abonnés",
		"Contenido solo para suscriptores", "Riservato agli abbonati", "Exclusief voor abonnees", "Kun for abonnenter", "Endast för prenumeranter",
		"Tilaa ja lue", "Tylko dla subskrybentów", "Pouze pro předplatitele", "Csak előfizetőknek", "Numai pentru abonați", "Только для подписчиков",
		"Лише для передплатників", "Sadece aboneler", "Khusus pelanggan", "会员专享", "付费阅读", "有料会員限定", "구독자 전용", "للمشتركين فقط", "למנויים בלבד",
	} {
		if it := barrierPage(t, "/bridge", "The bridge", beginning+"<p>"+ending+"</p>"); it.Barrier != parse.Paywall {
			t.Errorf("%q: got %q", ending, it.Barrier)
		}
		long := strings.Repeat(beginning, 40)
		if it := barrierPage(t, "/bridge", "The bridge", long+"<p>"+ending+"</p>"); it.Barrier != "" {
			t.Errorf("%q behind a long text: got %q [%s]", ending, it.Barrier, it.BarrierSign)
		}
	}
	for _, ending := range []string{"Subscribe to our newsletter", "Abonnez-vous à notre infolettre", "Share this story", "订阅我们的公众号"} {
		if it := barrierPage(t, "/bridge", "The bridge", beginning+"<p>"+ending+"</p>"); it.Barrier != "" {
			t.Errorf("%q: got %q [%s]", ending, it.Barrier, it.BarrierSign)
		}
	}
	if it := barrierPage(t, "/bridge", "The bridge", beginning+"</main><footer><a href='/abo'>Subscribe now</a></footer>"); it.Barrier != "" {
		t.Errorf("a button of the site: got %q [%s]", it.Barrier, it.BarrierSign)
	}
}

func barrierPage(t *testing.T, path, title, body string) parse.Item {
	t.Helper()
	page := fmt.Sprintf("<html><head><title>%s</title></head><body><main>%s</main></body></html>", title, body)
	feed, err := extract.Page([]byte(page), extract.Options{URL: "https://news.example.org" + path})
	if err != nil {
		t.Fatal(err)
	}
	return feed.Items[0]
}
