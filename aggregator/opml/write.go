package opml

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// A node is a folder while a list is written.
type node struct {
	name    string
	feeds   []Feed
	folders []*node
}

// Write writes a list as OPML 2.0. The categories of a feed are the folders
// around it, since that is what readers understand.
func Write(w io.Writer, title string, created time.Time, feeds []Feed) error {
	root := &node{}
	for _, f := range feeds {
		n := root
		for _, name := range f.Categories {
			n = n.folder(name)
		}
		n.feeds = append(n.feeds, f)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	fmt.Fprintf(&b, "<opml version=\"2.0\">\n  <head>\n    <title>%s</title>\n    <dateCreated>%s</dateCreated>\n  </head>\n  <body>\n",
		escape(title), created.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	root.write(&b, "    ")
	b.WriteString("  </body>\n</opml>\n")
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	return nil
}

// folder is the one of that name, made when it is not there yet.
func (n *node) folder(name string) *node {
	for _, f := range n.folders {
		if f.name == name {
			return f
		}
	}
	f := &node{name: name}
	n.folders = append(n.folders, f)
	return f
}

func (n *node) write(b *bytes.Buffer, margin string) {
	for _, f := range n.feeds {
		b.WriteString(margin + `<outline type="rss"`)
		for _, a := range [][2]string{{"text", f.Name}, {"title", f.Name}, {"xmlUrl", f.URL}, {"htmlUrl", f.HomePage}, {"language", f.Language}} {
			if a[1] != "" {
				fmt.Fprintf(b, ` %s="%s"`, a[0], escape(a[1]))
			}
		}
		b.WriteString("/>\n")
	}
	for _, f := range n.folders {
		fmt.Fprintf(b, "%s<outline text=\"%s\">\n", margin, escape(f.name))
		f.write(b, margin+"  ")
		b.WriteString(margin + "</outline>\n")
	}
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}
