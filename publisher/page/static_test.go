package page_test

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"copydesk/publisher/page"
)

func stylesheet(t *testing.T) string {
	t.Helper()
	files, err := page.Static()
	if err != nil {
		t.Fatal(err)
	}
	return string(files["house.css"].Body)
}

// Files need nothing from elsewhere, and their versions name their content.
func TestStatic(t *testing.T) {
	files, err := page.Static()
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]bool{}
	for name, f := range files {
		if f.ContentType == "" || len(f.Body) == 0 || len(f.Version) != 12 || versions[f.Version] {
			t.Errorf("%s: type %q, version %q, %d bytes", name, f.ContentType, f.Version, len(f.Body))
		}
		versions[f.Version] = true
		if text := strings.ReplaceAll(string(f.Body), "http://www.w3.org/2000/svg", ""); strings.Contains(text, "://") || strings.Contains(text, "@import") || strings.Contains(text, "url(") {
			t.Errorf("%s reaches elsewhere", name)
		}
	}
}

// Margins and borders follow the direction of the text.
func TestStylesHaveNoSides(t *testing.T) {
	if found := regexp.MustCompile(`(margin|padding|border)-(left|right)|[{;] *(left|right) *:|text-align: *(left|right)|float:`).FindAllString(stylesheet(t), -1); found != nil {
		t.Errorf("got %q, want their logical forms", found)
	}
}

// In light and in dark, every colour of words stands out from the paper as
// WCAG 2.2 asks at level AA (1.4.3).
func TestContrast(t *testing.T) {
	css := stylesheet(t)
	schemes := regexp.MustCompile(`(?s)(prefers-color-scheme: dark\) \{\s*)?:root \{([^}]*--paper[^}]*)\}`).FindAllStringSubmatch(css, -1)
	seen := map[string]bool{}
	for _, scheme := range schemes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--(\w+): (#[0-9a-f]+)`).FindAllStringSubmatch(scheme[2], -1) {
			colours[m[1]] = m[2]
		}
		for _, name := range []string{"ink", "soft", "link", "accent"} {
			if colours[name] == "" { // as in light
				continue
			}
			if got := contrast(t, colours["paper"], colours[name]); got < 4.5 {
				t.Errorf("%s %s on %s: got %.1f:1, want at least 4.5:1", name, colours[name], colours["paper"], got)
			}
		}
		seen[scheme[1]] = true
	}
	if len(seen) != 2 {
		t.Errorf("got %d colour schemes, want light and dark", len(seen))
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is that of WCAG 2.2, of #rgb or #rrggbb.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) == 4 {
		colour = fmt.Sprintf("#%c%c%c%c%c%c", colour[1], colour[1], colour[2], colour[2], colour[3], colour[3])
	}
	var rgb [3]uint8
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatalf("colour %q: %v", colour, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
