package console

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// sendSignIn is the kind of the errand that e-mails a link. It belongs to no
// organisation: who works where is looked up when it runs.
const sendSignIn = "console.SendSignIn"

// sealOf is what the errand's payload is sealed for: the link in it opens a
// session, so it must not lie in the database to be read.
const sealOf = "console/sign-in"

// errand is the payload as it lies in the queue.
type errand struct {
	Sealed string `json:"sealed"` // base64
}

// signIn is what is sealed.
type signIn struct {
	Email  string        `json:"email"`
	Link   ident.Link    `json:"link"`
	Locale lang.Locale   `json:"locale"`
	Asked  civil.Instant `json:"asked"` // world time: the date of the letter
	Until  civil.Instant `json:"until"` // machine time
}

func (c Config) enqueueSignIn(tx *flow.Tx, loc lang.Locale, email string, link ident.Link) error {
	text, err := json.Marshal(signIn{Email: email, Link: link, Locale: loc, Asked: tx.Now, Until: tx.Wall.Add(merchant.SignInLife)})
	if err != nil {
		return err
	}
	var nonce [12]byte
	tx.Mint.Read(nonce[:])
	sealed := base64.StdEncoding.EncodeToString(c.Vault.Seal(sealOf, nonce[:], text))
	return tx.Enqueue("", sendSignIn, ident.Hash(string(link)), errand{sealed})
}

// Errand is who e-mails links, by the channels that letters to shoppers leave by.
// host is right of the @ in Message-IDs.
//
// Nobody is told when it fails: whoever waits asks again. A link that is over is
// no longer sent; one that no channel takes is parked, for whoever runs the
// installation to see.
func (c Config) Errand(channels notify.Channels, host string) flow.Errander {
	return flow.Errander{Kind: sendSignIn, Tries: 13, Run: func(ctx context.Context, e flow.Errand) (flow.Settle, error) {
		asked, err := c.unseal(e)
		if err != nil {
			return nil, flow.Final{Err: err}
		}
		var seats []merchant.Seat
		err = c.Flow.Read(ctx, func(tx *db.Tx) (err error) {
			seats, err = merchant.Seats(tx, asked.Email)
			return err
		})
		if err != nil || len(seats) == 0 || c.Flow.Clock().Wall() >= asked.Until {
			return nil, err
		}
		letter, err := c.letter(ctx, asked, seats[0].Staff)
		if err != nil {
			return nil, flow.Final{Err: err}
		}
		letter.MessageID = string(e.ID) + "@" + host
		return nil, deliver(ctx, channels, letter)
	}}
}

func (c Config) unseal(e flow.Errand) (asked signIn, err error) {
	var body errand
	if err := e.Decode(&body); err != nil {
		return asked, err
	}
	raw, err := base64.StdEncoding.DecodeString(body.Sealed)
	if err != nil {
		return asked, fmt.Errorf("errand %s: %w", e.Kind, err)
	}
	text, err := c.Vault.Unseal(sealOf, raw)
	if err != nil {
		return asked, err
	}
	return asked, json.Unmarshal(text, &asked)
}

// letter is the e-mail with the link. It goes to the address on file, which may
// be written otherwise than the one typed.
func (c Config) letter(ctx context.Context, asked signIn, to merchant.Staff) (notify.Letter, error) {
	at, err := url.JoinPath(c.Base, "/console/sign-in", string(asked.Link))
	if err != nil {
		return notify.Letter{}, err
	}
	minutes := int64(merchant.SignInLife.Minutes())
	words := mail{Locale: asked.Locale, Link: at, Minutes: minutes, Name: to.Name}
	var html bytes.Buffer
	if err := mailPage(words).Render(ctx, &html); err != nil {
		return notify.Letter{}, err
	}
	return notify.Letter{
		From: "promesse", To: to.Email, ToName: to.Name, Locale: asked.Locale, At: asked.Asked,
		Subject: lang.T(asked.Locale, "console.mail_subject", nil), HTML: html.String(),
		Text: lang.T(asked.Locale, "console.mail_text", map[string]any{"Name": to.Name, "Link": at, "Minutes": minutes}),
	}, nil
}

// mail is the letter before it is HTML.
type mail struct {
	Locale  lang.Locale
	Link    string
	Minutes int64
	Name    string
}

// deliver hands the letter over; a refusal is the last word.
func deliver(ctx context.Context, channels notify.Channels, l notify.Letter) error {
	send, ok := channels[notify.Email]
	if !ok {
		return flow.Final{Err: notify.Refused{Reason: "no_channel", Err: fmt.Errorf("nobody carries %q", notify.Email)}}
	}
	err := send(ctx, l)
	if no, refused := asRefused(err); refused {
		return flow.Final{Err: no}
	}
	return err
}

func asRefused(err error) (no notify.Refused, ok bool) {
	ok = errors.As(err, &no)
	return no, ok
}
