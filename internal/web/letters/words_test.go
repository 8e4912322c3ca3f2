package letters

import (
	"html"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
)

func TestThePromiseAsASentence(t *testing.T) {
	for _, c := range []struct {
		law, zone, until string // local
		collect          bool
		slot             time.Duration
		state            fact.State
		french, english  string
	}{
		{
			"a day ends at the next midnight", "Europe/Paris", "2026-12-02 00:00", false, 0, fact.Open,
			"Livraison au plus tard mardi 1er décembre.", "Delivery by Tuesday 1 December.",
		},
		{
			"an hour", "Europe/Paris", "2026-12-01 13:00", false, 0, fact.Open,
			"Livraison mardi 1er décembre avant 13:00.", "Delivery Tuesday 1 December before 13:00.",
		},
		{
			"an hour where the shop's clock is another", "Indian/Reunion", "2026-12-01 13:00", false, 0, fact.Open,
			"Livraison mardi 1er décembre avant 13:00 (heure de La Réunion).", "Delivery Tuesday 1 December before 13:00 (Réunion time).",
		},
		{
			"a day is the same wherever the clock hangs", "Indian/Reunion", "2026-12-02 00:00", false, 0, fact.Open,
			"Livraison au plus tard mardi 1er décembre.", "Delivery by Tuesday 1 December.",
		},
		{
			"at a point, kept", "Europe/Paris", "2026-12-02 00:00", true, 0, fact.Kept,
			"Prêt à retirer au plus tard mardi 1er décembre\u00a0: promesse tenue.", "Ready to collect by Tuesday 1 December: promise kept.",
		},
		{
			"at a point by an hour, broken", "Europe/Paris", "2026-12-01 12:30", true, 0, fact.Broken,
			"Prêt à retirer mardi 1er décembre avant 12:30\u00a0: nous n'avons pas tenu parole.",
			"Ready to collect Tuesday 1 December before 12:30: we did not keep our word.",
		},
		{
			"a slot has both ends", "Europe/Paris", "2026-12-01 16:00", false, 2 * time.Hour, fact.Open,
			"Livraison mardi 1er décembre entre 14:00 et 16:00.", "Delivery Tuesday 1 December between 14:00 and 16:00.",
		},
		{
			"a slot on another clock, missed", "Indian/Reunion", "2026-12-01 16:00", false, 2 * time.Hour, fact.Broken,
			"Livraison mardi 1er décembre entre 14:00 et 16:00 (heure de La Réunion)\u00a0: nous n'avons pas tenu parole.",
			"Delivery Tuesday 1 December between 14:00 and 16:00 (Réunion time): we did not keep our word.",
		},
		{
			"void", "Europe/Paris", "2026-12-02 00:00", false, 0, fact.Void,
			"Livraison au plus tard mardi 1er décembre\u00a0: cette promesse ne vaut plus.",
			"Delivery by Tuesday 1 December: this promise no longer holds.",
		},
	} {
		zone, err := civil.Zone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		until, err := time.ParseInLocation("2006-01-02 15:04", c.until, zone)
		if err != nil {
			t.Fatal(err)
		}
		d := &desk{
			shop:  merchant.Organisation{Zone: "Europe/Paris"},
			about: promise.Commitment{ID: "com_1", Until: civil.At(until), Zone: c.zone, Collect: c.collect, State: c.state},
		}
		d.Zone, d.Now = zone, civil.At(until)
		if c.slot > 0 {
			d.about.Owed, d.about.From = fact.DeliverInSlot, d.about.Until.Add(-c.slot)
		}
		for loc, want := range map[lang.Locale]string{lang.French: c.french, lang.English: c.english} {
			d.Locale = loc
			if got := d.sentence(); got != want {
				t.Errorf("%s: got %q, want %q", c.law, got, want)
			}
		}
	}
	if got := (&desk{}).sentence(); got != "" {
		t.Errorf("no promise: got %q", got)
	}
}

func TestTheConfirmationSaysThePromiseAsItWasShown(t *testing.T) {
	for _, c := range []struct{ law, shown, words, want string }{
		{"in the words of the checkout", "Livré mardi 24 novembre, c'est promis", "fr", "Nous vous avons promis : « Livré mardi 24 novembre, c'est promis »."},
		{"without their own full stop", "Livré mardi 24 novembre.", "fr", "Nous vous avons promis : « Livré mardi 24 novembre »."},
		{"words in another language stand below", "Delivered Tuesday 24 November", "en", "Livraison au plus tard mardi 24 novembre."},
		{"no words were kept", "", "fr", "Livraison au plus tard mardi 24 novembre."},
	} {
		d := invented(fact.TopicConfirmed, lang.French)
		d.promises[0].Shown, d.promises[0].Locale = c.shown, lang.Locale(c.words)
		l := write(t, d)
		first, _, _ := strings.Cut(l.Text, "\n")
		if got := strings.ReplaceAll(first, "\u00a0", " "); got != c.want {
			t.Errorf("%s: got %q", c.law, got)
		}
		words := strings.TrimSuffix(c.shown, ".")
		if !strings.Contains(l.HTML, html.EscapeString(words)) || !strings.Contains(l.Text, words) {
			t.Errorf("%s: %q is nowhere", c.law, c.shown)
		}
	}
}

