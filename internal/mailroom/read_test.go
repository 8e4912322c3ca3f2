package mailroom

import (
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
)

func TestUnquoted(t *testing.T) {
	for _, c := range []struct{ law, text, want string }{
		{"words alone", "Où est mon colis ?", "Où est mon colis ?"},
		{"Gmail, in French", "Non merci.\r\n\r\nLe mar. 24 nov. 2026 à 09:12, Épicerie <r@x.example> a écrit :\r\n\r\n> Bonjour Camille,\r\n> ...\r\n", "Non merci."},
		{"the line above folded", "Non merci.\n\nLe mar. 24 nov. 2026 à 09:12, Épicerie du Canal\n<reponse@courrier.example> a écrit :\n> Bonjour", "Non merci."},
		{"Gmail, in English", "No.\n\nOn Tue, Nov 24, 2026 at 9:12 AM Shop <r@x.example> wrote:\n> Hello", "No."},
		{"Outlook", "Bien reçu.\n\n________________________________\nDe : Épicerie <r@x.example>\nEnvoyé : mardi\nObjet : Commande", "Bien reçu."},
		{"Outlook without the bar", "Bien reçu.\n\nDe : Épicerie <r@x.example>\nEnvoyé : mardi 24 novembre 2026 09:12\nObjet : Commande", "Bien reçu."},
		{"the original message", "Oui\n\n-----Message d'origine-----\nDe: x", "Oui"},
		{"answers between the lines", "> À quelle heure ?\nVers midi.\n> Où ?\nDevant la porte.", "Vers midi.\nDevant la porte."},
		{"a signature", "Merci !\n-- \nCamille Durand\n06 12 34 56 78", "Merci !"},
		{"nothing but a quotation: all of it", "> Bonjour Camille,", "> Bonjour Camille,"},
		{"a sentence that begins like an introduction", "Le livreur est passé, il a écrit : absent.\nC'est faux.", "Le livreur est passé, il a écrit : absent.\nC'est faux."},
		{"what a parcel is from is no header", "De : la part de qui vient-il ?\nDites-le-moi.", "De : la part de qui vient-il ?\nDites-le-moi."},
	} {
		if got := Unquoted(c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.law, got, c.want)
		}
	}
}

// Whatever is typed, something of it is left, and nothing is made up.
func TestUnquotedLosesNobodysWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab> \n-:le écrit_\r\u00e9\U0001f600"))).Draw(t, "text")
		got := Unquoted(text)
		if strings.TrimSpace(text) != "" && strings.TrimSpace(got) == "" {
			t.Fatalf("nothing is left of %q", text)
		}
		for _, line := range strings.Split(got, "\n") {
			if !strings.Contains(text, line) {
				t.Fatalf("%q was never written in %q", line, text)
			}
		}
	})
}

func letter(t *testing.T, raw string) *enmime.Envelope {
	t.Helper()
	e, err := enmime.ReadEnvelope(strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAutomatic(t *testing.T) {
	for _, c := range []struct {
		law, sender, headers string
		want                 bool
	}{
		{"a person", "camille@example.org", "", false},
		{"a person who says so", "camille@example.org", "Auto-Submitted: no\n", false},
		{"on holiday", "camille@example.org", "Auto-Submitted: auto-replied\n", true},
		{"an older program", "camille@example.org", "X-Autoreply: yes\n", true},
		{"a list", "camille@example.org", "Precedence: bulk\n", true},
		{"a mail server", "", "", true},
	} {
		if got := automatic(letter(t, c.headers+"Subject: x\n\nBonjour\n"), c.sender); got != c.want {
			t.Errorf("%s: %t", c.law, got)
		}
	}
}

// dsn is what a mail server reports. Its form is that of RFC 3464, appendix E.
func dsn(action, status string) string {
	return `From: <MAILER-DAEMON@mx.example>
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Tue, 24 Nov 2026 09:12:00 +0100

Original-Recipient: rfc822;camille@example.org
Final-Recipient: rfc822;camille@example.org
Action: ` + action + `
Status: ` + status + `
Remote-MTA: dns; mail.example

--b
Content-Type: message/rfc822

Subject: ours

Hello
--b--
`
}

func TestBounceOf(t *testing.T) {
	for _, c := range []struct {
		law, raw   string
		hard, told bool
	}{
		{"no such mailbox", dsn("failed", "5.1.1"), true, true},
		{"the mailbox is full: it may be emptied", dsn("failed", "5.2.2"), false, true},
		{"taken for spam: the address is good", dsn("failed", "5.7.1"), false, true},
		{"tried for days", dsn("failed", "4.4.1"), false, true},
		{"still trying", dsn("delayed", "4.4.1"), false, false},
		{"delivered, it says", dsn("delivered", "2.0.0"), false, false},
		{"a server that reports in words alone", "Subject: Returned mail\n\nUser unknown\n", false, true},
	} {
		if hard, told := bounceOf(letter(t, c.raw)); hard != c.hard || told != c.told {
			t.Errorf("%s: hard %t, told %t", c.law, hard, told)
		}
	}
}

func FuzzLetter(f *testing.F) {
	f.Add([]byte(dsn("failed", "5.1.1")))
	f.Add([]byte("Subject: x\r\n\r\nBonjour"))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		e, err := enmime.ReadEnvelope(strings.NewReader(string(raw)))
		if err != nil {
			return
		}
		automatic(e, "x")
		bounceOf(e)
		Unquoted(e.Text)
		keyOf(e, raw)
		senderOf(e)
	})
}

func TestAddresses(t *testing.T) {
	v, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	a := NewAddresses(v, "Courrier.example")
	const m, msg = ident.Merchant("mer_5vr4qr00000006ge7gyb3vxekw"), ident.Message("msg_5vr4qr00000009tb5zdfznhyw4")
	address := a.For(Answers, m, msg)
	if local, _, _ := strings.Cut(address, "@"); len(local) > 64 {
		t.Errorf("%d signs before the @", len(local))
	}
	for _, written := range []string{address, strings.ToUpper(address)} {
		if got, ok := a.Read(written); !ok || got != (Address{Answers, m, msg}) {
			t.Errorf("%s: %+v, %t", written, got, ok)
		}
	}
	if got, ok := a.Read(a.For(Returns, m, msg)); !ok || got.Kind != Returns {
		t.Errorf("%+v, %t", got, ok)
	}
	other, err := vault.New([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	for law, wrong := range map[string]string{
		"another kind":              "r" + address[1:],
		"another message":           strings.Replace(address, "znhyw4", "znhyw5", 1),
		"another host":              strings.Replace(address, "courrier", "ailleurs", 1),
		"of another installation":   NewAddresses(other, "courrier.example").For(Answers, m, msg),
		"nothing":                   "",
		"a person":                  "bonjour@courrier.example",
		"a seal cut off":            strings.Replace(address, "@", "", 1),
		"where nobody takes any in": Addresses{}.For(Answers, m, msg),
	} {
		if got, ok := a.Read(wrong); ok {
			t.Errorf("%s: %+v", law, got)
		}
	}
}
