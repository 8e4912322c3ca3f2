package demo

import (
	"fmt"
	"testing"
)

// What opens something is kept for those who try the demo, the newest first; what
// opens nothing is not, however many letters there are.
func TestTheInboxKeepsWhatOpensSomething(t *testing.T) {
	var b Inbox
	for _, text := range []string{"Votre commande EB-000123 est en route.", "Total : 123456 euros", "https://a.example/p/0123456789abcdefghijkl"} {
		b.Open(Secret{Text: text})
	}
	if got := b.Secrets(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	for _, text := range []string{"Tapez ce code :\r\n\r\n123456\r\n", "https://a.example/console/sign-in/x", "https://a.example/lien/x"} {
		b.Open(Secret{Text: text})
	}
	if got := b.Secrets(); len(got) != 3 || got[0].Text != "https://a.example/lien/x" {
		t.Errorf("%+v", got)
	}
	for i := range 2 * recent {
		b.Open(Secret{Subject: fmt.Sprint(i), Text: "000000"})
	}
	if got := b.Secrets(); len(got) != recent || got[0].Subject != fmt.Sprint(2*recent-1) {
		t.Errorf("%d, %+v", len(got), got[0])
	}
}
