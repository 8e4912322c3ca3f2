package merchant

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// NewOrganisation is what Create needs to know. Target and RiskAt left at zero
// take the defaults.
type NewOrganisation struct {
	Kind     Kind
	Name     string
	Country  string
	Zone     string
	Locale   lang.Locale
	Currency money.Currency
	Target   float64
	RiskAt   float64
}

// Create opens an organisation. It can not run in its own lane, which does not
// exist before its id: give it a write of no merchant. Nobody else can know the
// id before that commits.
//
// The faults are those of fields: field_required, field_too_long, invalid_utf8,
// unknown_value, unknown_country, unknown_zone, unknown_locale,
// unknown_currency, share_out_of_range.
func Create(tx *flow.Tx, in NewOrganisation) (Organisation, error) {
	o, err := in.check()
	if err != nil {
		return Organisation{}, err
	}
	o.ID, o.Created = ident.New[ident.Merchant](tx.Mint), tx.Now
	err = tx.Do(sqlInsertOrganisation, o.ID, o.Kind, o.Name, o.Country, o.Zone, o.Locale, o.Currency, o.Target, o.RiskAt, o.Created)
	if err != nil {
		return Organisation{}, err
	}
	return o, tx.Emit(o.ID, string(o.ID), string(o.ID), fact.MerchantCreated{Organisation: o.ID, Network: o.Kind == Network})
}

// check brings an organisation to its one form and tells all that is wrong with it.
func (in NewOrganisation) check() (Organisation, error) {
	o := Organisation{
		Kind: in.Kind, Name: strings.TrimSpace(in.Name), Country: strings.ToUpper(strings.TrimSpace(in.Country)),
		Zone: in.Zone, Locale: in.Locale, Target: in.Target, RiskAt: in.RiskAt,
	}
	if o.Target == 0 {
		o.Target = DefaultTarget
	}
	if o.RiskAt == 0 {
		o.RiskAt = DefaultRiskAt
	}
	var faults fault.List
	checkOption(&faults, "kind", o.Kind, []Kind{Merchant, Network})
	text.Required(&faults, "name", o.Name, maxName)
	if _, known := (geo.Place{Country: o.Country}).Centre(); !known {
		faults.Add(fault.Invalid, "unknown_country", "country", "country", in.Country)
	}
	_, err := civil.Zone(o.Zone)
	collect(&faults, "zone", err)
	if !slices.Contains(lang.Locales(), o.Locale) {
		faults.Add(fault.Invalid, "unknown_locale", "locale", "value", string(o.Locale))
	}
	o.Currency, err = money.ParseCurrency(string(in.Currency))
	collect(&faults, "currency", err)
	checkShare(&faults, "target", o.Target)
	checkShare(&faults, "risk_at", o.RiskAt)
	return o, faults.Err()
}

// Configure sets how bold the promises of an organisation are, and from when
// they worry. The faults are share_out_of_range and not_found.
func Configure(tx *flow.Tx, m ident.Merchant, target, riskAt float64) error {
	var faults fault.List
	checkShare(&faults, "target", target)
	checkShare(&faults, "risk_at", riskAt)
	if err := faults.Err(); err != nil {
		return err
	}
	found, err := tx.Changed(sqlConfigure, m, target, riskAt)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "not_found", "merchant")
	}
	return tx.Emit(m, string(m), string(ident.New[ident.Fact](tx.Mint)), fact.MerchantConfigured{Target: target, RiskAt: riskAt})
}
