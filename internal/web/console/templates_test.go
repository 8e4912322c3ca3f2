package console_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/console"
)

const shippedMail = "/console/templates/parcel_shipped/email/fr"

func (o *office) rules(f notify.Form) (t notify.Template, own bool) {
	o.T.Helper()
	o.See(func(tx *db.Tx) (err error) {
		t, own, err = notify.TemplateOf(tx, o.ID, f)
		return err
	})
	return t, own
}

func words(subject, body string) url.Values {
	return url.Values{"do": {"keep"}, "subject": {subject}, "body": {body}, "button": {"Suivre"}, "example": {"0"}}
}

func TestAShopWritesItsOwnWords(t *testing.T) {
	o := open(t)
	form := notify.Form{Topic: "parcel_shipped", Channel: notify.Email, Locale: lang.French}
	list := must(t, o.get(merchant.Owner, "/console/templates"), 200)
	if got := list.All(".forms li"); len(got) != len(notify.Forms()) || slices.ContainsFunc(got, func(s string) bool { return !strings.Contains(s, "nos mots") }) {
		t.Errorf("%d messages: %q", len(got), got)
	}
	page := must(t, o.get(merchant.Owner, shippedMail), 200)
	mustSay(t, page.One("main"), "{{promise}}", "{{carrier}}", "le transporteur", "Porteur Express", "nos mots", "suivi.example")
	if frame := page.Attributes("iframe", "src"); len(frame) != 1 || !strings.Contains(must(t, o.get(merchant.Owner, frame[0]), 200).Body, "Bonjour Camille,") {
		t.Errorf("framed %q", frame)
	}

	own := words("{{order}} est partie", "{{promise}}\nMerci {{name}}, <i>merci</i> !\n{{button}}")
	seen := o.send(merchant.Owner, shippedMail+"/letter", own)
	mustSay(t, must(t, seen, 200).Body, "E-1042 est partie", "Merci Camille, &lt;i&gt;merci&lt;/i&gt; !", ">Suivre</a>")
	if policy := seen.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'self'") {
		t.Errorf("shown under %q", policy)
	}
	if _, kept := o.rules(form); kept {
		t.Error("a preview was kept")
	}
	goes(t, o.send(merchant.Owner, shippedMail, own), shippedMail+"?done=template")
	if x, kept := o.rules(form); !kept || x.Subject != "{{order}} est partie" || x.Host != "suivi.example" || !strings.HasPrefix(string(x.By), "staff:") {
		t.Errorf("%v %+v", kept, x)
	}
	mustSay(t, must(t, o.get(merchant.Owner, "/console/templates"), 200).One("main"), "vos mots")
	page = must(t, o.get(merchant.Owner, shippedMail), 200)
	mustSay(t, page.One("main"), "vos mots", "Revenir à nos mots", "Merci {{name}}, <i>merci</i> !")
	goes(t, o.send(merchant.Owner, shippedMail, url.Values{"do": {"standard"}}), shippedMail+"?done=template_restored")
	if _, kept := o.rules(form); kept {
		t.Error("it rules still")
	}
	mustSay(t, must(t, o.get(merchant.Owner, shippedMail), 200).One("main"), "retour à nos mots")
}

func TestWordsAreRefusedWithTheirPlace(t *testing.T) {
	o := open(t)
	for _, c := range []struct{ law, subject, body, want string }{
		{"a loop", "x", "{{promise}}\nBonjour {{range 1000000000}}x{{end}}\n{{button}}", "Ligne 2, colonne 9"},
		{"a header", "x\r\nBcc: all@evil.com", "{{promise}}\n{{button}}", "Ligne 1, colonne 2"},
		{"a field that does not exist", "{{password}}", "{{promise}}\n{{button}}", "{{shop}} {{name}}"},
		{"another's site", "x", "{{promise}}\n{{button}}\nhttps://evil.com/", "mène ailleurs que chez vous (suivi.example"},
		{"nothing that must be there", "x", "Bonjour", "Il manque {{promise}}"},
	} {
		a := must(t, o.send(merchant.Owner, shippedMail, words(c.subject, c.body)), 422)
		text := a.One("main")
		mustSay(t, text, c.want)
		if n := strings.Count(a.Body, `aria-invalid="true"`); n != 1 {
			t.Errorf("%s: %d parts are wrong", c.law, n)
		}
		if !strings.Contains(text, strings.SplitN(c.body, "\n", 2)[0]) {
			t.Errorf("%s: what was typed is lost: %s", c.law, text)
		}
		mustSay(t, must(t, o.send(merchant.Owner, shippedMail+"/letter", words(c.subject, c.body)), 422).One("body"), c.want)
	}
	o.See(func(tx *db.Tx) error {
		written, err := notify.Templates(tx, o.ID)
		if len(written) > 0 {
			t.Errorf("kept: %+v", written)
		}
		return err
	})
}

func TestAnSMSSaysWhatItCosts(t *testing.T) {
	o := open(t)
	const path = "/console/templates/parcel_shipped/sms/fr/letter"
	for body, want := range map[string]string{
		"{{shop}} {{link}}":   "1 SMS, 78 signes, alphabet GSM-7",
		"{{shop}} 🎁 {{link}}": "2 SMS, 80 signes, alphabet UCS-2",
	} {
		mustSay(t, must(t, o.send(merchant.Owner, path, url.Values{"body": {body}}), 200).One("body"), want)
	}
	push := o.send(merchant.Owner, "/console/templates/parcel_shipped/push/fr/letter", url.Values{"subject": {"En route"}, "body": {"{{promise}}"}})
	mustSay(t, must(t, push, 200).One("body"), "En route", "Livraison")
	must(t, o.get(merchant.Owner, "/console/templates/order_confirmed/sms/fr"), 404)
	must(t, o.get(merchant.Viewer, shippedMail), 403)
}

// Every field that a template may name has its words, in both languages.
func TestEveryFieldHasItsWords(t *testing.T) {
	for _, f := range notify.Forms() {
		for _, part := range notify.Parts(f.Channel) {
			for _, field := range notify.Fields(f.Topic, f.Channel, part) {
				if w := console.FieldWords(f.Locale, field.Name); w == "" || strings.HasPrefix(w, "[") || strings.Contains(w, "[]") {
					t.Errorf("%s: %q", field.Name, w)
				}
			}
		}
	}
}
