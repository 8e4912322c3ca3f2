package letters

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/template"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
)

// grocer is how the shop of these letters looks.
var grocer = merchant.Brand{Shown: "Épicerie du Canal", Accent: "#17613a", Contact: "bonjour@epicerie.example", Site: "https://www.epicerie.example/"}

// forms are all messages that are ever written.
func forms() (all []notify.Form) {
	for _, t := range fact.Topics {
		for _, ch := range notify.Told(t) {
			for _, loc := range lang.Locales() {
				all = append(all, notify.Form{Topic: t, Channel: ch, Locale: loc})
			}
		}
	}
	return all
}

// Every message has words of ours in both languages, and these, written as a template,
// give the very same letter.
func TestOurWordsAreATemplateToo(t *testing.T) {
	for _, f := range forms() {
		if Examples(f.Topic) == 0 {
			t.Errorf("there is no example of %s", f.Topic)
		}
		for i := range Examples(f.Topic) {
			ours, err := Preview(grocer, notify.Standard(f), i)
			if err != nil {
				t.Fatal(err)
			}
			source := notify.Standard(f)
			source.Standard = false
			theirs, err := Preview(grocer, source, i)
			if err != nil {
				t.Errorf("%v %d: %v", f, i, err)
				continue
			}
			switch {
			case f.Channel == notify.SMS:
				if n := Pieces(theirs.Text); n > maxOwnPieces || !strings.HasSuffix(theirs.Text, notify.PageMark) {
					t.Errorf("%v %d: %d pieces: %s", f, i, n, theirs.Text)
				}
			case f.Channel == notify.Push:
				if theirs.Subject != ours.Subject || theirs.Text != ours.Text {
					t.Errorf("%v %d: %+v", f, i, theirs)
				}
			default:
				if diff := cmp.Diff(ours, theirs); diff != "" {
					t.Errorf("%v %d: %s", f, i, diff)
				}
			}
		}
	}
}

// Whatever a merchant may name says something in some example.
func TestEveryFieldHasAValue(t *testing.T) {
	for _, f := range forms() {
		for _, part := range notify.Parts(f.Channel) {
			for _, field := range notify.Fields(f.Topic, f.Channel, part) {
				if !says(t, f, field) {
					t.Errorf("%v: {{%s}} never says anything", f, field.Name)
				}
			}
		}
	}
}

func saidSomewhere(f notify.Form, name string) bool {
	for i := range Examples(f.Topic) {
		if Value(grocer, f, i, name) != "" {
			return true
		}
	}
	return false
}

// holds reports whether a condition does in some example.
func holds(t *testing.T, f notify.Form, name string) bool {
	t.Helper()
	shop := brandOf(grocer)
	for _, e := range examples(f.Topic) {
		p, err := e.page(f.Locale, &shop)
		if err != nil {
			t.Fatal(err)
		}
		if p.values().Truth(name) {
			return true
		}
	}
	return false
}

// bare are the fields that some letters have no use for: those of the gallery that are
// about no parcel in a slot, or that no button leads from.
var bare = map[fact.Topic][]string{
	fact.TopicCode: {"label", "promise"}, fact.TopicCancelled: {"label", "promise"}, fact.TopicLink: {"promise"},
}

func says(t *testing.T, f notify.Form, field template.Field) bool {
	if slices.Contains(bare[f.Topic], field.Name) {
		return true
	}
	switch field.Kind {
	case template.Truth:
		return holds(t, f, field.Name) || field.Name == "collected" || field.Name == "in_slot"
	case template.Words:
		return saidSomewhere(f, field.Name)
	default:
		return true
	}
}

// own is the confirmation in words of the merchant's.
func own(subject, body string) notify.Template {
	return notify.Template{
		Form: notify.Form{Topic: fact.TopicShipped, Channel: notify.Email, Locale: lang.French}, Host: "suivi.example",
		Subject: subject, Body: body, Button: "C'est par là",
	}
}

const required = "{{promise}}\n{{button}}\n"

func TestALetterInTheMerchantsWords(t *testing.T) {
	l, err := Preview(grocer, own("Hop ! {{order}} & en route", required+"{{#has_name}}{{name}}, <b>c'est parti</b> avec {{carrier}} !{{/has_name}}\n\nhttps://epicerie.example/retours?a=1&b=2, ou https://suivi.example/x."), 0)
	if err != nil {
		t.Fatal(err)
	}
	if l.Subject != "Hop ! E-1042 & en route" {
		t.Errorf("subject %q", l.Subject)
	}
	for _, want := range []string{
		"Camille, &lt;b&gt;c&#39;est parti&lt;/b&gt; avec Porteur Express !", "<title>Hop ! E-1042 &amp; en route</title>", ">C&#39;est par là</a>",
		`href="https://epicerie.example/retours?a=1&amp;b=2"`, `href="https://suivi.example/x"`, "Vous recevez ce message parce que", "ParcelDelivery",
	} {
		if !strings.Contains(l.HTML, want) {
			t.Errorf("the HTML does not hold %q:\n%s", want, l.HTML)
		}
	}
	for _, want := range []string{"Camille, <b>c'est parti</b> avec Porteur Express !", "Livraison au plus tard", notify.PageMark, "https://suivi.example/x.", "-- \nÉpicerie du Canal"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("the text does not hold %q:\n%s", want, l.Text)
		}
	}
	if strings.Contains(l.HTML, "<b>") || strings.Contains(l.Text, "Votre colis") || strings.Contains(l.Text, "Numéro") {
		t.Errorf("it holds what nobody wrote:\n%s", l.Text)
	}
	if strings.Index(l.HTML, "</h1>") > strings.Index(l.HTML, "c&#39;est parti") {
		t.Error("the parts stand in another order")
	}
}

