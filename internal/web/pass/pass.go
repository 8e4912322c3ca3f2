// Package pass e-mails links that open a session, of staff or of shoppers, and texts
// the codes that confirm a number. Nothing
// of such a letter lies in the database to be read: what is asked for is sealed in
// the queue, and who it is for is looked up when the letter leaves, so that whoever
// asks learns nothing from how long the answer takes.
//
// It stores nothing, decides nothing, and knows neither who signs in nor where.
package pass

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Post e-mails the links of one door.
type Post struct {
	Kind  string // of its errands
	Seal  string // what their payloads are sealed for
	Vault *vault.Vault
	Flow  *flow.Flow
}

// Asked is a link that was asked for.
type Asked struct {
	What   string        `json:"what,omitempty"`  // of the door's letters; empty: the link that opens a session
	Other  string        `json:"other,omitempty"` // what the letter is about, such as another address
	Email  string        `json:"email"`           // as typed
	Phone  string        `json:"phone,omitempty"` // E.164: it is a text to this number, and no letter
	Code   string        `json:"code,omitempty"`  // what a text carries
	Link   ident.Link    `json:"link"`
	Locale lang.Locale   `json:"locale"`
	Asked  civil.Instant `json:"asked"` // world time: the date of the letter
	Until  civil.Instant `json:"until"` // machine time
}

// Write makes the letter, to whom included; false: nobody is there to get one.
type Write func(context.Context, Asked) (notify.Letter, bool, error)

// errand is the payload as it lies in the queue.
type errand struct {
	Sealed string `json:"sealed"` // base64
}

// Enqueue has a link e-mailed, with the transaction that made it.
func (p Post) Enqueue(tx *flow.Tx, a Asked) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	var nonce [12]byte
	tx.Mint.Read(nonce[:])
	sealed := base64.StdEncoding.EncodeToString(p.Vault.Seal(p.Seal, nonce[:], text))
	return tx.Enqueue("", p.Kind, ident.Hash(a.What+string(a.Link)+a.Email+a.Phone), errand{sealed})
}

// Errand is who e-mails the links, by the channels that letters to shoppers leave
// by. host is right of the @ in Message-IDs.
//
// Nobody is told when it fails: whoever waits asks again. A link that is over is
// no longer sent; one that no channel takes is parked, for whoever runs the
// installation to see.
func (p Post) Errand(channels notify.Channels, host string, write Write) flow.Errander {
	return flow.Errander{Kind: p.Kind, Tries: 13, Run: func(ctx context.Context, e flow.Errand) (flow.Settle, error) {
		asked, err := p.unseal(e)
		if err != nil {
			return nil, flow.Final{Err: err}
		}
		if p.Flow.Clock().Wall() >= asked.Until {
			return nil, nil
		}
		letter, somebody, err := write(ctx, asked)
		if err != nil || !somebody {
			return nil, err
		}
		letter.MessageID, letter.Locale, letter.At = string(e.ID)+"@"+host, asked.Locale, asked.Asked
		return nil, deliver(ctx, channels, asked.by(), letter)
	}}
}

// by is the channel that something leaves on.
func (a Asked) by() notify.Channel {
	if a.Phone != "" {
		return notify.SMS
	}
	return notify.Email
}

func (p Post) unseal(e flow.Errand) (asked Asked, err error) {
	var body errand
	if err := e.Decode(&body); err != nil {
		return asked, err
	}
	raw, err := base64.StdEncoding.DecodeString(body.Sealed)
	if err != nil {
		return asked, fmt.Errorf("errand %s: %w", e.Kind, err)
	}
	text, err := p.Vault.Unseal(p.Seal, raw)
	if err != nil {
		return asked, err
	}
	return asked, json.Unmarshal(text, &asked)
}

// deliver hands the letter over; a refusal is the last word.
func deliver(ctx context.Context, channels notify.Channels, by notify.Channel, l notify.Letter) error {
	send, ok := channels[by]
	if !ok {
		return flow.Final{Err: notify.Refused{Reason: "no_channel", Err: fmt.Errorf("nobody carries %q", by)}}
	}
	err := send(ctx, l)
	var no notify.Refused
	if errors.As(err, &no) {
		return flow.Final{Err: no}
	}
	return err
}
