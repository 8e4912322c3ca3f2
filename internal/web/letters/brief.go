package letters

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/gsm"
	"github.com/promesse-dev/promesse/internal/notify"
)

// An SMS is two pieces at most. The address of the page, which is filled in when
// the message leaves, is counted as long as installations have it.
const (
	maxPieces   = 2
	pageAddress = "https://suivi.une-boutique.example/p/0123456789012345678901"
)

// text160 is a letter as an SMS: who writes, the fact that the subject says, the
// promise while it fits, and the page.
func (p page) text160() notify.Letter {
	lead := gsm.Plain(p.Brand.Name+" : "+p.Subject) + ". "
	text := lead + gsm.Plain(p.Promise) + " " + notify.PageMark
	if p.Promise == "" || gsm.Segments(strings.Replace(text, notify.PageMark, pageAddress, 1)) > maxPieces {
		text = lead + notify.PageMark
	}
	return notify.Letter{Locale: p.Locale, Subject: p.Subject, Text: text}
}

// note is a letter as a push: the browser shows who writes by itself.
func (p page) note() notify.Letter {
	return notify.Letter{Locale: p.Locale, Subject: p.Subject, Text: p.Promise}
}
