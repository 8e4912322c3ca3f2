package console

import (
	"cmp"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const termsHere = "/console/settings/returns"

// maxPolicyForm is how many bytes the form of a policy may have.
const maxPolicyForm = 1 << 20

func termsRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: termsHere, Access: ui.BySession, Needs: setSettings, Summary: "How the shop takes things back: deadlines, limits, reasons, policy, notice", Serve: c.terms},
		{Method: http.MethodPost, Path: termsHere, Access: ui.BySession, Needs: setSettings, Summary: "Keep the numbers of returns", Serve: c.setTerms},
		{Method: http.MethodPost, Path: termsHere + "/policy", Access: ui.BySession, Needs: setSettings, Files: maxPolicyForm, Summary: "Try the policy of returns, or keep it", Serve: c.setReturnPolicy},
		{Method: http.MethodPost, Path: termsHere + "/notice", Access: ui.BySession, Needs: setSettings, Summary: "Keep what is said of the right to withdraw", Serve: c.setNotice},
	}
}

// termsPage is the conditions of returns before it is HTML.
type termsPage struct {
	settings
	Wrong   string
	Numbers deed
	Policy  deed
	Since   string
	Notice  deed
}

// dayFields are the deadlines, in the order they are asked for.
var dayFields = []struct {
	name, words string
	of          func(*returns.Conditions) *int
}{
	{"look_days", "terms.look_days", func(c *returns.Conditions) *int { return &c.LookDays }},
	{"deposit_days", "terms.deposit_days", func(c *returns.Conditions) *int { return &c.DepositDays }},
	{"lost_days", "terms.lost_days", func(c *returns.Conditions) *int { return &c.LostDays }},
	{"process_days", "terms.process_days", func(c *returns.Conditions) *int { return &c.ProcessDays }},
	{"contest_days", "terms.contest_days", func(c *returns.Conditions) *int { return &c.ContestDays }},
	{"answer_days", "terms.answer_days", func(c *returns.Conditions) *int { return &c.AnswerDays }},
	{"stock_days", "terms.stock_days", func(c *returns.Conditions) *int { return &c.StockDays }},
	{"extra_days", "terms.extra_days", func(c *returns.Conditions) *int { return &c.ExtraDays }},
}

// warehouseFields are the lines of the warehouse's address.
var warehouseFields = []struct {
	name, words string
	of          func(*carrier.Contact) *string
}{
	{"name", "terms.warehouse_name", func(c *carrier.Contact) *string { return &c.Name }},
	{"street", "terms.warehouse_street", func(c *carrier.Contact) *string { return &c.Street }},
	{"extra", "terms.warehouse_extra", func(c *carrier.Contact) *string { return &c.Extra }},
	{"postcode", "terms.warehouse_postcode", func(c *carrier.Contact) *string { return &c.Postcode }},
	{"city", "terms.warehouse_city", func(c *carrier.Contact) *string { return &c.City }},
	{"country", "terms.warehouse_country", func(c *carrier.Contact) *string { return &c.Country }},
	{"phone", "console.phone", func(c *carrier.Contact) *string { return &c.Phone }},
	{"email", "console.email", func(c *carrier.Contact) *string { return &c.Email }},
}

// limited are whose limits an owner sets, beside the shop's.
var limited = []merchant.Set{merchant.Owner, merchant.Agent, merchant.Developer}

// carried are the ways back that need a carrier.
var carried = []fact.Route{fact.BackByRelay, fact.BackByPost, fact.BackByPickup}

func (c Config) terms(r *http.Request) (ui.Answer, error) { return c.termsPage(r, typedTerms{}) }

// typedTerms is what somebody typed, in the form that was refused.
type typedTerms struct {
	form   string // numbers, policy or notice; empty: nothing was
	wrong  error
	passes bool // the policy was tried, and is one
}

func (c Config) termsPage(r *http.Request, typed typedTerms) (a ui.Answer, err error) {
	p := termsPage{settings: settingsFrame(r, termsHere)}
	words := map[string]string{}
	for _, f := range fault.All(typed.wrong) {
		at := cmp.Or(f.Field, "source")
		if list, _, part := strings.Cut(at, "["); part { // an entry of a list is a line of its field
			at = list
		}
		words[at] = cmp.Or(words[at], lang.Fault(p.Locale, f))
	}
	if typed.wrong != nil {
		p.Wrong, p.Done, a.Status = lang.T(p.Locale, "terms.refused", nil), "", http.StatusUnprocessableEntity
	}
	if typed.passes {
		p.Done = lang.T(p.Locale, "terms.policy_passes", nil)
	}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		conditions, err := returns.ConditionsOf(tx, v.Merchant)
		if err != nil {
			return err
		}
		lines, err := carrier.Connections(tx, v.Merchant)
		if err != nil {
			return err
		}
		rd := reading(r, tx.Now)
		p.Numbers = numbersDeed(rd, v, conditions, lines)
		if err := p.texts(tx, v, rd); err != nil {
			return err
		}
		for name, d := range map[string]*deed{"numbers": &p.Numbers, "policy": &p.Policy, "notice": &p.Notice} {
			if name == typed.form {
				d.retype(r, words)
			}
		}
		return nil
	})
	a.Page = termsView(p)
	return a, err
}

