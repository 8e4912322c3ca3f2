package shopper

import (
	"crypto/rand"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// regroupPage is deliveries to be had together, before it is HTML.
type regroupPage struct {
	ui.Frame
	Key    string
	Wrong  []wrong
	Rows   []regroupRow // all that is on the way
	Few    string       // why there is nothing to choose yet; empty: there is
	Around string
	Where  string // where points were looked for; empty: no point is served by two of the carriers
	Chosen []string
	Step   int // 1: which; 2: where; 3: when
	Spots  []regroupSpot
	None   string    // nothing suits; empty: something does
	Apart  []planRow // what each could do, where nothing suits
	Spot   string
	Days   []pick
	Day    string
	Plan   []planRow
	Total  []string // footprint before and after
	Method string
	Answer string // by when the carriers answer
	Locked bool   // the space was entered too long ago to act
	Joins  []string
	Before []regroupShort
}

// regroupRow is a delivery that may be chosen, or why not.
type regroupRow struct {
	Value, Title, Due, Bound string
	Chosen                   bool
	Not                      string
}

// regroupSpot is a place at which they could come together.
type regroupSpot struct {
	Value, Name, Address, Far, Fit string
	Chosen                         bool
}

// planRow is a delivery on the day chosen.
type planRow struct {
	Title, Text, Delay, Carbon string
	Not                        string // why it stays as it is
	Away, AwayName             string // where its carrier takes changes itself
}

// regroupShort is one that was asked for.
type regroupShort struct {
	Tone              ui.Tone
	Badge, Text, Path string
}

func (d *deliveries) regroupPage(f ui.Frame) regroupPage {
	p := regroupPage{Frame: f, Key: rand.Text()[:16], Around: d.around, Where: d.where, Step: 1, Locked: !d.fresh}
	p.Look = backLook
	for _, x := range d.all {
		p.Rows = append(p.Rows, x.regroupRow())
	}
	free := slices.DeleteFunc(slices.Clone(d.all), func(x delivery) bool { return x.Candidate.Why != "" })
	if len(free) < 2 {
		p.Few = d.T("regroup.too_few", nil)
	}
	for _, x := range d.chosen() {
		p.Chosen = append(p.Chosen, string(x.Order))
	}
	for _, r := range d.before {
		p.Before = append(p.Before, d.short(r))
	}
	if len(p.Chosen) < 2 || len(p.Chosen) > lastmile.MaxMembers {
		return p
	}
	p.Step = 2
	for _, x := range d.spots {
		p.Spots = append(p.Spots, d.spotRow(x))
	}
	if len(d.spots) == 0 {
		p.None = d.T("regroup.no_spot", nil)
		for _, x := range d.chosen() {
			p.Apart = append(p.Apart, planRow{Title: x.titled(), Text: x.alone()})
		}
	}
	if d.chose && d.dated {
		p.Step = 3
		d.fillPlan(&p)
	}
	return p
}

// title is an order and its shop.
func (d *lived) titled() string {
	return d.T("regroup.of", map[string]any{"Shop": d.brand.Shown, "Reference": d.order.Reference})
}

func (x delivery) regroupRow() regroupRow {
	row := regroupRow{Value: string(x.Order), Title: x.titled(), Due: x.T("regroup.due", map[string]any{"Due": x.due(x.lived.delivery)}), Chosen: x.chosen}
	row.Bound = inLine(x.order.Ship)
	if x.point.ID != "" {
		row.Bound = x.point.Name + ", " + x.point.Address()
	}
	if x.Candidate.Why != "" {
		row.Not = x.whyApart(x.Candidate.Why)
	}
	return row
}

// whyApart is why a delivery can not be had with others.
func (d *lived) whyApart(why lastmile.WhyNot) string {
	key, own := map[lastmile.WhyNot]string{
		lastmile.NotWaits:   "regroup.not_waits",
		lastmile.NotHeld:    "regroup.not_held",
		lastmile.NotServed:  "regroup.not_served",
		lastmile.NotHeavy:   "regroup.not_heavy",
		lastmile.NotOpen:    "regroup.not_open",
		lastmile.NotAddress: "regroup.not_address",
		lastmile.NotThatDay: "regroup.not_that_day",
		lastmile.NotLegal:   "regroup.not_legal",
		lastmile.NotPoint:   "regroup.not_point",
	}[why]
	if !own {
		return d.whyNot(why)
	}
	return d.T(key, nil)
}

// alone is on which days a delivery could be brought to its own door, or why on none.
func (x delivery) alone() string {
	if len(x.Doors) == 0 {
		return x.whyApart(x.DoorsNot)
	}
	first, last := x.Doors[0].Day, x.Doors[len(x.Doors)-1].Day
	return x.T("regroup.alone", map[string]any{"From": x.Day(first), "To": x.Day(last)})
}

func (d *deliveries) spotRow(x spot) regroupSpot {
	row := regroupSpot{
		Value: x.value, Far: x.far, Chosen: d.chose && x.Spot.Point.ID == d.spot.Point.ID,
		Fit: d.T("regroup.fit", map[string]any{"Count": x.fit, "Of": len(d.chosen())}),
	}
	if x.Point.ID != "" {
		row.Name, row.Address = x.Point.Name, x.Point.Address()
		return row
	}
	row.Name = d.T("regroup.door", nil)
	for _, c := range d.chosen() {
		if c.Address == x.Spot.Address {
			row.Address = inLine(c.order.Ship)
		}
	}
	return row
}

func (d *deliveries) fillPlan(p *regroupPage) {
	if d.spot.Point.ID != "" {
		p.Spot = string(d.spot.Point.ID)
	} else {
		p.Spot = atDoor
	}
	p.Day = d.day.String()
	for _, day := range d.plan.Days {
		words := d.T("regroup.day", map[string]any{"Day": lang.Day(d.Locale, day), "Count": d.plan.Count(day), "Of": len(d.chosen())})
		p.Days = append(p.Days, pick{day.String(), words, day == d.day})
	}
	t := d.plan.On(d.day)
	chosen := d.chosen()
	for i, m := range t.Members {
		p.Plan = append(p.Plan, chosen[i].planRow(m, d.spot.Point))
		if m.Not == "" {
			p.Joins = append(p.Joins, string(m.Order))
		}
	}
	p.Total = []string{
		d.T("regroup.before", map[string]any{"Grams": d.grams(t.Before)}), d.T("regroup.after", map[string]any{"Grams": d.grams(t.After)}),
	}
	if d.spot.Point.ID == "" && t.Before == t.After {
		p.Total = append(p.Total, d.T("regroup.same_carbon", nil))
	}
	p.Method = lang.T(d.Locale, "regroup.method", map[string]any{"Method": t.Method})
}

// grams is a footprint in words: one figure, or on foot and by car.
func (d *deliveries) grams(s lastmile.Span) string {
	args := map[string]any{"Low": int64(s.Low), "High": int64(s.High)}
	if s.Low == s.High {
		return d.T("regroup.grams", args)
	}
	return d.T("regroup.grams_car", args)
}

// planRow is what becomes of a delivery on the day.
func (x delivery) planRow(m lastmile.Member, at relay.Point) planRow {
	row := planRow{Title: x.titled()}
	if m.Not != "" {
		row.Not = x.whyApart(m.Not)
		if m.Not == lastmile.NotHere && x.Page != "" {
			row.Away = spacePath + "/commande/" + string(x.Order) + "?vers=changer"
			row.AwayName = x.T("regroup.away", map[string]any{"Carrier": x.carrierName()})
		}
		return row
	}
	args := map[string]any{"Due": x.due(x.lived.delivery), "When": x.when(m.Window, m.Way.Slot), "Carrier": x.carrierName()}
	switch {
	case m.What == "":
		row.Text = x.T("regroup.stays", args)
	case m.What == fact.Redirect:
		args["Point"] = at.Name
		row.Text = x.T("regroup.moves_point", args)
	default:
		row.Text = x.T("regroup.moves", args)
	}
	row.Delay = x.delay(m.Delay)
	row.Carbon = x.T("regroup.carbon", map[string]any{"Before": int64(m.Before), "After": int64(m.After)})
	if m.Before == m.After {
		row.Carbon = x.T("regroup.carbon_same", map[string]any{"Grams": int64(m.Before)})
	}
	return row
}

// carrierName is who brings what is on the way.
func (x delivery) carrierName() string {
	for _, p := range x.outgoing() {
		if c, ok := x.carriers[p.Connection]; ok {
			return c.Name
		}
	}
	return x.T("regroup.its_carrier", nil)
}

// when is a day or a slot.
func (d *lived) when(w civil.Window, slot bool) string {
	if slot {
		return lang.Slot(d.Locale, w.From.In(d.Zone), w.Until.In(d.Zone))
	}
	return d.Day((w.Until - 1).Day(d.Zone))
}

func (d *lived) delay(days int) string {
	switch {
	case days == 0:
		return d.T("regroup.delay_none", nil)
	case days < 0:
		return lang.N(d.Locale, "regroup.delay_sooner", -days, nil)
	}
	return lang.N(d.Locale, "regroup.delay", days, nil)
}

func (d *deliveries) short(r lastmile.Regroup) regroupShort {
	s := regroupShort{Path: regroupPath + "/" + string(r.ID), Text: d.T("regroup.on", map[string]any{"Day": lang.Day(d.Locale, r.Day)})}
	s.Tone, s.Badge = regroupBadge(d.Locale, r.State)
	return s
}

func regroupBadge(loc lang.Locale, s lastmile.RegroupState) (ui.Tone, string) {
	switch s {
	case lastmile.RegroupSettled:
		return ui.Good, lang.T(loc, "regroup.badge_settled", nil)
	case lastmile.RegroupFell:
		return ui.Bad, lang.T(loc, "regroup.badge_fallen", nil)
	}
	return ui.Care, lang.T(loc, "regroup.badge_asked", nil)
}

// gatheredPage is what became of a regrouping.
type gatheredPage struct {
	ui.Frame
	Tone    ui.Tone
	Badge   string
	Heading string
	Texts   []string
	Members []gatheredRow
	Total   []string
	Method  string
}

type gatheredRow struct {
	Title, When string
	Tone        ui.Tone
	State, Why  string
	Path        string // of its order; empty: nowhere
}

func (p *gatheredPage) fill(r lastmile.Regroup, all []membership, at relay.Point) {
	p.Look = backLook
	t := func(key string, args map[string]any) string { return lang.T(p.Locale, key, args) }
	p.Tone, p.Badge = regroupBadge(p.Locale, r.State)
	p.Heading = t("regroup.on", map[string]any{"Day": lang.Day(p.Locale, r.Day)})
	if at.ID != "" {
		p.Texts = append(p.Texts, t("regroup.at", map[string]any{"Point": at.Name + ", " + at.Address()}))
	}
	switch r.State {
	case lastmile.RegroupSettled:
		p.Texts = append(p.Texts, t("regroup.settled", nil))
	case lastmile.RegroupFell:
		p.Texts = append(p.Texts, t("regroup.fell", nil))
	default:
		until := ""
		if len(all) > 0 {
			until = all[0].When(r.AnswerBy, fact.Minute)
		}
		p.Texts = append(p.Texts, t("regroup.waits", map[string]any{"Until": until}))
	}
	for _, m := range all {
		p.Members = append(p.Members, m.row())
	}
	d := deliveries{Reading: ui.Reading{Locale: p.Locale}}
	p.Total = []string{
		t("regroup.before", map[string]any{"Grams": d.grams(r.Before)}), t("regroup.after", map[string]any{"Grams": d.grams(r.After)}),
	}
	p.Method = t("regroup.method", map[string]any{"Method": r.Method})
}

// row is where a delivery stands.
func (m membership) row() gatheredRow {
	row := gatheredRow{Title: m.titled(), When: m.when(m.Window, m.Slot)}
	if m.lived.link != "" && !m.expired() {
		row.Path = spacePath + "/commande/" + string(m.Joined.Order)
	}
	name := m.carriers[m.change.Connection].Name
	args := map[string]any{"Carrier": name}
	switch {
	case m.State == lastmile.MemberSettled && m.Change == "":
		row.Tone, row.State = ui.Good, m.T("regroup.member_stayed", nil)
	case m.State == lastmile.MemberSettled:
		row.Tone, row.State = ui.Good, m.T("regroup.member_settled", args)
	case m.State == lastmile.MemberFell:
		row.Tone, row.State = ui.Bad, m.T("regroup.member_fell", nil)
		row.Why = m.ChangeReason(m.Reason, name)
	case m.Change == "":
		row.State = m.T("regroup.member_stays", nil)
	case !m.change.Agreed.IsZero():
		row.Tone, row.State = ui.Good, m.T("regroup.member_agreed", args)
	default:
		row.Tone, row.State = ui.Care, m.T("regroup.member_asked", args)
	}
	return row
}
