package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the import law: for each package, which of our packages its
// production code may import. "*" is everything. A package that is not in the
// table has no place in the house.
var mayImport = map[string][]string{
	"aggregator/news":                    {},
	"aggregator/schedule":                {},
	"aggregator/jobs":                    {},
	"aggregator/wordtable":               {},
	"aggregator/parse":                   {"aggregator/wordtable"},
	"aggregator/srcset":                  {},
	"aggregator/extract":                 {"aggregator/parse", "aggregator/wordtable"},
	"aggregator/push":                    {"aggregator/news"},
	"aggregator/push/pushtest":           {},                       // a hub, for tests alone
	"aggregator/store/storetest":         {"aggregator/store"},     // databases, for tests alone
	"aggregator/txtartest":               {},                       // cases in files, for tests alone
	"aggregator/waittest":                {},                       // how they wait, for tests alone
	"aggregator/wordtable/wordtabletest": {"aggregator/wordtable"}, // their rules, for tests alone
	"config":                             {"aggregator/news", "aggregator/schedule"},
	"aggregator/fetch":                   {"aggregator/news"},
	"aggregator/store":                   {"aggregator/news"},
	"aggregator/normalize":               {"aggregator/news", "aggregator/parse", "aggregator/srcset", "aggregator/wordtable"},
	"aggregator/find":                    {"aggregator/news", "aggregator/normalize", "aggregator/parse", "aggregator/extract", "aggregator/wordtable"},
	"aggregator/opml":                    {},
	"aggregator":                         {"aggregator/news", "aggregator/schedule", "aggregator/fetch", "aggregator/parse", "aggregator/extract", "aggregator/normalize", "aggregator/push"},
	"publisher/edition":                  {"aggregator/news"},
	"publisher/feed":                     {"aggregator/news", "aggregator/srcset", "publisher/edition"},
	"publisher/page":                     {"aggregator/news", "publisher/edition"},
	"publisher/export":                   {},
	"publisher/websub":                   {"aggregator/news"},
	"publisher":                          {"aggregator/news", "publisher/edition", "publisher/feed", "publisher/page", "publisher/websub"},
	"cmd/copydesk":                       {"*"},
	"cmd/copydesk/newsroom":              {},
}

// doors names, for each third-party module, the packages that may import it.
// Almost always it is one: to replace a module is to rewrite one package.
var doors = map[string][]string{
	"github.com/mmcdole/gofeed":              {"aggregator/parse"},
	"github.com/cespare/xxhash/v2":           {"aggregator/parse"},
	"github.com/gorilla/feeds":               {"publisher/feed"},
	"github.com/robfig/cron/v3":              {"aggregator/schedule"},
	"modernc.org/sqlite":                     {"aggregator/store"},
	"github.com/jackc/pgx/v5":                {"aggregator/store"},
	"github.com/pressly/goose/v3":            {"aggregator/store"},
	"github.com/riverqueue/river":            {"aggregator/jobs"},
	"github.com/goccy/go-yaml":               {"config"},
	"github.com/invopop/jsonschema":          {"config"},
	"github.com/fsnotify/fsnotify":           {"config"},
	"github.com/expr-lang/expr":              {"publisher/edition"},
	"github.com/microcosm-cc/bluemonday":     {"aggregator/normalize"},
	"github.com/abadojack/whatlanggo":        {"aggregator/normalize"},
	"codeberg.org/readeck/go-readability/v2": {"aggregator/extract"},
	"github.com/PuerkitoBio/goquery":         {"aggregator/extract"},
	"github.com/andybalholm/cascadia":        {"aggregator/extract"},
	"github.com/alecthomas/kong":             {"cmd/copydesk"},
	"github.com/schollz/progressbar/v3":      {"cmd/copydesk"},
	"github.com/prometheus/client_golang":    {"publisher", "cmd/copydesk"},     // served there, registered here
	"github.com/klauspost/compress":          {"publisher", "aggregator/fetch"}, // what we send, what we are sent
	"github.com/andybalholm/brotli":          {"publisher", "aggregator/fetch"},
	"github.com/rogpeppe/go-internal":        {"aggregator/txtartest"},
	"github.com/google/go-cmp":               {"aggregator/txtartest"},
	"golang.org/x/net":                       {"*"}, // the Go project's own: HTML and IDNA wherever they are met
	"golang.org/x/text":                      {"*"},
	"golang.org/x/sync":                      {"*"},
}

// waysOut are the files that may open a connection to others: fetch's guarded
// transport, and those that speak to a server of ours on this machine.
var waysOut = []string{"aggregator/fetch/client.go", "aggregator/fetch/transport.go", "aggregator/push/pushtest/hub.go", "cmd/copydesk/health.go", "cmd/copydesk/newsroom/hub.go"}

// All that leaves the house goes through the one guard: no other file may make
// a client, a transport or a connection.
func TestOneWayOut(t *testing.T) {
	out, err := exec.Command("grep", "-rlE", "--include=*.go", "--exclude=*_test.go",
		`http\.(Client|Transport|DefaultClient|DefaultTransport|Get|Post|PostForm|Head)\b|net\.Dial|tls\.Dial`, "../../aggregator", "../../publisher", "../../config", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for file := range strings.FieldsSeq(string(out)) {
		name := strings.TrimPrefix(file, "../../")
		if here, ours := strings.CutPrefix(file, "./"); ours {
			name = "cmd/copydesk/" + here
		}
		if !slices.Contains(waysOut, name) {
			t.Errorf("%s opens connections of its own; send through aggregator/fetch, whose guard sees every address", name)
		}
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImportLaw(t *testing.T) {
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, "copydesk/")
		allowed, known := mayImport[name]
		if !known {
			t.Errorf("%s is not in the import law: give it a place, or fold it into a package that has one", name)
			continue
		}
		for _, imp := range p.Imports {
			if ours, ok := strings.CutPrefix(imp, "copydesk/"); ok {
				if !slices.Contains(allowed, "*") && !slices.Contains(allowed, ours) {
					t.Errorf("%s imports %s, which the import law forbids", name, ours)
				}
				continue
			}
			if strings.Contains(strings.Split(imp, "/")[0], ".") {
				checkDoor(t, name, imp)
			}
		}
	}
}

// checkDoor fails when name is not a door of the module that imp belongs to.
func checkDoor(t *testing.T, name, imp string) {
	t.Helper()
	best := ""
	for module := range doors {
		if (imp == module || strings.HasPrefix(imp, module+"/")) && len(module) > len(best) {
			best = module
		}
	}
	if best == "" {
		t.Errorf("%s imports %s, which has no door: name one package that may import it", name, imp)
		return
	}
	if d := doors[best]; !slices.Contains(d, "*") && !slices.Contains(d, name) {
		t.Errorf("%s imports %s, whose door is %v", name, imp, d)
	}
}

func TestHalvesReadNoClock(t *testing.T) {
	out, err := exec.Command("grep", "-rn", "--include=*.go", "--exclude=*_test.go", `time\.\(Now\|Since\|Until\)\b`,
		"../../aggregator", "../../publisher", "../../config").Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatal(err)
	}
	if len(out) > 0 {
		t.Errorf("the clock is read below cmd; take a now from the caller:\n%s", out)
	}
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "copydesk/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}
