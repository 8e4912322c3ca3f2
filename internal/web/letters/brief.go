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

// brief is a letter told on a channel with no room for one: the fact that its
// subject says, and the promise while it fits. A push shows who writes by itself.
func brief(ch notify.Channel, l notify.Letter) notify.Letter {
	if ch == notify.Push {
		return notify.Letter{Locale: l.Locale, Subject: l.Subject, Text: l.Promise}
	}
	lead := gsm.Plain(l.From + " : " + l.Subject)
	text := lead + ". " + gsm.Plain(l.Promise) + " " + notify.PageMark
	if gsm.Segments(strings.Replace(text, notify.PageMark, pageAddress, 1)) > maxPieces || l.Promise == "" {
		text = lead + ". " + notify.PageMark
	}
	return notify.Letter{Locale: l.Locale, Subject: l.Subject, Text: text}
}
