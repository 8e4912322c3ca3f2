package letters_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/web/letters"
)

// page is where the order's page is, in letters that somebody looks at.
const page = "https://promesse.example/p/aBcDeF-_123456"

func TestGallery(t *testing.T) {
	told := map[fact.Topic]bool{}
	files := map[string]bool{}
	for _, s := range letters.Gallery() {
		t.Run(s.Name(), func(t *testing.T) {
			l := s.Letter
			for _, part := range []*string{&l.HTML, &l.Text} {
				*part = strings.ReplaceAll(*part, notify.PageMark, page)
			}
			check(t, s.Locale, lawful(s.Topic, l))
			golden(t, filepath.Join("gallery", s.Name()+".txt"), "Subject: "+l.Subject+"\n\n"+l.Text)
			golden(t, filepath.Join("gallery", s.Name()+".html"), l.HTML)
		})
		told[s.Topic], files[s.Name()+".txt"], files[s.Name()+".html"] = true, true, true
	}
	for _, topic := range fact.Topics {
		if !told[topic] {
			t.Errorf("the gallery has no letter about %s", topic)
		}
	}
	kept, err := os.ReadDir(filepath.Join("testdata", "gallery"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range kept {
		if !files[f.Name()] {
			t.Errorf("testdata/gallery/%s is no letter any more: remove it", f.Name())
		}
	}
}

// moneyBack are the topics on which money really comes back.
var moneyBack = []fact.Topic{
	fact.TopicReturnAccepted, fact.TopicReturnDeposited, fact.TopicReturnReceived, fact.TopicReturnLost, fact.TopicReturnDecided, fact.TopicReturnExpiring, fact.TopicReturnExpired,
	fact.TopicRefundSent, fact.TopicDisputeSettled, fact.TopicWithdrawn, fact.TopicChange, fact.TopicSurvey, fact.TopicDemand, fact.TopicClaimDecided,
}

// lawful is a letter without what only its topic may say: that money comes back,
// and, where a statement is acknowledged, the very text that its hash is of.
func lawful(topic fact.Topic, l notify.Letter) notify.Letter {
	allowed := []*regexp.Regexp{}
	if slices.Contains(moneyBack, topic) {
		allowed = append(allowed, refund)
	}
	if topic == fact.TopicWithdrawn || topic == fact.TopicDemand {
		allowed = append(allowed, isoDate)
	}
	for _, r := range allowed {
		l.Subject, l.HTML, l.Text = r.ReplaceAllString(l.Subject, "…"), r.ReplaceAllString(l.HTML, "…"), r.ReplaceAllString(l.Text, "…")
	}
	return l
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("read %s, then run with -update: %s", path, diff)
	}
}

// most is how large the HTML of a letter may be, in bytes: some mail programs cut
// what is longer than 100 kB, and a telephone should not have to wait.
const most = 30_000

var (
	isoDate = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
	missing = regexp.MustCompile(`\[[a-z_]+\.[a-z_.]+\]|\{\{|<no value>|%!`)
	// What is granted is credit: nobody may read that money comes back.
	refund = regexp.MustCompile(`(?i)rembours|refund|money back|give you back|vous rendons`)
	markup = regexp.MustCompile(`</?(a|b|br|div|h1|li|p|span|table|td|th|tr|ul)\b|&[a-z]+;`)
)

// check holds a letter against the rules all letters obey.
func check(t *testing.T, loc lang.Locale, l notify.Letter) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(l.HTML))
	if err != nil {
		t.Fatal(err)
	}
	r := read(root)
	for _, text := range []string{l.Subject, l.Text, r.words} {
		if bad := isoDate.FindString(text) + missing.FindString(text) + refund.FindString(text); bad != "" {
			t.Errorf("%s: %q in %q", l.Subject, bad, text)
		}
	}
	first, _, _ := strings.Cut(l.Text, "\n")
	begins := strings.HasPrefix(r.words, first) || r.heading == "" && strings.Contains(r.words, first)
	if r.title != l.Subject || r.lang != string(loc) || !begins {
		t.Errorf("%s: title %q, language %q, text begins with %q, HTML with %.60q", l.Subject, r.title, r.lang, first, r.words)
	}
	if r.heading != "" && r.heading != first {
		t.Errorf("%s: the heading is %q, the text begins with %q", l.Subject, r.heading, first)
	}
	if bad := markup.FindString(l.Text); bad != "" {
		t.Errorf("%s: %q in the text part", l.Subject, bad)
	}
	if len(r.loads) > 0 || len(l.HTML) > most || strings.Contains(l.HTML+l.Text, "page.invalid") {
		t.Errorf("%s loads %q, and is %d bytes long", l.Subject, r.loads, len(l.HTML))
	}
	r.reach(t, l)
}

// toOthers are letters to whom no page is open any more: those whom a shopper named,
// for the order's page is not theirs, and who asked to be erased.
var toOthers = []string{"Un colis pour Camille D.", "A parcel for Camille D.", "Épicerie du Canal a effacé vos données", "Épicerie du Canal has erased your data"}

// aside is what a line of text below the button leads to, and the scores.
var aside = regexp.MustCompile(`/retour$|/changer$|/desabonnement\?|note=`)

// reach sees to it that the text leads wherever the HTML does, by one button at most.
func (r reading) reach(t *testing.T, l notify.Letter) {
	t.Helper()
	buttons := 0
	for _, link := range r.links {
		address, mail := strings.CutPrefix(link, "mailto:")
		if !mail && !aside.MatchString(address) {
			buttons++
		}
		if !strings.Contains(l.Text, address) {
			t.Errorf("%s: the text does not lead to %s", l.Subject, link)
		}
	}
	if none := strings.Contains(l.Text, "code") || slices.Contains(toOthers, l.Subject); buttons > 1 || buttons == 0 && !none {
		t.Errorf("%s: %d buttons", l.Subject, buttons)
	}
}

// reading is what a mail program makes of HTML.
type reading struct {
	lang, title, heading, words string
	links, loads                []string
}

func read(n *html.Node) (r reading) {
	for d := range n.Descendants() {
		switch {
		case d.Type == html.ElementNode:
			r.attributes(d)
		case d.Type != html.TextNode, d.Parent.Data == "script", d.Parent.Data == "style":
		case d.Parent.Data == "title":
			r.title = d.Data
		default:
			if d.Parent.Data == "h1" {
				r.heading = d.Data
			}
			r.words += strings.TrimLeft(d.Data, "\n\t ")
		}
	}
	return r
}

func (r *reading) attributes(d *html.Node) {
	if slices.Contains([]string{"img", "link", "iframe", "object", "form", "input"}, d.Data) {
		r.loads = append(r.loads, d.Data)
	}
	for _, a := range d.Attr {
		switch {
		case a.Key == "lang":
			r.lang = a.Val
		case a.Key == "href":
			r.links = append(r.links, a.Val)
		case slices.Contains([]string{"src", "background", "srcset", "onload", "onclick"}, a.Key), strings.Contains(a.Val, "url("):
			r.loads = append(r.loads, a.Val)
		}
	}
}
