package mailroom_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/png"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/mailroom"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/notify/channeltest"
	"github.com/promesse-dev/promesse/internal/notify/email"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// house is a shop whose letters leave by SMTP, and whose answers come in so.
type house struct {
	*flowtest.World
	m       ident.Merchant
	camille ident.Shopper
	order   ident.Order
	post    *channeltest.Server // where letters arrive
	in      string              // where ours are answered
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{
		World: flowtest.New(t, flow.Reaction{On: "order.placed", Name: "notify.Consider", Mode: flow.Later, Run: notify.Consider}),
		post:  channeltest.NewServer(t),
	}
	v, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	addresses := mailroom.NewAddresses(v, "courrier.example")
	sender := email.Sender{Addr: h.post.Addr(), From: "no-reply@shop.test", Plain: true, Hello: "shop.test", Timeout: 5 * time.Second}
	h.Handle(notify.Office{
		Flow: h.Flow, Host: "shop.test", Channels: notify.Channels{notify.Email: sender.Send},
		Compose: func(*db.Tx, ident.Merchant, notify.Message) (notify.Letter, error) {
			return notify.Letter{Subject: "Commande confirmée", Text: "Merci.", HTML: "<p>Merci.</p>"}, nil
		},
		Post: func(m ident.Merchant, msg ident.Message) (string, string) {
			return addresses.For(mailroom.Answers, m, msg), addresses.For(mailroom.Returns, m, msg)
		},
	}.Sender())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.in = l.Addr().String()
	s := mailroom.Room{Flow: h.Flow, Addresses: addresses, Darkroom: photo.NewDarkroom(), Log: slog.New(slog.DiscardHandler)}.Serve(l)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	err = h.Write(t.Context(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		h.m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Do(h.m, func(tx *flow.Tx) (err error) {
		h.camille, err = shopper.Register(tx, h.m, shopper.NewShopper{Email: "Camille@example.org", Name: "Camille", Locale: lang.French})
		if err != nil {
			return err
		}
		o, _, err := order.Place(tx, h.m, order.New{
			Reference: "E-1", Shopper: h.camille, Locale: lang.French, Currency: money.EUR, Fingerprint: "f",
			Lines: []order.Line{{Kind: order.Goods, SKU: "huile", Name: "Huile", Units: 1, Unit: money.Of(1500, money.EUR)}},
			Ship:  order.Address{Name: "Camille", Street: "1 rue Haute", Postcode: "75011", City: "Paris", Country: "FR"},
		})
		h.order = o.ID
		return err
	})
	h.Quiet()
	return h
}

// got is the letter that Camille got.
func (h *house) got() channeltest.Letter {
	h.T.Helper()
	all := h.post.Accepted()
	if len(all) != 1 {
		h.T.Fatalf("%d letters", len(all))
	}
	return all[0]
}

// writes has a letter carried to an address by SMTP.
func (h *house) writes(from, to, raw string) error {
	c, err := smtp.Dial(h.in)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return c.SendMail(from, []string{to}, strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n")))
}

func (h *house) thread() (said []desk.Said) {
	h.T.Helper()
	h.See(func(tx *db.Tx) error {
		of, err := desk.OfOrders(tx, h.m, []ident.Order{h.order})
		for _, c := range of[h.order] {
			more, err := desk.Thread(tx, h.m, c.ID)
			if err != nil {
				return err
			}
			said = append(said, more...)
		}
		return err
	})
	return said
}

func words(said []desk.Said) (all []string) {
	for _, s := range said {
		all = append(all, s.Words)
	}
	return all
}

const camille = "camille@example.org"

func from(who, id, body string) string {
	return "From: Camille <" + who + ">\nTo: x\nSubject: Re: Commande\nMessage-ID: <" + id + "@example.org>\nContent-Type: text/plain; charset=utf-8\n\n" + body
}

func TestAnAnswerReachesTheDesk(t *testing.T) {
	h := open(t)
	to := strings.Trim(h.got().GetHeader("Reply-To"), "<>")
	if !strings.HasSuffix(to, "@courrier.example") || h.got().Sender == "no-reply@shop.test" {
		t.Fatalf("answers to %q, bounces to %q", to, h.got().Sender)
	}
	answer := from(camille, "1", "Où est mon colis ?\n\nLe mar. 24 nov. 2026, Épicerie a écrit :\n> Merci.\n")
	for range 2 { // mail servers deliver twice
		if err := h.writes(camille, to, answer); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.writes(camille, to, from(camille, "2", "Et le second ?")); err != nil {
		t.Fatal(err)
	}
	said := h.thread()
	if got := words(said); !slices.Equal(got, []string{"Où est mon colis ?", "Et le second ?"}) {
		t.Fatalf("%q", got)
	}
	if said[0].Via != fact.ViaMail || said[0].By != fact.ByShopper {
		t.Errorf("%+v", said[0])
	}
	h.kept(3)
}

// kept is how many letters are stored as they came.
func (h *house) kept(want int) {
	h.T.Helper()
	h.See(func(tx *db.Tx) error {
		n, _, err := db.One(tx, `select count(*) from blob_document where merchant = $1 and content_type = 'message/rfc822'`, db.Scalar[int], h.m)
		if n != want {
			h.T.Errorf("%d letters are kept, want %d", n, want)
		}
		return err
	})
}

func TestALongLetterIsSeveralMessages(t *testing.T) {
	h := open(t)
	to := strings.Trim(h.got().GetHeader("Reply-To"), "<>")
	long := strings.Repeat("une question,\n", 20_000)
	if err := h.writes(camille, to, from(camille, "1", long)); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(words(h.thread()), ""); strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(long), "") {
		t.Errorf("%d of %d characters", len(got), len(long))
	}
}

func TestWhoseLettersReachNobody(t *testing.T) {
	h := open(t)
	to := strings.Trim(h.got().GetHeader("Reply-To"), "<>")
	for law, send := range map[string]func() error{
		"an out-of-office": func() error {
			return h.writes(camille, to, "Auto-Submitted: auto-replied\n"+from(camille, "1", "Je suis en congé."))
		},
		"a mail server": func() error { return h.writes("", to, from("mailer-daemon@mx.example", "2", "Undelivered")) },
		"a stranger who begins": func() error {
			return h.writes("eve@example.net", to, from("eve@example.net", "3", "Livrez-le chez moi."))
		},
		"what is no letter": func() error { return h.writes(camille, to, "\x00\x01\x02") },
	} {
		if err := send(); err != nil {
			t.Errorf("%s: %v", law, err)
		}
		if got := words(h.thread()); len(got) > 0 {
			t.Errorf("%s: %q", law, got)
		}
	}
	h.kept(4)
}

// A reply from another address is shown to the desk, and answers nothing.
func TestAReplyFromAnotherAddress(t *testing.T) {
	h := open(t)
	to := strings.Trim(h.got().GetHeader("Reply-To"), "<>")
	for _, raw := range []string{from(camille, "1", "Où est-il ?"), from("camille@travail.example", "2", "C'est moi, d'ailleurs.")} {
		if err := h.writes(camille, to, raw); err != nil {
			t.Fatal(err)
		}
	}
	said := h.thread()
	if got := words(said); !slices.Equal(got, []string{"Où est-il ?", "C'est moi, d'ailleurs."}) {
		t.Fatalf("%q", got)
	}
	if said[1].By == fact.ByShopper || said[1].Actor == flow.ByShopper(h.camille) || said[0].Actor != flow.ByShopper(h.camille) || said[1].Source != "camille@travail.example" {
		t.Errorf("%+v", said[1])
	}
}

// A letter that is a picture and nothing else reaches a person too.
func TestAPictureAlone(t *testing.T) {
	h := open(t)
	to := strings.Trim(h.got().GetHeader("Reply-To"), "<>")
	var shot bytes.Buffer
	if err := png.Encode(&shot, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	raw := "From: <" + camille + ">\nSubject: Re: Commande\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n" +
		"Content-Type: text/plain\n\n\n--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=\"a.png\"\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString(shot.Bytes()) + "\n--b--\n"
	if err := h.writes(camille, to, raw); err != nil {
		t.Fatal(err)
	}
	if said := h.thread(); len(said) != 1 || said[0].Words != "Re: Commande" || len(said[0].Photos) != 1 {
		t.Errorf("%+v", said)
	}
}

func TestABounceComesBack(t *testing.T) {
	h := open(t)
	bounces := h.got().Sender
	report := "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822;camille@example.org\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
	for range 2 {
		if err := h.writes("", bounces, report); err != nil {
			t.Fatal(err)
		}
	}
	h.See(func(tx *db.Tx) error {
		of, err := notify.OfOrders(tx, h.m, []ident.Order{h.order})
		if got := of[h.order][0].State; got != notify.Bounced {
			t.Errorf("the letter is %s", got)
		}
		return err
	})
}

func TestNobodysAddressIsRefused(t *testing.T) {
	h := open(t)
	for _, to := range []string{"bonjour@courrier.example", "a" + strings.Repeat("0", 62) + "@courrier.example", "camille@example.org"} {
		err := h.writes(camille, to, from(camille, "1", "x"))
		var said *smtp.SMTPError
		if !errors.As(err, &said) || said.Code != 550 {
			t.Errorf("%s: %v", to, err)
		}
	}
	c, err := smtp.Dial(h.in)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	var said *smtp.SMTPError
	if err := c.Mail(camille, &smtp.MailOptions{Size: 11 << 20}); !errors.As(err, &said) || said.Code != 552 {
		t.Errorf("11 MB: %v", err)
	}
	h.kept(0)
}
