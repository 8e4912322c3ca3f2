package console

import (
	"bytes"
	"context"
	"net/url"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/web/pass"
)

// signIns e-mail links to staff. They belong to no organisation: who works where
// is looked up when the letter leaves.
func (c Config) signIns() pass.Post {
	return pass.Post{Kind: "console.SendSignIn", Seal: "console/sign-in", Vault: c.Vault, Flow: c.Flow}
}

func (c Config) enqueueSignIn(tx *flow.Tx, loc lang.Locale, email string, link ident.Link) error {
	return c.signIns().Enqueue(tx, pass.Asked{Email: email, Link: link, Locale: loc, Asked: tx.Now, Until: tx.Wall.Add(merchant.SignInLife)})
}

// Errand is who e-mails links. host is right of the @ in Message-IDs.
func (c Config) Errand(channels notify.Channels, host string) flow.Errander {
	return c.signIns().Errand(channels, host, c.letter)
}

// letter is the e-mail with the link. It goes to the address on file, which may
// be written otherwise than the one typed.
func (c Config) letter(ctx context.Context, asked pass.Asked) (l notify.Letter, somebody bool, err error) {
	if asked.What == releaseCode {
		return releaseLetter(ctx, asked)
	}
	var seats []merchant.Seat
	err = c.Flow.Read(ctx, func(tx *db.Tx) (err error) {
		seats, err = merchant.Seats(tx, asked.Email)
		return err
	})
	if err != nil || len(seats) == 0 {
		return l, false, err
	}
	to := seats[0].Staff
	at, err := url.JoinPath(c.Base, "/console/sign-in", string(asked.Link))
	if err != nil {
		return l, false, flow.Final{Err: err}
	}
	minutes := int64(merchant.SignInLife.Minutes())
	words := mail{Locale: asked.Locale, Link: at, Minutes: minutes, Name: to.Name}
	var html bytes.Buffer
	if err := mailPage(words).Render(ctx, &html); err != nil {
		return l, false, flow.Final{Err: err}
	}
	return notify.Letter{
		From: "promesse", To: to.Email, ToName: to.Name,
		Subject: lang.T(asked.Locale, "console.mail_subject", nil), HTML: html.String(),
		Text: lang.T(asked.Locale, "console.mail_text", map[string]any{"Name": to.Name, "Link": at, "Minutes": minutes}),
	}, true, nil
}

// releaseLetter carries the code that lets many people be told of an incident.
func releaseLetter(ctx context.Context, asked pass.Asked) (l notify.Letter, somebody bool, err error) {
	loc, args := asked.Locale, map[string]any{"Code": asked.Code, "Shop": asked.Other, "Life": promise.ReleaseLife}
	words := noted{Locale: loc, Subject: lang.T(loc, "incidents.mail_subject", nil), Texts: []string{lang.T(loc, "incidents.mail_code", args), lang.T(loc, "incidents.mail_not_you", nil)}}
	var html bytes.Buffer
	if err := mailNote(words).Render(ctx, &html); err != nil {
		return l, false, flow.Final{Err: err}
	}
	return notify.Letter{From: "promesse", To: asked.Email, Subject: words.Subject, HTML: html.String(), Text: strings.Join(words.Texts, "\n\n") + "\n"}, true, nil
}

// noted is a letter of a few sentences.
type noted struct {
	Locale  lang.Locale
	Subject string
	Texts   []string
}

// mail is the letter before it is HTML.
type mail struct {
	Locale  lang.Locale
	Link    string
	Minutes int64
	Name    string
}
