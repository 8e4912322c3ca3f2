// Package mailroom is the door for letters that come in: answers to what we wrote,
// which a person reads, and bounces, which tell that nobody read it.
//
// Each letter of ours has two addresses of its own, one for answers and one for
// bounces; both name the message and are sealed, so that a letter in is known by
// where it goes and not by what it claims. What comes is kept as it came, before
// it is understood. Replies of programs (RFC 3834) are kept, and reach nobody.
//
// It speaks SMTP as a server behind an installation's own mail server. It decides
// nothing about questions or contacts: desk.Receive and notify.Bounce do. It sends no
// letter, and acts on none: to change anything takes a code.
package mailroom

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"github.com/jhillyerd/enmime/v2"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// Room takes letters in.
type Room struct {
	Flow      *flow.Flow
	Addresses Addresses
	Darkroom  photo.Darkroom
	Log       *slog.Logger
}

// maxPhotos is how many pictures of one letter are kept apart.
const maxPhotos = photo.MaxFiles

// Take reads a letter that was sent to one of our addresses, by whoever the
// envelope names. When it answers nil the letter is kept, and was acted on or is
// of no use to anybody.
func (r Room) Take(ctx context.Context, to Address, sender string, raw []byte) error {
	if err := r.keep(ctx, to, raw); err != nil {
		return err
	}
	letter, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		r.Log.Warn("a letter nobody can read", "merchant", to.Merchant, "message", to.Message, "err", err)
		return nil // it is kept
	}
	switch {
	case to.Kind == Returns:
		return r.bounced(ctx, to, letter)
	case automatic(letter, sender):
		return nil
	default:
		return r.answered(ctx, to, letter, raw)
	}
}

// keep stores a letter as it came.
func (r Room) keep(ctx context.Context, to Address, raw []byte) error {
	return r.Flow.One(ctx, actor, to.Merchant, func(tx *flow.Tx) error {
		msg, err := notify.Get(tx.Tx, to.Merchant, to.Message)
		if known(err) != nil {
			return err
		}
		_, err = blob.PutMail(tx, to.Merchant, msg.Shopper, raw)
		return err
	})
}

// actor is who does what follows from a letter.
const actor flow.Actor = "mail"

func (r Room) bounced(ctx context.Context, to Address, letter *enmime.Envelope) error {
	hard, told := bounceOf(letter)
	if !told {
		return nil // it is only late
	}
	return r.Flow.One(ctx, actor, to.Merchant, func(tx *flow.Tx) error {
		msg, err := notify.Get(tx.Tx, to.Merchant, to.Message)
		if err == nil && msg.Accepted != 0 {
			err = notify.Bounce(tx, to.Merchant, msg.MessageID, hard)
		}
		return known(err)
	})
}

// known passes over a letter about what is not there any more.
func known(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

func (r Room) answered(ctx context.Context, to Address, letter *enmime.Envelope, raw []byte) error {
	words := text.Lines(strings.Map(printable, strings.ToValidUTF8(Unquoted(letter.Text), "")))
	in := desk.Mail{Sender: senderOf(letter)}
	err := r.Flow.Read(ctx, func(tx *db.Tx) error {
		msg, err := notify.Get(tx, to.Merchant, to.Message)
		if err != nil || msg.Shopper == "" {
			return err
		}
		who, err := shopper.Get(tx, to.Merchant, msg.Shopper)
		in.Order, in.Shopper = msg.Order, msg.Shopper
		in.Known = shopper.Fold(in.Sender) == shopper.Fold(who.Email)
		return err
	})
	if err != nil || in.Shopper == "" {
		return known(err)
	}
	photos := r.pictures(ctx, letter)
	if words == "" && len(photos) > 0 { // a picture says it; a conversation wants a word with it
		words = cmp.Or(text.Lines(strings.Map(printable, letter.GetHeader("Subject"))), "…")
	}
	for n, part := range parts(words) {
		in.Key, in.Words = fmt.Sprintf("mail %s %d", keyOf(letter, raw), n), part
		if err := r.receive(ctx, to.Merchant, in, photos); err != nil {
			return err
		}
		photos = nil
	}
	return nil
}

// receive gives a piece of a letter to the desk, with its photos. It is the shopper
// who does so only where the address is theirs.
func (r Room) receive(ctx context.Context, m ident.Merchant, in desk.Mail, photos []photo.Photo) error {
	by := actor
	if in.Known {
		by = flow.ByShopper(in.Shopper)
	}
	err := r.Flow.One(ctx, by, m, func(tx *flow.Tx) (err error) {
		told := in
		if told.Photos, err = blob.PutPhotos(tx, m, photos); err != nil {
			return err
		}
		_, _, err = desk.Receive(tx, m, told)
		return err
	})
	if err != nil {
		return fmt.Errorf("mailroom: %w", err)
	}
	return nil
}

// parts are the pieces of what somebody wrote: a message holds so many characters,
// and nothing of a longer letter is lost.
func parts(words string) (all []string) {
	for part := range slices.Chunk([]rune(words), desk.MaxWords) {
		all = append(all, string(part))
	}
	return all
}

// pictures are the photos of a letter that can be made clean; the others lie in
// the letter as it came.
func (r Room) pictures(ctx context.Context, letter *enmime.Envelope) (all []photo.Photo) {
	for _, p := range append(letter.Attachments, letter.Inlines...) {
		if len(all) == maxPhotos || !strings.HasPrefix(p.ContentType, "image/") {
			continue
		}
		if clean, err := r.Darkroom.Clean(ctx, p.Content); err == nil {
			all = append(all, clean)
		}
	}
	return all
}

// printable drops what no page can show.
func printable(r rune) rune {
	if r != '\n' && r != '\t' && unicode.IsControl(r) {
		return -1
	}
	return r
}

// keyOf names a letter: by its Message-ID, or by all that it is.
func keyOf(letter *enmime.Envelope, raw []byte) string {
	if id := letter.GetHeader("Message-ID"); id != "" {
		return ident.Hash(id)[:32]
	}
	return ident.Hash(string(raw))[:32]
}

func senderOf(letter *enmime.Envelope) string {
	a, err := mail.ParseAddress(letter.GetHeader("From"))
	if err != nil {
		return ""
	}
	return a.Address
}
