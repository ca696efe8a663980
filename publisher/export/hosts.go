package export

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"
)

//go:embed hosts
var hosts embed.FS

// examples are of the web servers that many run.
var examples = map[string]string{"nginx": "hosts/nginx.conf", "caddy": "hosts/Caddyfile"}

// A Host is a web server that is to serve what was exported.
type Host struct {
	Dir     string // where that is
	Listen  string
	Headers http.Header // of every answer
	Base    string      // public address of the site, which feeds name as theirs; empty: they name none
	Hub     string      // address of the hub that pushes them; empty: none
}

// Path is that of the public address; empty where the site stands at the root.
func (h Host) Path() string {
	u, err := url.Parse(h.Base)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.Path, "/")
}

// Example is a configuration of a web server, "nginx" or "caddy".
func Example(server string, h Host) ([]byte, error) {
	file, ok := examples[server]
	if !ok {
		return nil, fmt.Errorf("no example for %q (there are: %s)", server, strings.Join(slices.Sorted(maps.Keys(examples)), ", "))
	}
	t, err := template.New(path.Base(file)).Funcs(template.FuncMap{"safe": safe, "quote": regexp.QuoteMeta}).ParseFS(hosts, file)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, h)
	return b.Bytes(), err
}

// leadOn is the page of a redirect, for hosts that cannot send one.
func leadOn(location string) ([]byte, error) {
	t, err := htmltemplate.ParseFS(hosts, "hosts/redirect.html")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, location)
	return b.Bytes(), err
}

// putHosts writes what hosts want to be told apart from the files. Headers are
// known of documents that were answered: where one was not, those of the last
// export stay.
func (t *tree) putHosts(documents []Document) error {
	headers := headersFile(documents)
	if slices.ContainsFunc(documents, func(d Document) bool { return d.header == nil }) {
		headers, _ = t.root.ReadFile("_headers") // one is there: the last export wrote that document
	}
	caddy := redirectsFile(documents, func(d Document) string { return fmt.Sprintf("%q %q %d", d.Path, safe(d.Location), d.Status) })
	if len(caddy) == 0 {
		caddy = []byte("# none\n") // Caddy imports no empty file
	}
	for name, body := range map[string][]byte{
		"_headers":         headers,
		"_redirects":       redirectsFile(documents, func(d Document) string { return fmt.Sprintf("%s %s %d", d.Path, safe(d.Location), d.Status) }),
		"_redirects.map":   redirectsFile(documents, func(d Document) string { return fmt.Sprintf("%q \"%d %s\";", d.Path, d.Status, safe(d.Location)) }),
		"_redirects.caddy": caddy,
	} {
		if _, _, err := t.put(name, body, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func redirectsFile(documents []Document, line func(Document) string) []byte {
	b := []byte{}
	for _, d := range documents {
		if d.Location != "" {
			b = append(append(b, line(d)...), '\n')
		}
	}
	return b
}

// safe is an address without a byte that means something to any of the hosts:
// what an article's source says must not become configuration.
func safe(address string) string {
	const plain = "-._~:/?#@!&()*+,;=%[]"
	var b strings.Builder
	for _, c := range []byte(address) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// hostsOwn are headers that hosts make themselves of a file.
var hostsOwn = []string{"Content-Length", "Content-Encoding", "Etag", "Last-Modified", "Vary", "Location"}

// headersFile are the headers of all documents, and of each that is no page
// those that differ: hosts know what a page is, and how long to keep it, but
// not how many rules there may be.
func headersFile(documents []Document) []byte {
	var b bytes.Buffer
	common := commonHeaders(documents)
	writeRule(&b, "/*", common, nil)
	for _, d := range documents {
		if d.Status == http.StatusOK && path.Ext(d.File) != ".html" {
			writeRule(&b, d.Path, d.header, common)
		}
	}
	return b.Bytes()
}

func commonHeaders(documents []Document) http.Header {
	var common http.Header
	for _, d := range documents {
		switch {
		case common == nil:
			common = d.header.Clone()
		default:
			maps.DeleteFunc(common, func(name string, v []string) bool { return !slices.Equal(v, d.header[name]) })
		}
	}
	return common
}

// writeRule writes the headers of an address that are not among others.
func writeRule(b *bytes.Buffer, address string, headers, others http.Header) {
	fmt.Fprintf(b, "%s\n", address)
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if slices.Contains(hostsOwn, name) || slices.Equal(headers[name], others[name]) {
			continue
		}
		for _, value := range headers[name] {
			fmt.Fprintf(b, "  %s: %s\n", name, value)
		}
	}
}
