package letters

import (
	"maps"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
)

// troubles are the incidents behind the warnings of one promise, and the letters in
// which its shopper was warned.
type troubles struct {
	warnings  []promise.Warning
	incidents map[string]promise.Incident // by the cause of a warning
	letters   []notify.Message            // other warnings to the same person on the same channel
}

func (d *desk) readTroubles(tx *db.Tx, m ident.Merchant) error {
	of, err := promise.Warnings(tx, m, []ident.Commitment{d.msg.Commitment})
	if err != nil {
		return err
	}
	d.troubles.warnings = of[d.msg.Commitment]
	if d.troubles.incidents, err = promise.Behind(tx, m, d.troubles.warnings); err != nil {
		return err
	}
	all, err := notify.OfOrders(tx, m, []ident.Order{d.msg.Order})
	for _, x := range all[d.msg.Order] {
		if x.Topic == fact.TopicAtRisk && x.Commitment == d.msg.Commitment && x.Channel == d.msg.Channel && x.Shopper == d.msg.Shopper && x.ID != d.msg.ID {
			d.troubles.letters = append(d.troubles.letters, x)
		}
	}
	return err
}

// causeOf is the cause of the danger that a message tells of, also when its shopper
// was told since that it is over.
func causeOf(msg notify.Message) string {
	_, cause, _ := strings.Cut(msg.Cause, ":")
	cause, _, _ = strings.Cut(cause, "#")
	return cause
}

// warning is the one with a cause.
func (t troubles) warning(cause string) promise.Warning {
	i := slices.IndexFunc(t.warnings, func(w promise.Warning) bool { return w.Cause == cause })
	if i < 0 {
		return promise.Warning{}
	}
	return t.warnings[i]
}

// liftedBy is the warning that a message takes back: its cause ends with the warning's id.
func (d *desk) liftedBy() (promise.Warning, bool) {
	for _, w := range d.troubles.warnings {
		if strings.HasSuffix(d.msg.Cause, string(w.ID)) {
			return w, true
		}
	}
	return promise.Warning{}, false
}

// warnedOf reports whether a letter about a danger left.
func (t troubles) warnedOf(cause string) bool {
	return slices.ContainsFunc(t.letters, func(x notify.Message) bool { return !x.Accepted.IsZero() && causeOf(x) == cause })
}

// nothingToTakeBack reports whether a correction has no letter to correct, or the
// order has gone on since.
func (d *desk) nothingToTakeBack() bool {
	w, is := d.liftedBy()
	return is && (!d.troubles.warnedOf(w.Cause) || d.about.State != fact.Open || d.Now >= d.about.Until)
}

// present are the incidents that endanger the promise now, the earliest first.
func (t troubles) present() (all []promise.Incident) {
	for _, w := range promise.Standing(t.warnings) {
		if i, is := t.incidents[w.Cause]; is {
			all = append(all, i)
		}
	}
	return all
}

// toldAlready reports whether another letter says of the danger what this one would:
// one that leaves within the minute and tells of all incidents, or one that told the
// same of another cause.
func (d *desk) toldAlready() bool {
	t, own := d.troubles, causeOf(d.msg)
	i, is := t.incidents[own]
	for _, x := range t.letters {
		other, behind := t.incidents[causeOf(x)]
		switch {
		case !behind:
		case is && x.State == notify.Queued && x.ID > d.msg.ID && t.warning(causeOf(x)).Lifted == 0:
			return true
		case x.Accepted.IsZero():
		case !is && string(other.Trouble) == own:
			return true
		case is && (i.ID != other.ID && same(i, other) || t.told(i, x.Accepted)):
			return true
		}
	}
	return false
}

// told reports whether a letter that left at an instant told of an incident too: it
// told of all that there was.
func (t troubles) told(i promise.Incident, at civil.Instant) bool {
	w := t.warning(string(i.ID))
	return w.ID != "" && w.At <= at
}

// same reports whether shoppers read the same of two incidents.
func same(a, b promise.Incident) bool {
	return a.Trouble == b.Trouble && a.From == b.From && a.Last == b.Last && maps.Equal(a.Words, b.Words)
}

// incidents are sentences about what endangers the promise: what it is, on which
// days, and what the shop says of it.
func (d *desk) incidents() (sentences []string) {
	for _, i := range d.troubles.present() {
		said := i.Says(d.Locale)
		if words := i.Announced(d.Locale); words != "" {
			said += " " + d.T("incident.shop_says", map[string]any{"Shop": d.brand.Name, "Words": words})
		}
		if !slices.Contains(sentences, said) {
			sentences = append(sentences, said)
		}
	}
	return sentences
}
