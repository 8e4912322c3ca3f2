package console

import (
	"net/http"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func policyRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/policy", Access: ui.BySession, Needs: readSettings, Summary: "How broken promises are repaired: the policy in force, what it means, its history", Serve: c.policy},
	}
}

// policyPage is the policy before it is HTML.
type policyPage struct {
	ui.Frame
	Since   string
	Meaning string // in a sentence
	Sample  string // the order that the cases are about
	Cases   []caseRow
	Source  string
	History []versionRow
}

// caseRow is what the policy answers in an ordinary case.
type caseRow struct {
	Case, Answer string
	Given        bool
}

// versionRow is one version of the policy.
type versionRow struct{ Since, By, Source string }

func (c Config) policy(r *http.Request) (a ui.Answer, err error) {
	p := policyPage{Frame: frame(r, lang.T(ui.Reader(r), "console.nav_policy", nil))}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		read := reading(r, tx.Now)
		versions, err := merchant.PolicyHistory(tx, v.Merchant, remedy.Topic)
		if err != nil {
			return err
		}
		p.Source, p.Since, p.Meaning = remedy.Default, read.T("console.policy_shipped", nil), read.T("console.policy_default", nil)
		if len(versions) > 0 {
			now := versions[0]
			p.Source, p.Since = now.Source, read.T("console.policy_since", map[string]any{"When": read.When(now.Since, fact.Minute)})
		}
		if p.Source != remedy.Default {
			p.Meaning = read.T("console.policy_own", nil)
		}
		p.Sample, p.Cases = ask(read, p.Source, v.Shop.Currency)
		p.History, err = historyOf(tx, v.Merchant, read, versions)
		return err
	})
	return ui.Answer{Page: policyView(p)}, err
}

// ask tries a policy on ordinary cases of an order of 35.90, of which 5.90 of
// delivery: what it answers is what it means.
func ask(r ui.Reading, source string, in money.Currency) (sample string, rows []caseRow) {
	value, delivery := money.Of(3590, in), money.Of(590, in)
	sample = r.T("console.policy_sample", map[string]any{"Value": value, "Delivery": delivery})
	policy, err := remedy.Compile(source)
	if err != nil {
		return sample, nil
	}
	for _, c := range []struct {
		key   string
		cause remedy.Cause
	}{
		{"console_case.late_10", remedy.Cause{Late: 10 * time.Minute, LateKnown: true}},
		{"console_case.late_30", remedy.Cause{Late: 30 * time.Minute, LateKnown: true}},
		{"console_case.late_31", remedy.Cause{Late: 31 * time.Minute, LateKnown: true}},
		{"console_case.late_day", remedy.Cause{Late: 24 * time.Hour, LateKnown: true}},
		{"console_case.late_week", remedy.Cause{Late: 7 * 24 * time.Hour, LateKnown: true}},
		{"console_case.late_by_shopper", remedy.Cause{Late: 24 * time.Hour, LateKnown: true, Liable: fact.ByShopper}},
		{"console_case.early_hour", remedy.Cause{Owed: fact.DeliverInSlot, Early: time.Hour}},
		{"console_case.missing_1", remedy.Cause{Owed: fact.Complete, MissingUnits: 1, MissingLines: 1, Liable: fact.ByMerchant}},
		{"console_case.missing_2", remedy.Cause{Owed: fact.Complete, MissingUnits: 2, MissingLines: 1, Liable: fact.ByMerchant}},
	} {
		row := caseRow{Case: caseWords(r, c.key), Answer: r.T("console.policy_fails", nil)}
		d, err := remedy.Decide(policy, ordinary(c.cause, value, delivery), remedy.History{}, r.Now)
		if err == nil {
			row.Answer, row.Given = answerWords(r, d, in)
		}
		rows = append(rows, row)
	}
	return sample, rows
}

// ordinary fills in what a case does not say: a delivery that the carrier owed,
// proved.
func ordinary(c remedy.Cause, value, delivery money.Amount) remedy.Cause {
	c.Value, c.Delivery, c.Trust = value, delivery, fact.TrustConfirmed
	if c.Owed == "" {
		c.Owed = fact.DeliverBy
	}
	if c.Liable == "" {
		c.Liable = fact.ByCarrier
	}
	c.LateKnown = true
	return c
}

// caseWords is an ordinary case in words.
func caseWords(r ui.Reading, key string) string { return lang.T(r.Locale, key, nil) }

func answerWords(r ui.Reading, d remedy.Decision, in money.Currency) (words string, given bool) {
	if d.State != remedy.Granted {
		return refusalWords(r, d.Reason), false
	}
	sum := money.Of(0, in)
	for _, l := range d.Lines {
		sum.Minor += l.Amount.Minor
	}
	return r.T("console.policy_gives", map[string]any{"Amount": sum}), true
}

// historyOf tells who ruled what, and since when.
func historyOf(tx *db.Tx, m ident.Merchant, r ui.Reading, versions []merchant.Policy) (rows []versionRow, err error) {
	if len(versions) == 0 {
		return nil, nil
	}
	facts, err := flow.Timeline(tx, m, string(m))
	if err != nil {
		return nil, err
	}
	d := &lived{Reading: r, facts: facts}
	if err := d.readActors(tx, m); err != nil {
		return nil, err
	}
	set := map[ident.Policy]flow.Actor{}
	for _, f := range facts {
		if b, is := f.Body.(fact.PolicySet); is {
			set[b.Policy] = f.Actor
		}
	}
	for _, p := range versions {
		rows = append(rows, versionRow{Since: r.When(p.Since, fact.Minute), By: d.actor(set[p.ID]), Source: p.Source})
	}
	return rows, nil
}