// texts are the policy and the notice in force.
func (p *termsPage) texts(tx *db.Tx, v visit, rd ui.Reading) error {
	own, set, err := merchant.PolicyOf(tx, v.Merchant, returns.Topic)
	if err != nil {
		return err
	}
	p.Since = rd.T("terms.policy_shipped", nil)
	if set {
		p.Since = rd.T("console.policy_since", map[string]any{"When": rd.When(own.Since, fact.Minute)})
	} else {
		own.Source = returns.Default
	}
	p.Policy = deed{
		Path: termsHere + "/policy", Button: rd.T("terms.policy_keep", nil), Name: "do", Value: "keep", Other: rd.T("terms.policy_try", nil), OtherName: "try", Files: true,
		How: rd.T("terms.policy_how", nil), Fields: []input{{Name: "source", Kind: "code", Label: rd.T("terms.policy", nil), Value: own.Source, Needed: true}},
	}
	notice, _, err := returns.NoticeOf(tx, v.Merchant)
	p.Notice = deed{
		Path: termsHere + "/notice", Button: rd.T("terms.notice_keep", nil), How: rd.T("terms.notice_how", nil),
		Fields: []input{{Name: "words", Kind: "area", Label: rd.T("terms.notice", nil), Value: notice.Source, Needed: true}},
	}
	return err
}

// retype fills the form with what was typed, and what is wrong with it.
func (d *deed) retype(r *http.Request, wrong map[string]string) {
	fill := func(all []input) {
		for i := range all {
			all[i].Value, all[i].Fault = r.PostFormValue(all[i].Name), wrong[all[i].Name]
			all[i].Ticked = all[i].Value == "yes"
			for n, o := range all[i].Options {
				all[i].Options[n].Chosen = o.Value == all[i].Value
			}
		}
	}
	fill(d.Lead)
	fill(d.Fields)
	for _, g := range d.Groups {
		fill(g.Fields)
	}
}

// numbersDeed is the form of all but the texts.
func numbersDeed(rd ui.Reading, v visit, c returns.Conditions, lines []carrier.Connection) deed {
	d := deed{Path: termsHere, Button: rd.T("terms.keep", nil)}
	days := group{Title: rd.T("terms.days", nil), Text: rd.T("terms.days_how", nil)}
	for _, f := range dayFields {
		days.Fields = append(days.Fields, input{Name: f.name, Kind: "number", Label: rd.T(f.words, nil), Value: number(*f.of(&c)), Needed: true})
	}
	address := group{Title: rd.T("terms.warehouse", nil), Text: rd.T("terms.warehouse_how", nil)}
	for _, f := range warehouseFields {
		address.Fields = append(address.Fields, input{Name: "warehouse." + f.name, Label: rd.T(f.words, nil), Value: *f.of(&c.Warehouse)})
	}
	ways := group{Title: rd.T("terms.ways", nil), Fields: []input{{Name: "stores", Kind: "check", Label: rd.T("terms.stores", nil), Ticked: c.Stores}}}
	for _, route := range carried {
		in := input{Name: "carrier:" + string(route), Kind: "select", Label: routeWords(rd, route), Options: []option{{"", rd.T("terms.no_carrier", nil), c.Carriers[route] == ""}}}
		for _, l := range lines {
			in.Options = append(in.Options, option{string(l.ID), l.Name, c.Carriers[route] == l.ID})
		}
		ways.Fields = append(ways.Fields, in)
	}
	for _, route := range carried {
		ways.Fields = append(ways.Fields, input{
			Name: "covers." + string(route), Kind: "area", Label: rd.T("terms.covers", map[string]any{"Way": routeWords(rd, route)}),
			Hint: rd.T("terms.covers_how", nil), Value: writeCovers(c.Covers[route], v.Shop.Currency),
		})
	}
	rate := ""
	if c.LegalRate != nil {
		rate = strings.Replace(strconv.FormatFloat(float64(*c.LegalRate)/100, 'f', -1, 64), ".", ",", 1)
	}
	law := group{Title: rd.T("terms.law", nil), Fields: []input{
		{Name: "legal_rate", Label: rd.T("terms.legal_rate", nil), Hint: rd.T("terms.legal_rate_how", nil), Value: rate},
		{Name: "mediator", Label: rd.T("terms.mediator", nil), Hint: rd.T("terms.mediator_how", nil), Value: c.Mediator},
		{Name: "reasons", Kind: "area", Label: rd.T("terms.reasons", nil), Hint: rd.T("terms.reasons_how", nil), Value: writeReasons(c.Reasons)},
	}}
	d.Groups = []group{days, address, ways, law}
	if v.Staff.Set == merchant.Owner {
		d.Groups = append(d.Groups, limitsGroup(rd, v, c))
	}
	return d
}