// What sentences of ours would have said stands in the text part all the same.
func TestDetailsAreInTheTextWithoutOurSentences(t *testing.T) {
	l, err := Preview(grocer, own("x", required+"{{details}}"), 0)
	if err != nil || !strings.Contains(l.Text, "6A 0412 7788") {
		t.Errorf("%v\n%s", err, l.Text)
	}
}

func TestWhatALetterMustBear(t *testing.T) {
	for _, c := range []struct {
		law   string
		topic fact.Topic
		body  string
		needs string
	}{
		{"the promise", fact.TopicShipped, "{{button}}", "{{promise}}"},
		{"the way to the page", fact.TopicShipped, "{{promise}}", "{{button}}"},
		{"what was bought, where the contract is confirmed", fact.TopicConfirmed, required, "{{details}}"},
		{"the statement of a withdrawal", fact.TopicWithdrawn, required + "{{details}}", "{{message}}"},
		{"what the shopper may choose", fact.TopicAtRisk, required, "{{message}}"},
		{"the code", fact.TopicCode, required, "{{message}}"},
		{"the proof of a deposit", fact.TopicReturnDeposited, required + "{{message}}", "{{details}}"},
	} {
		x := own("x", c.body)
		x.Topic = c.topic
		_, err := Preview(grocer, x, 0)
		all := fault.All(err)
		if len(all) != 1 || all[0].Code != "template_needs" || all[0].Args["tag"] != c.needs {
			t.Errorf("%s: %v", c.law, err)
		}
	}
}

func TestWhatCannotBeWrittenIsRefused(t *testing.T) {
	for _, c := range []struct {
		law  string
		as   func(*notify.Template)
		code string
	}{
		{"a subject that begins a header", func(x *notify.Template) { x.Subject = "Bonjour\r\nBcc: all@evil.com" }, "template_sign"},
		{"a subject with nothing in it once filled in", func(x *notify.Template) { x.Subject = "{{^has_name}}x{{/has_name}}" }, "template_empty"},
		{"no subject", func(x *notify.Template) { x.Subject = "  " }, "field_required"},
		{"a button of two lines", func(x *notify.Template) { x.Button = "a\nb" }, "template_sign"},
		{"another's site", func(x *notify.Template) { x.Body += "https://evil.com" }, "template_link"},
		{"another's site by a field", func(x *notify.Template) { x.Body += "evil.com" }, "template_link"},
		{"a field of another topic", func(x *notify.Template) { x.Body += "{{chance}}" }, "template_name"},
	} {
		x := own("x", required)
		c.as(&x)
		_, err := Preview(grocer, x, 0)
		if all := fault.All(err); len(all) == 0 || all[0].Code != c.code {
			t.Errorf("%s: %v", c.law, err)
		}
	}
}

func TestAnSMSInTheMerchantsWords(t *testing.T) {
	f := notify.Form{Topic: fact.TopicShipped, Channel: notify.SMS, Locale: lang.French}
	for _, c := range []struct{ law, body, want, code string }{
		{"in signs that cost least", "{{shop}} : c'est parti… {{link}}", "Épicerie du Canal : c'est parti... " + notify.PageMark, ""},
		{"on one line", "{{shop}}\n\n{{link}}", "Épicerie du Canal " + notify.PageMark, ""},
		{"who writes", "C'est parti {{link}}", "", "template_needs"},
		{"where to look", "{{shop}}", "", "template_needs"},
		{"too long", "{{shop}} {{link}} " + strings.Repeat("🎁", 140), "", "template_pieces"},
		{"a link made of the way", "{{shop}} {{link}}/retour", "", "template_joined"},
	} {
		l, err := Preview(grocer, notify.Template{Form: f, Body: c.body}, 0)
		if all := fault.All(err); c.code != "" && (len(all) == 0 || all[0].Code != c.code) || c.code == "" && (err != nil || strings.ReplaceAll(l.Text, "É", "É") != c.want) {
			t.Errorf("%s: %q, %v", c.law, l.Text, err)
		}
		if l.HTML != "" {
			t.Errorf("%s: it has HTML", c.law)
		}
	}
}
