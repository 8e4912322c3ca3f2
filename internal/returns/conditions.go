package returns

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// The topics under which a merchant's conditions and notices are kept, as
// policies are: every version, with its day.
const (
	conditionsTopic = "returns.conditions"
	noticeTopic     = "returns.notice"
)

// Conditions are how a merchant runs its returns: the numbers, beside the policy.
// Amounts are in minor units of the merchant's currency.
type Conditions struct {
	Reasons     []Reason                        `json:"reasons"`
	LookDays    int                             `json:"look_days"`    // a held return that nobody looked at so long is accepted
	DepositDays int                             `json:"deposit_days"` // to leave the parcel at a counter
	LostDays    int                             `json:"lost_days"`    // after it should have come, a parcel is given up
	ProcessDays int                             `json:"process_days"` // from reception to the decision and the money
	ContestDays int                             `json:"contest_days"` // to contest a decision
	AnswerDays  int                             `json:"answer_days"`  // to answer whoever contests
	StockDays   int                             `json:"stock_days"`   // for the shop to say whether an exchange is there
	ExtraDays   int                             `json:"extra_days"`   // further period of a formal notice to deliver
	LegalRate   *int64                          `json:"legal_rate"`   // in basis points; nil: nobody set it
	Limits      map[merchant.Set]int64          `json:"limits"`       // of one decision, by what somebody is; beyond it, a second person
	DayCaps     map[merchant.Set]int64          `json:"day_caps"`     // of one person and day; absent: none
	ShopCap     int64                           `json:"shop_cap"`     // of all and a day; 0: none
	Standard    int64                           `json:"standard"`     // price of the cheapest standard delivery; 0: that which was paid
	Carriers    map[fact.Route]ident.Connection `json:"carriers"`     // over whom the labels of a route are made
	Covers      map[fact.Route][]Cover          `json:"covers"`       // to be bought for a route, beyond what the policy says is included
	Stores      bool                            `json:"stores"`       // articles may be brought back to a store
	Warehouse   carrier.Contact                 `json:"warehouse"`    // where they go
	Mediator    string                          `json:"mediator"`     // name and site, article L616-1
}

// DefaultConditions are those of a merchant that set none.
func DefaultConditions() Conditions {
	return Conditions{
		Reasons: DefaultReasons(), LookDays: 3, DepositDays: 14, LostDays: 14, ProcessDays: 14, ContestDays: 30, AnswerDays: 7, StockDays: 2, ExtraDays: extraDays,
		Limits:  map[merchant.Set]int64{merchant.Owner: 500_000, merchant.Agent: 20_000},
		DayCaps: map[merchant.Set]int64{merchant.Agent: 200_000},
	}
}

const (
	maxDelay   = 365 // days
	maxReasons = 50
	maxWord    = 60
	maxNote    = 2000
	maxName    = 200
)

// SetConditions keeps a merchant's conditions from now on. The faults are
// not_found at a carrier, number_out_of_range, list_too_long, field_required,
// field_too_long, invalid_utf8, unknown_value, reason_twice, cover_order, and those
// of the warehouse's address.
func SetConditions(tx *flow.Tx, m ident.Merchant, c Conditions) error {
	if err := c.check(); err != nil {
		return err
	}
	for _, id := range c.Carriers {
		if _, err := carrier.Get(tx.Tx, m, id); err != nil {
			return err
		}
	}
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("conditions of returns: %w", err)
	}
	_, err = merchant.SetPolicy(tx, m, conditionsTopic, string(body))
	return err
}

// ConditionsOf are the conditions in force.
func ConditionsOf(tx *db.Tx, m ident.Merchant) (Conditions, error) {
	own, ok, err := merchant.PolicyOf(tx, m, conditionsTopic)
	if err != nil || !ok {
		return DefaultConditions(), err
	}
	var c Conditions
	if err := json.Unmarshal([]byte(own.Source), &c); err != nil {
		return Conditions{}, fmt.Errorf("conditions of returns: %w", err)
	}
	c.ExtraDays = cmp.Or(c.ExtraDays, extraDays) // those kept before there was one have the default's
	return c, nil
}