// limitsGroup is what people may give back alone: an owner's to set.
func limitsGroup(rd ui.Reading, v visit, c returns.Conditions) group {
	cur := v.Shop.Currency
	g := group{Title: rd.T("terms.limits", nil), Text: rd.T("terms.limits_how", map[string]any{"Currency": string(cur)})}
	typed := func(minor int64, set bool) string {
		if !set {
			return ""
		}
		return typedAmount(money.Of(minor, cur))
	}
	for _, s := range limited {
		one, set := c.Limits[s]
		day, capped := c.DayCaps[s]
		g.Fields = append(g.Fields,
			input{Name: "limit:" + string(s), Label: rd.T("terms.limit", map[string]any{"Set": setWords(rd.Locale, s)}), Value: typed(one, set)},
			input{Name: "day:" + string(s), Label: rd.T("terms.day_cap", map[string]any{"Set": setWords(rd.Locale, s)}), Value: typed(day, capped)})
	}
	g.Fields = append(g.Fields,
		input{Name: "shop_cap", Label: rd.T("terms.shop_cap", nil), Value: typed(c.ShopCap, c.ShopCap > 0)},
		input{Name: "standard", Label: rd.T("terms.standard", nil), Hint: rd.T("terms.standard_how", nil), Value: typed(c.Standard, c.Standard > 0)})
	return g
}

// writeReasons is the list of reasons as people type it: a line each, its parts
// apart by bars: code, taxon, whether a photo is needed, French, English.
func writeReasons(all []returns.Reason) string {
	var b strings.Builder
	for _, r := range all {
		photo := ""
		if r.Photo {
			photo = "photo"
		}
		parts := []string{r.Code, string(r.Taxon), photo, r.Words.French, r.Words.English}
		b.WriteString(strings.TrimRight(strings.Join(parts, " | "), " |") + "\n")
	}
	return b.String()
}

func readReasons(typed string) (all []returns.Reason) {
	for line := range strings.Lines(typed) {
		parts := append(strings.Split(strings.TrimSpace(line), "|"), "", "", "", "")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if parts[0] == "" {
			continue
		}
		all = append(all, returns.Reason{
			Code: parts[0], Taxon: returns.Taxon(parts[1]), Photo: parts[2] != "", Words: returns.Words{French: parts[3], English: parts[4]},
		})
	}
	return all
}

// writeCovers is the covers of a way as people type them: a line each, what is
// covered and what it costs apart by a bar.
func writeCovers(all []returns.Cover, in money.Currency) string {
	var b strings.Builder
	for _, k := range all {
		b.WriteString(typedAmount(money.Of(k.UpTo, in)) + " | " + typedAmount(money.Of(k.Price, in)) + "\n")
	}
	return b.String()
}

func readCovers(faults *fault.List, field, typed string, in money.Currency) (all []returns.Cover) {
	amount := func(text string) int64 {
		a, err := money.Parse(strings.TrimSpace(text), in)
		for _, f := range fault.All(err) {
			f.Field = field
			*faults = append(*faults, f)
		}
		return a.Minor
	}
	for line := range strings.Lines(typed) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		upTo, price, _ := strings.Cut(line, "|")
		all = append(all, returns.Cover{UpTo: amount(upTo), Price: amount(price)})
	}
	return all
}

