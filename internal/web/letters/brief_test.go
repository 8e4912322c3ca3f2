package letters

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/gsm"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/notify"
)

// Every letter can be told in two pieces of the GSM alphabet, with the way to its
// page; what it says first is what its subject says.
func TestEveryLetterFitsAnSMS(t *testing.T) {
	for _, loc := range lang.Locales() {
		for _, e := range exhibits {
			if e.note != nil || notify.ByLetter(e.topic) {
				continue
			}
			d := invented(e.topic, loc)
			for _, set := range e.set {
				set(d)
			}
			if err := d.settle(); err != nil {
				t.Fatal(err)
			}
			p, err := d.page()
			if err != nil {
				t.Fatal(err)
			}
			text := p.text160().Text
			sent := strings.Replace(text, notify.PageMark, pageAddress, 1)
			if n := gsm.Segments(sent); n < 1 || n > maxPieces || gsm.Plain(text) != text {
				t.Errorf("%s %s: %d pieces: %s", e.topic, e.kind, n, sent)
			}
			if !strings.Contains(text, gsm.Plain(p.Subject)) || !strings.HasSuffix(text, notify.PageMark) {
				t.Errorf("%s %s: %s", e.topic, e.kind, text)
			}
			if push := p.note(); push.Subject != p.Subject || push.HTML != "" {
				t.Errorf("%s %s: %+v", e.topic, e.kind, push)
			}
		}
	}
}
