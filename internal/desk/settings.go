package desk

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// policyTopic is the name under which a merchant's settings are kept, as
// policies are: every version, with its day.
const policyTopic = "desk.settings"

// Settings are how a merchant's desk works.
type Settings struct {
	Hours       civil.Hours `json:"hours"`        // in the shop's zone, with its public holidays
	AnswerHours int         `json:"answer_hours"` // opening hours in which a person answers
	Topics      []Topic     `json:"topics"`
}

// The defaults: a desk that is open on working days answers within one of them.
const (
	defaultHours       = "Mo-Fr 09:00-18:00; PH off"
	defaultAnswerHours = 8
	maxAnswerHours     = 100
)

// SetSettings keeps a merchant's settings from now on. The faults are
// number_out_of_range, field_required for hours that nobody said,
// desk_never_opens, list_too_long, field_too_long, invalid_utf8.
func SetSettings(tx *flow.Tx, m ident.Merchant, s Settings) error {
	w, err := whereOf(tx.Tx, m, s)
	if err != nil {
		return err
	}
	if err := w.check(tx.Now); err != nil {
		return err
	}
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("settings of the desk: %w", err)
	}
	_, err = merchant.SetPolicy(tx, m, policyTopic, string(body))
	return err
}

// SettingsOf are the settings in force.
func SettingsOf(tx *db.Tx, m ident.Merchant) (Settings, error) {
	own, ok, err := merchant.PolicyOf(tx, m, policyTopic)
	if err != nil {
		return Settings{}, err
	}
	if !ok {
		hours, err := civil.ParseHours("hours", defaultHours)
		return Settings{Hours: hours, AnswerHours: defaultAnswerHours, Topics: DefaultTopics()}, err
	}
	var s Settings
	if err := json.Unmarshal([]byte(own.Source), &s); err != nil {
		return Settings{}, fmt.Errorf("settings of the desk: %w", err)
	}
	return s, nil
}

// where is a merchant's desk at its place: its settings, its clocks, its holidays.
type where struct {
	Settings
	zone *time.Location
	shop merchant.Organisation
}

func whereOf(tx *db.Tx, m ident.Merchant, s Settings) (w where, err error) {
	if w.shop, err = merchant.Get(tx, m); err != nil {
		return w, err
	}
	w.Settings = s
	w.Hours = s.Hours.In(civil.RegionOf(w.shop.Country, ""))
	w.zone, err = civil.Zone(w.shop.Zone)
	return w, err
}

// here is the merchant's desk as it is set up.
func here(tx *db.Tx, m ident.Merchant) (where, error) {
	s, err := SettingsOf(tx, m)
	if err != nil {
		return where{}, err
	}
	return whereOf(tx, m, s)
}

// due is by when whoever writes now is answered. A desk whose hours have run out
// since they were set (all its days are in the past) keeps the default ones.
func (w where) due(now civil.Instant) (civil.Instant, error) {
	if at, ok := w.Hours.After(now, w.pace(), w.zone); ok {
		return at, nil
	}
	hours, err := civil.ParseHours("hours", defaultHours)
	if err != nil {
		return 0, err
	}
	at, ok := hours.In(civil.RegionOf(w.shop.Country, "")).After(now, w.pace(), w.zone)
	if !ok {
		return 0, fmt.Errorf("desk of %s: no opening hours within a year", w.shop.ID)
	}
	return at, nil
}

func (w where) pace() time.Duration { return time.Duration(w.AnswerHours) * time.Hour }

func (w where) check(now civil.Instant) error {
	var faults fault.List
	if w.AnswerHours < 1 || w.AnswerHours > maxAnswerHours {
		faults.Add(fault.Invalid, "number_out_of_range", "answer_hours", "value", w.AnswerHours, "min", 1, "max", maxAnswerHours)
	}
	switch _, opens := w.Hours.After(now, max(w.pace(), time.Hour), w.zone); {
	case !w.Hours.Said():
		faults.Add(fault.Invalid, "field_required", "hours")
	case !opens:
		faults.Add(fault.Invalid, "desk_never_opens", "hours", "hours", w.AnswerHours)
	}
	checkTopics(&faults, w.Topics)
	return faults.Err()
}

// Due is by when a person answers whoever writes to a merchant now, exclusive:
// what a form says before anything is sent.
func Due(tx *db.Tx, m ident.Merchant) (civil.Instant, error) {
	w, err := here(tx, m)
	if err != nil {
		return 0, err
	}
	return w.due(tx.Now)
}

// Topic is what messages may be about, by words that they hold. A merchant writes
// them; they suggest a saved answer and group the irritants, and decide nothing.
type Topic struct {
	Name  string      `json:"name"`
	Words []string    `json:"words"`           // parts of words, in any case, with or without accents
	Reply ident.Reply `json:"reply,omitempty"` // the saved answer it suggests
}

const (
	maxTopics = 50
	maxTopic  = 60 // characters of a name or a word
	maxTold   = 40 // words of a topic
)

// DefaultTopics are those of a merchant that wrote none.
func DefaultTopics() []Topic {
	return []Topic{
		{Name: "Retard", Words: []string{"retard", "toujours pas", "pas arrive", "late", "delay", "still waiting"}},
		{Name: "Colis introuvable", Words: []string{"introuvable", "pas recu", "perdu", "vole", "never received", "not received", "lost"}},
		{Name: "Abîmé", Words: []string{"abime", "casse", "dechire", "damaged", "broken"}},
		{Name: "Adresse", Words: []string{"adresse", "digicode", "interphone", "demenag", "address"}},
		{Name: "Créneau", Words: []string{"creneau", "absent", "rendez-vous", "slot", "not home"}},
		{Name: "Retour et remboursement", Words: []string{"retour", "renvoyer", "rembours", "return", "refund"}},
		{Name: "Facture", Words: []string{"facture", "tva", "invoice", "vat"}},
	}
}

func checkTopics(faults *fault.List, all []Topic) {
	if len(all) > maxTopics {
		faults.Add(fault.Invalid, "list_too_long", "topics", "limit", maxTopics)
		return
	}
	for i, t := range all {
		at := fmt.Sprintf("topics[%d].", i)
		text.Required(faults, at+"name", t.Name, maxTopic)
		if len(t.Words) > maxTold {
			faults.Add(fault.Invalid, "list_too_long", at+"words", "limit", maxTold)
		}
		if len(t.Words) == 0 {
			faults.Add(fault.Invalid, "field_required", at+"words")
		}
		for _, w := range t.Words {
			text.Required(faults, at+"words", w, maxTopic)
		}
	}
}
