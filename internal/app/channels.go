package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/promesse-dev/promesse/internal/api"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/mailroom"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/notify/push"
	"github.com/promesse-dev/promesse/internal/notify/sms"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// textSettings say how SMS leave. Without a gateway nobody is offered any.
type textSettings struct {
	SMS        string `name:"sms" help:"Gateway for SMS: plain, ovh or twilio." enum:",plain,ovh,twilio" default:"" placeholder:"GATEWAY"`
	SMSURL     string `name:"sms-url" help:"Address of the gateway; known for ovh and twilio." placeholder:"URL"`
	SMSAccount string `name:"sms-account" help:"OVH's service name, or Twilio's account."`
	SMSFrom    string `name:"sms-from" help:"Sender: a name, a number, or Twilio's messaging service."`
	SMSSecret  string `name:"sms-secret-file" help:"File with the token; for ovh three lines: application key, application secret, consumer key." type:"path"`
}

// texts is a gateway, once there is a way out.
type texts struct {
	send func(*egress.Client, func() civil.Instant) func(context.Context, notify.Letter) error
	read api.ReadText // what shoppers answer; nil where the gateway proves nothing it says
}

// gateway reads the settings.
func (s textSettings) gateway() (t texts, err error) {
	if s.SMS == "" {
		return t, nil
	}
	secret, err := os.ReadFile(s.SMSSecret)
	if err != nil {
		return t, fmt.Errorf("sms gateway's secret: %w", err)
	}
	lines := strings.Fields(string(secret))
	if want := map[string]int{"ovh": 3}[s.SMS]; len(lines) != max(want, 1) {
		return t, fmt.Errorf("sms gateway's secret: %s has %d lines, and needs %d", s.SMSSecret, len(lines), max(want, 1))
	}
	if s.SMSFrom == "" {
		return t, errors.New("sms: say who sends, such as --sms-from EPICERIE")
	}
	return s.speak(lines)
}

func (s textSettings) speak(secret []string) (t texts, err error) {
	switch s.SMS {
	case "plain":
		if _, err := url.ParseRequestURI(s.SMSURL); err != nil {
			return t, fmt.Errorf("sms: say where the gateway is: --sms-url: %w", err)
		}
		return plainTexts(sms.Plain{URL: s.SMSURL, Token: secret[0], From: s.SMSFrom}), nil
	case "ovh":
		g := sms.OVH{Base: cmp.Or(s.SMSURL, "https://eu.api.ovh.com/1.0"), Service: s.SMSAccount, From: s.SMSFrom, Key: secret[0], Secret: secret[1], Consumer: secret[2]}
		t.send = func(out *egress.Client, wall func() civil.Instant) func(context.Context, notify.Letter) error {
			g.Out, g.Wall = out, wall
			return g.Send
		}
	case "twilio":
		g := sms.Twilio{Base: cmp.Or(s.SMSURL, "https://api.twilio.com"), Account: s.SMSAccount, Token: secret[0], From: s.SMSFrom}
		t.send = func(out *egress.Client, _ func() civil.Instant) func(context.Context, notify.Letter) error {
			g.Out = out
			return g.Send
		}
		t.read = reader(g.Read)
	}
	return t, nil
}

// reader gives a gateway what the API was shown.
func reader(read func(sms.Proof, string, []byte) (string, string, error)) api.ReadText {
	return func(p api.TextProof, address string, body []byte) (string, string, error) {
		return read(sms.Proof(p), address, body)
	}
}

// demoTexts speaks to the gateway of the demo's world.
func demoTexts() texts {
	return plainTexts(sms.Plain{URL: demo.TextGateway, Token: demo.TextToken, From: "PROMESSE"})
}

func plainTexts(g sms.Plain) texts {
	return texts{
		send: func(out *egress.Client, _ func() civil.Instant) func(context.Context, notify.Letter) error {
			g.Out = out
			return g.Send
		},
		read: reader(g.Read),
	}
}

// post are the addresses on a letter of ours; nil where none come in.
func post(a mailroom.Addresses) notify.Post {
	if !a.Open() {
		return nil
	}
	return func(m ident.Merchant, msg ident.Message) (answers, bounces string) {
		return a.For(mailroom.Answers, m, msg), a.For(mailroom.Returns, m, msg)
	}
}

// takeMail has letters taken in at an address until the server is closed; nil
// where none come in.
func (a *App) takeMail(address string, addresses mailroom.Addresses, log *slog.Logger) (*mailroom.Server, error) {
	if !addresses.Open() {
		return nil, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("mail in: %w", err)
	}
	return mailroom.Room{Flow: a.Flow, Addresses: addresses, Darkroom: photo.NewDarkroom(), Log: log}.Serve(l), nil
}

// reaching are the channels of an installation: those it was given, SMS where
// there is a gateway, and push, which needs no more than the master key.
func (a *App) reaching(p Parts) (notify.Channels, error) {
	keys, err := push.KeysOf(p.Vault)
	if err != nil {
		return nil, err
	}
	a.pushKey = keys.Public
	all := notify.Channels{notify.Push: push.Sender{
		Out: a.out, Keys: keys, Contact: p.Base, Forget: func(ctx context.Context, d notify.Device) error {
			return a.Flow.One(ctx, flow.System, d.Merchant, func(tx *flow.Tx) error { return notify.Forget(tx, d.Merchant, d.ID) })
		},
	}.Send}
	if p.Texts.send != nil {
		all[notify.SMS] = p.Texts.send(a.out, p.Clock.Wall)
	}
	maps.Copy(all, p.Channels)
	return all, nil
}