// write is the letter of a desk.
func write(t *testing.T, d *desk) notify.Letter {
	t.Helper()
	if err := d.settle(); err != nil {
		t.Fatal(err)
	}
	p, err := d.page()
	if err != nil {
		t.Fatal(err)
	}
	l, err := p.letter()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAnAddressShowsNoMoreThanItMust(t *testing.T) {
	for _, c := range []struct {
		law  string
		to   order.Address
		want string
	}{
		{
			"a name and a street",
			order.Address{Name: "Camille Durand", Street: "12 rue de la République", Extra: "code 24B7", Postcode: "69002", City: "Lyon", Phone: "0601020304"},
			"Camille D., 12 rue de la R…, 69002 Lyon",
		},
		{"one word each", order.Address{Name: "Élodie", Street: "Kerbihan", Postcode: "29000", City: "Quimper"}, "Élodie, K…, 29000 Quimper"},
		{"several first names", order.Address{Name: "  Jean Marie  de Bel-Air", Street: "1 rue É", Postcode: "1", City: "X"}, "Jean M. d. B., 1 rue É…, 1 X"},
		{"signs of every width", order.Address{Name: "😀 😀", Street: "1 rue 😀😀", Postcode: "1", City: "X"}, "😀 😀., 1 rue 😀…, 1 X"},
	} {
		d := invented(fact.TopicConfirmed, lang.French)
		d.order.Ship = c.to
		if got := d.address(); got != c.want {
			t.Errorf("%s: got %q", c.law, got)
		}
	}
}

// The hour that a courier gives is said only where it tells of a delay.
func TestAWarningSaysTheNewHour(t *testing.T) {
	for _, c := range []struct {
		law          string
		hour, minute int
		want         string
	}{
		{"31 minutes after the slot", 16, 31, "Promis entre 14:00 et 16:00, votre colis est maintenant annoncé pour 16:31, soit 31 minutes trop tard."},
		{"at the end of the slot it is on time still", 16, 0, "votre créneau est menacé"},
		{"said for before now", 8, 59, "votre créneau est menacé"},
		{"on the day after", 33, 30, "annoncé pour mercredi 25 novembre à 09:30, soit 17 heures et 30 minutes trop tard."},
	} {
		d := invented(fact.TopicAtRisk, lang.French)
		inSlot(d)
		under(fact.OutForDelivery)(d)
		because("delay")(d)
		saying(c.hour, c.minute)(d)
		if l := write(t, d); !strings.Contains(l.Subject+" "+l.Text, c.want) {
			t.Errorf("%s: %q\n%s", c.law, l.Subject, l.Text)
		}
	}
}

// Whatever an order holds, its letter stays small, and says how much it left out.
func TestALetterStaysSmall(t *testing.T) {
	for _, loc := range lang.Locales() {
		d := invented(fact.TopicConfirmed, loc)
		d.who.Name = strings.Repeat("😀", 200)
		d.order.Ship = order.Address{Name: d.who.Name, Street: d.who.Name, Postcode: "75010", City: d.who.Name, Country: "FR"}
		d.lines = nil
		for range 200 {
			d.lines = append(d.lines, order.Line{
				ID: "lin_1", Kind: order.Goods, Name: strings.Repeat("😀", 200), SKU: strings.Repeat("😀", 100), Units: 1,
				Unit: money.Of(100, money.EUR), Captured: money.Of(100, money.EUR),
			})
		}
		l := write(t, d)
		if len(l.HTML) > 30_000 {
			t.Errorf("%s: %d bytes", loc, len(l.HTML))
		}
		if !strings.Contains(l.Text, "180") || !strings.Contains(l.Text, "180,00") && !strings.Contains(l.Text, "180.00") {
			t.Errorf("%s does not say what it left out:\n%s", loc, l.Text)
		}
	}
}

// A language that nobody writes is English.
func TestALanguageThatDoesNotExist(t *testing.T) {
	d := invented(fact.TopicConfirmed, "tlh")
	if l := write(t, d); !strings.HasPrefix(l.Subject, "Order E-1042") || !strings.Contains(l.Text, "Total paid: €32.90") {
		t.Errorf("%s\n%s", l.Subject, l.Text)
	}
}
