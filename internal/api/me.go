package api

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

type none struct{}

// Me is who a key is.
type Me struct {
	Organisation Organisation          `json:"organisation"`
	Key          ident.Key             `json:"key"`
	Set          merchant.Set          `json:"set" doc:"The bundle of permissions."`
	Permissions  []merchant.Permission `json:"permissions"`
	Carrier      ident.Connection      `json:"carrier,omitempty" doc:"The connection a carrier's own key is bound to."`
	Settings     *Settings             `json:"settings,omitempty" doc:"For keys that may change them."`
}

// Organisation is whom a key belongs to.
type Organisation struct {
	ID       ident.Merchant `json:"id"`
	Kind     merchant.Kind  `json:"kind" enum:"merchant,network"`
	Name     string         `json:"name"`
	Country  string         `json:"country"`
	Zone     string         `json:"zone"`
	Locale   lang.Locale    `json:"locale"`
	Currency money.Currency `json:"currency"`
}

// Settings are how bold promises are, and when they begin to worry.
type Settings struct {
	Target float64 `json:"target" doc:"Probability of being kept that quotes aim at, such as 0.95."`
	RiskAt float64 `json:"risk_at" doc:"Probability of being missed from which a promise is at risk, such as 0.5."`
}

func me(_ *API, tx *db.Tx, c call, _ *none) (Me, error) {
	o, err := merchant.Get(tx, c.Merchant)
	if err != nil {
		return Me{}, err
	}
	m := Me{
		Organisation: Organisation{o.ID, o.Kind, o.Name, o.Country, o.Zone, o.Locale, o.Currency},
		Key:          c.Key, Set: c.Set, Carrier: c.Connection, Permissions: []merchant.Permission{},
	}
	for _, p := range merchant.Permissions() {
		if c.Set.Allows(p) {
			m.Permissions = append(m.Permissions, p)
		}
	}
	if c.Set.Allows(merchant.ManageSettings) {
		m.Settings = &Settings{o.Target, o.RiskAt}
	}
	return m, nil
}

type settingsIn struct{ Body Settings }

func configure(_ *API, tx *flow.Tx, c call, in *settingsIn) (reply[Settings], error) {
	return ok(in.Body), merchant.Configure(tx, c.Merchant, in.Body.Target, in.Body.RiskAt)
}

// Health says that the program answers.
type Health struct {
	Status string `json:"status" enum:"ok"`
}

// health asks the database too: a node without one serves nobody.
func health(_ *API, _ *db.Tx, _ call, _ *none) (Health, error) { return Health{"ok"}, nil }