// typedConditions reads the form over the conditions in force: what it does not
// name stays.
func typedConditions(r *http.Request, v visit, c returns.Conditions) (returns.Conditions, error) {
	var faults fault.List
	for _, f := range dayFields {
		days, ok := wholeNumber(strings.TrimSpace(r.PostFormValue(f.name)))
		if !ok {
			faults.Add(fault.Invalid, "number_expected", f.name, "value", r.PostFormValue(f.name))
		}
		*f.of(&c) = days
	}
	c.Warehouse = carrier.Contact{Address: order.Address{}}
	for _, f := range warehouseFields {
		*f.of(&c.Warehouse) = strings.TrimSpace(r.PostFormValue("warehouse." + f.name))
	}
	c.Stores, c.Mediator, c.Reasons = r.PostFormValue("stores") == "yes", strings.TrimSpace(r.PostFormValue("mediator")), readReasons(r.PostFormValue("reasons"))
	c.Carriers = map[fact.Route]ident.Connection{}
	for _, route := range carried {
		if id := r.PostFormValue("carrier:" + string(route)); id != "" {
			c.Carriers[route] = ident.Connection(id)
		}
	}
	c.Covers = map[fact.Route][]returns.Cover{}
	for _, route := range carried {
		field := "covers." + string(route)
		if covers := readCovers(&faults, field, r.PostFormValue(field), v.Shop.Currency); covers != nil {
			c.Covers[route] = covers
		}
	}
	c.LegalRate = typedRate(r, &faults)
	if v.Staff.Set == merchant.Owner {
		typedLimits(r, v.Shop.Currency, &c, &faults)
	}
	return c, faults.Err()
}

func typedRate(r *http.Request, faults *fault.List) *int64 {
	typed := strings.TrimSpace(r.PostFormValue("legal_rate"))
	if typed == "" {
		return nil
	}
	percent, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
	if err != nil || percent != percent || percent < 0 || percent > 100 {
		faults.Add(fault.Invalid, "number_expected", "legal_rate", "value", typed)
		return nil
	}
	points := int64(percent*100 + 0.5)
	return &points
}

func typedLimits(r *http.Request, cur money.Currency, c *returns.Conditions, faults *fault.List) {
	c.Limits, c.DayCaps = maps.Clone(c.Limits), maps.Clone(c.DayCaps)
	read := func(field string) (minor int64, set bool) {
		typed := strings.TrimSpace(r.PostFormValue(field))
		if typed == "" {
			return 0, false
		}
		a, err := money.Parse(typed, cur)
		for _, f := range fault.All(err) {
			f.Field = field
			*faults = append(*faults, f)
		}
		if a.Minor < 0 {
			faults.Add(fault.Invalid, "negative_amount", field)
		}
		return a.Minor, true
	}
	put := func(of map[merchant.Set]int64, s merchant.Set, field string) map[merchant.Set]int64 {
		minor, set := read(field)
		if of == nil {
			of = map[merchant.Set]int64{}
		}
		if delete(of, s); set {
			of[s] = minor
		}
		return of
	}
	for _, s := range limited {
		c.Limits = put(c.Limits, s, "limit:"+string(s))
		c.DayCaps = put(c.DayCaps, s, "day:"+string(s))
	}
	c.ShopCap, _ = read("shop_cap")
	c.Standard, _ = read("standard")
}

func (c Config) setTerms(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		before, err := returns.ConditionsOf(tx.Tx, v.Merchant)
		if err != nil {
			return err
		}
		wanted, err := typedConditions(r, v, before)
		if err != nil {
			return err
		}
		for route, id := range wanted.Carriers {
			if _, err := carrier.Get(tx.Tx, v.Merchant, id); notThere(err) {
				return fault.New(fault.Invalid, "unknown_value", "carrier:"+string(route), "value", string(id))
			} else if err != nil {
				return err
			}
		}
		return returns.SetConditions(tx, v.Merchant, wanted)
	})
	if denied(err) {
		return c.termsPage(r, typedTerms{form: "numbers", wrong: err})
	}
	return ui.Answer{To: termsHere + "?done=terms"}, err
}

// setReturnPolicy keeps the policy, or only tries it.
func (c Config) setReturnPolicy(r *http.Request) (ui.Answer, error) {
	source := strings.ReplaceAll(r.PostFormValue("source"), "\r\n", "\n")
	err := returns.CheckPolicy(source)
	if err == nil && r.PostFormValue("do") == "try" {
		return c.termsPage(r, typedTerms{form: "policy", passes: true})
	}
	if err == nil {
		err = c.act(r, func(tx *flow.Tx, v visit) error {
			_, err := merchant.SetPolicy(tx, v.Merchant, returns.Topic, source)
			return err
		})
	}
	if denied(err) {
		return c.termsPage(r, typedTerms{form: "policy", wrong: err})
	}
	return ui.Answer{To: termsHere + "?done=return_policy"}, err
}

func (c Config) setNotice(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := returns.SetNotice(tx, v.Merchant, strings.TrimSpace(r.PostFormValue("words")))
		return err
	})
	for _, f := range fault.All(err) {
		if f.Field == "source" {
			f.Field = "words"
		}
	}
	if denied(err) {
		return c.termsPage(r, typedTerms{form: "notice", wrong: err})
	}
	return ui.Answer{To: termsHere + "?done=notice"}, err
}