func (c Conditions) check() error {
	var faults fault.List
	for _, n := range []struct {
		field string
		days  int
	}{
		{"look_days", c.LookDays},
		{"deposit_days", c.DepositDays},
		{"lost_days", c.LostDays},
		{"process_days", c.ProcessDays},
		{"contest_days", c.ContestDays},
		{"answer_days", c.AnswerDays},
		{"stock_days", c.StockDays},
		{"extra_days", c.ExtraDays},
	} {
		if n.days < 1 || n.days > maxDelay {
			faults.Add(fault.Invalid, "number_out_of_range", n.field, "value", n.days, "min", 1, "max", maxDelay)
		}
	}
	if c.LegalRate != nil && (*c.LegalRate < 0 || *c.LegalRate > 10_000) {
		faults.Add(fault.Invalid, "number_out_of_range", "legal_rate", "value", *c.LegalRate, "min", 0, "max", 10_000)
	}
	c.checkReasons(&faults)
	c.checkCovers(&faults)
	checkWarehouse(&faults, c.Warehouse)
	for route := range c.Carriers {
		if !slices.Contains(fact.BackRoutes, route) {
			faults.Add(fault.Invalid, "unknown_value", "carriers", "value", string(route), "known", fact.BackRoutes)
		}
	}
	text.Check(&faults, "mediator", c.Mediator, maxName)
	return faults.Err()
}

func (c Conditions) checkReasons(faults *fault.List) {
	if len(c.Reasons) == 0 {
		faults.Add(fault.Invalid, "field_required", "reasons")
	}
	if len(c.Reasons) > maxReasons {
		faults.Add(fault.Invalid, "list_too_long", "reasons", "limit", maxReasons)
		return
	}
	seen := map[string]bool{}
	for i, r := range c.Reasons {
		at := fmt.Sprintf("reasons[%d].", i)
		text.Required(faults, at+"code", r.Code, maxWord)
		text.Required(faults, at+"taxon", string(r.Taxon), maxWord)
		text.Check(faults, at+"words", r.Words.French+r.Words.English, maxName)
		if seen[r.Code] {
			faults.Add(fault.Conflict, "reason_twice", at+"code", "code", r.Code)
		}
		seen[r.Code] = true
	}
}

// reason finds an entry of the list.
func (c Conditions) reason(code string) (Reason, bool) {
	for _, r := range c.Reasons {
		if r.Code == code {
			return r, true
		}
	}
	return Reason{}, false
}

// rate is the legal rate in basis points, negative when nobody set it.
func (c Conditions) rate() int64 {
	if c.LegalRate == nil {
		return -1
	}
	return *c.LegalRate
}

// SetNotice says from now on, with its words, what the shop tells consumers of
// their right to withdraw before they buy: the proof of information of article
// L221-20 for all orders placed from now on. The faults are field_required,
// field_too_long and invalid_utf8.
func SetNotice(tx *flow.Tx, m ident.Merchant, words string) (ident.Policy, error) {
	p, err := merchant.SetPolicy(tx, m, noticeTopic, words)
	return p.ID, err
}

// noticeOf is the version that was told when an order was placed; empty when
// none was.
func noticeOf(tx *db.Tx, m ident.Merchant, o order.Order) (ident.Policy, error) {
	all, err := merchant.PolicyHistory(tx, m, noticeTopic)
	for _, p := range all { // the newest first
		if p.Since <= o.Placed {
			return p.ID, err
		}
	}
	return "", err
}

// whereOf is whose clocks count for an order: those of the address, as far as
// they are known, else the merchant's.
func whereOf(tx *db.Tx, m ident.Merchant, o order.Order) (Where, error) {
	region := civil.RegionOf(o.Ship.Country, o.Ship.Postcode)
	name := civil.ZoneOf(o.Ship.Country, o.Ship.Postcode)
	if name == "" {
		shop, err := whereShop(tx, m)
		return Where{Zone: shop.Zone, Region: region}, err
	}
	zone, err := civil.Zone(name)
	return Where{Zone: zone, Region: region}, err
}
