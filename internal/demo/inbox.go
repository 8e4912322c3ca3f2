package demo

import (
	"regexp"
	"slices"
	"sync"
)

// Inbox is where the world's shoppers find their letters. It keeps of each what
// they need: the way to the page of the order it is about. It is safe for
// concurrent use.
type Inbox struct {
	mu    sync.Mutex
	links map[parcelOfMail]string
	old   []parcelOfMail // as they came
	opens []Secret       // the oldest first
}

// Secret is a letter that opens something to whoever reads it: a code, a link
// that is used once. Its words are kept nowhere else once it was sent.
type Secret struct{ To, Subject, Text string }

// recent is how many letters that open something an inbox remembers.
const recent = 20

// parcelOfMail is what a letter is found by.
type parcelOfMail struct{ to, order string }

// keeps is how many orders an inbox remembers the way to: those of some weeks.
const keeps = 5000

var (
	anOrder = regexp.MustCompile(`\b[A-Z]{2}-[0-9]{6}\b`)
	aLink   = regexp.MustCompile(`/p/([A-Za-z0-9_-]{22})\b`)
	aSecret = regexp.MustCompile(`(?m)^[0-9]{6}\r?$|/console/sign-in/|/espace/entrer/|/lien/`)
)

// Receive takes a letter: to whom, and all that can be read of it as plain text.
func (b *Inbox) Receive(to, text string) {
	order, link := anOrder.FindString(text), aLink.FindStringSubmatch(text)
	if order == "" || link == nil {
		return
	}
	k := parcelOfMail{to, order}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.links[k]; known {
		return
	}
	if b.links == nil {
		b.links = map[parcelOfMail]string{}
	}
	b.links[k] = link[1]
	if b.old = append(b.old, k); len(b.old) > keeps {
		delete(b.links, b.old[0])
		b.old = b.old[1:]
	}
}

// Open takes a letter that may open something.
func (b *Inbox) Open(letter Secret) {
	if !aSecret.MatchString(letter.Text) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.opens = append(b.opens, letter); len(b.opens) > recent {
		b.opens = b.opens[1:]
	}
}

// Secrets are the newest letters that open something, the newest first.
func (b *Inbox) Secrets() []Secret {
	b.mu.Lock()
	defer b.mu.Unlock()
	newest := slices.Clone(b.opens)
	slices.Reverse(newest)
	return newest
}

// link is the way to the page of an order, when a letter told it.
func (b *Inbox) link(to, order string) (string, bool) {
	if b == nil {
		return "", false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.links[parcelOfMail{to, order}]
	return l, ok
}
