package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// complaint is a claim with all that whoever decides must know.
type complaint struct {
	talking
	claim    helpdesk.Claim
	file     []helpdesk.ClaimEntry
	others   []helpdesk.Claim // of the same shopper, the last first
	deciders map[ident.Staff]merchant.Staff
	left     map[ident.Line]int // units whose price may be given back
	given    []returns.Redress
	mediator string
}

func readComplaint(tx *db.Tx, m ident.Merchant, id ident.Claim, rd ui.Reading) (b *complaint, err error) {
	b = &complaint{}
	if b.claim, err = helpdesk.GetClaim(tx, m, id); err != nil {
		return b, err
	}
	if b.lived, err = readOrder(tx, m, b.claim.Order, rd); err != nil {
		return b, err
	}
	b.of = helpdesk.Conversation{Order: b.claim.Order, Shopper: b.claim.Shopper}
	for _, part := range []func(*db.Tx, ident.Merchant) error{b.readFile, b.readPast, b.readOthers} {
		if err := part(tx, m); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (b *complaint) readFile(tx *db.Tx, m ident.Merchant) (err error) {
	if b.file, err = helpdesk.ClaimFile(tx, m, b.claim.ID); err != nil {
		return err
	}
	var ids []ident.Staff
	var abouts []string
	for _, e := range b.file {
		if id, is := staffBehind(e.Actor); is {
			ids = append(ids, id)
		}
		abouts = append(abouts, string(e.ID))
	}
	if b.deciders, err = merchant.Colleagues(tx, m, ids); err != nil {
		return err
	}
	of, err := promise.About(tx, m, abouts)
	if err != nil {
		return err
	}
	for _, about := range abouts {
		b.talking.owed = append(b.talking.owed, of[about]...)
	}
	if b.given, err = returns.RedressFor(tx, m, helpdesk.Questions(b.file)); err != nil {
		return err
	}
	b.left, err = returns.Unreturned(tx, m, b.claim.Order)
	return err
}

func (b *complaint) readOthers(tx *db.Tx, m ident.Merchant) error {
	all, err := helpdesk.ClaimsOfShopper(tx, m, b.claim.Shopper, maxPast+1)
	if err != nil {
		return err
	}
	b.others = slices.DeleteFunc(all, func(c helpdesk.Claim) bool { return c.ID == b.claim.ID })
	conditions, err := returns.ConditionsOf(tx, m)
	b.mediator = conditions.Mediator
	return err
}

// claimPage is a claim before it is HTML.
type claimPage struct {
	formPage
	State block
	Said  []block
}

func (c Config) claim(r *http.Request) (ui.Answer, error) { return c.claimPage(r, typedRuling{}) }

// typedRuling is a decision that was not taken, and why.
type typedRuling struct {
	said  helpdesk.Decision
	wrong error
}

func (c Config) claimPage(r *http.Request, typed typedRuling) (a ui.Answer, err error) {
	var p claimPage
	err = c.see(r, func(tx *db.Tx, v visit) error {
		b, err := readComplaint(tx, v.Merchant, ident.Claim(r.PathValue("id")), reading(r, tx.Now))
		if err != nil {
			return err
		}
		p = b.page(deskFrame(r, claimTitle(b.Reading, b.claim, b.order.Reference)), v, typed)
		p.Done = done(r, p.Locale)
		return nil
	})
	if typed.wrong != nil {
		a.Status, p.Done = http.StatusUnprocessableEntity, ""
	}
	a.Page = claimView(p)
	return a, err
}

func (b *complaint) page(f ui.Frame, v visit, typed typedRuling) claimPage {
	p := claimPage{formPage: formPage{Frame: f, Back: pair{b.T("claims.to_list", nil), claimsHere}}, State: b.stateBlock(v), Said: b.entries()}
	p.Legend = b.T("claims.decide_legend", nil)
	if b.claim.State == helpdesk.ClaimContested {
		p.Legend = b.T("claims.review_legend", nil)
	}
	switch {
	case typed.wrong != nil:
		p.Wrong = misdone(b.Locale, typed.wrong)
	case b.claim.Waits() && v.may(merchant.GiveBack) && !b.mayDecide(v):
		p.Intro = []string{b.T("claims.not_you", nil)}
	}
	if b.mayDecide(v) {
		p.Form = b.ruling(typed)
	}
	p.Blocks = append(b.inView(), b.elsewhere()...)
	return p
}

// mayDecide reports whether this reader may: not on a claim of their own, and not
// twice on one claim.
func (b *complaint) mayDecide(v visit) bool {
	who := flow.ByStaff(v.Staff.ID)
	return b.claim.Waits() && v.may(merchant.GiveBack) && who != b.claim.Opener && (b.claim.State == helpdesk.ClaimOpen || who != b.claim.Decider)
}

// stateBlock is where it stands, by when somebody is to decide, and what may be
// done before.
func (b *complaint) stateBlock(v visit) block {
	k := block{Title: b.T("claims.heading", nil)}
	var due string
	if k.Tone, k.Badge, due = claimState(b.Reading, b.claim); due != "" {
		k.Says = append(k.Says, due)
	}
	k.Facts = []pair{{b.T("claims.what", nil), claimKind(b.Reading, b.claim.What)}, {b.T("claims.number", nil), b.claim.Name(b.order.Reference)}}
	if n := b.parcelNumber(); n != "" {
		k.Facts = append(k.Facts, pair{b.T("claims.parcel", nil), n})
	}
	if b.claim.What.Contests() && b.claim.Waits() {
		k.Says = append(k.Says, b.T("claims.contests", nil))
	}
	for _, c := range b.talking.owed {
		if c.State != fact.Open {
			_, state := stateWords(b.Reading, c, false)
			k.Notes = append(k.Notes, b.T("claims.owed", map[string]any{"Due": b.Due(c.Until), "State": state}))
		}
	}
	k.Links = []pair{{b.T("claims.to_file", nil), claimPath(b.claim.ID) + "/file"}}
	for _, g := range b.given {
		k.Notes = append(k.Notes, b.redress(g))
		k.Links = append(k.Links, pair{b.T("claims.to_return", nil), returnPath(g.Return.ID)})
	}
	if b.claim.Waits() && v.may(merchant.PlaceOrders) {
		k.Deeds = b.gathering()
	}
	return k
}

func (b *complaint) parcelNumber() string {
	for _, p := range b.parcels {
		if p.ID == b.claim.Parcel {
			return p.Number
		}
	}
	return ""
}

// gathering is what may be done before a decision.
func (b *complaint) gathering() (all []deed) {
	at := claimPath(b.claim.ID)
	who := func(of fact.Party) []pair { return []pair{{"of", string(of)}} }
	words := func(id, value string) []input {
		return []input{{ID: id, Name: "words", Kind: "area", Label: b.T("claims.words", nil), Value: value, Needed: true}}
	}
	if b.claim.State == helpdesk.ClaimOpen {
		all = append(all, deed{Path: at + "/sort", Button: b.T("claims.sort", nil), Style: "second", Fold: b.T("claims.sort_fold", nil), Fields: b.sorting()})
	}
	photos := input{Name: "photos", Kind: "files", Label: b.T("warehouse.photos", nil)}
	return append(all,
		deed{Path: at + "/ask", Button: b.T("claims.asked", nil), Style: "second", Fold: b.T("claims.ask_carrier", nil), How: b.T("claims.ask_carrier_how", nil), Keep: who(fact.ByCarrier), Fields: words("ask-carrier", b.letterToCarrier())},
		deed{Path: at + "/ask", Button: b.T("claims.asked", nil), Style: "second", Fold: b.T("claims.ask_shop", nil), Keep: who(fact.ByMerchant), Fields: words("ask-shop", "")},
		deed{Path: at + "/evidence", Button: b.T("claims.give", nil), Style: "second", Fold: b.T("claims.give_carrier", nil), Files: true, Keep: who(fact.ByCarrier), Fields: append(words("give-carrier", ""), photos)},
		deed{Path: at + "/evidence", Button: b.T("claims.give", nil), Style: "second", Fold: b.T("claims.give_shop", nil), Files: true, Keep: who(fact.ByMerchant), Fields: append(words("give-shop", ""), photos)},
	)
}

func (b *complaint) sorting() []input {
	what := input{Name: "what", Kind: "select", Label: b.T("claims.what", nil)}
	for _, k := range fact.ClaimKinds {
		what.Options = append(what.Options, option{string(k), claimKind(b.Reading, k), k == b.claim.What})
	}
	parcel := input{Name: "parcel", Kind: "select", Label: b.T("claims.parcel", nil), Options: []option{{"", b.T("claims.all_parcels", nil), b.claim.Parcel == ""}}}
	for _, p := range b.sent() {
		parcel.Options = append(parcel.Options, option{string(p.ID), p.Number, p.ID == b.claim.Parcel})
	}
	return []input{what, parcel}
}

// sent is the parcels of the order on their way out.
func (b *complaint) sent() (out []order.Parcel) {
	for _, p := range b.parcels {
		if p.Direction == fact.Out {
			out = append(out, p)
		}
	}
	return out
}

// letterToCarrier is what a carrier may be asked, to begin from: each parcel with
// what was scanned of it.
func (b *complaint) letterToCarrier() string {
	lines := []string{b.T("claims.letter_begin", map[string]any{"Reference": b.order.Reference, "What": claimKind(b.Reading, b.claim.What)})}
	for _, p := range b.sent() {
		if b.claim.Parcel == "" || p.ID == b.claim.Parcel {
			box := b.parcel(p)
			lines = append(lines, b.T("claims.letter_parcel", map[string]any{"Number": p.Number, "Status": box.Status, "News": box.News}))
		}
	}
	return strings.Join(append(lines, b.T("claims.letter_end", nil)), "\n")
}

// ruling is the form of whoever decides.
func (b *complaint) ruling(typed typedRuling) *deed {
	in := typed.said
	outcome := input{Name: "outcome", Kind: "select", Label: b.T("claims.outcome", nil), Options: []option{{"", b.T("claims.choose", nil), in.Outcome == ""}}}
	for _, o := range fact.Outcomes {
		outcome.Options = append(outcome.Options, option{string(o), outcomeWords(b.Reading, o), o == in.Outcome})
	}
	liable := input{Name: "liable", Kind: "select", Label: b.T("claims.liable", nil), Hint: b.T("claims.liable_how", nil), Options: []option{{"", b.T("claims.choose", nil), in.Liable == ""}}}
	for _, p := range fact.Parties {
		liable.Options = append(liable.Options, option{string(p), party(b.Reading, p), p == in.Liable})
	}
	how := b.T("claims.decide_how", nil)
	if b.claim.What.Contests() {
		how = b.T("claims.decide_scan", nil)
	}
	return &deed{
		Path: claimPath(b.claim.ID) + "/decide", Button: b.T("claims.decide", nil), How: how, Keep: []pair{{"seen", number(len(b.file))}},
		Lead: []input{outcome, liable}, Groups: b.goods(in.Goods),
		Fields: []input{{ID: "reasons", Name: "words", Kind: "area", Label: b.T("claims.reasons", nil), Hint: b.T("claims.reasons_how", nil), Value: in.Words, Needed: true}},
	}
}

// goods are the articles whose price may be given back, and how many are.
func (b *complaint) goods(typed []fact.Units) []group {
	g := group{Title: b.T("claims.goods", nil), Text: b.T("claims.goods_how", nil)}
	for _, l := range b.lines {
		if b.left[l.ID] == 0 {
			continue
		}
		in := input{Name: "line:" + string(l.ID), Kind: "number", Label: b.T("claims.goods_line", map[string]any{"Name": l.Name, "Left": b.left[l.ID], "Price": l.Unit})}
		if i := slices.IndexFunc(typed, func(u fact.Units) bool { return u.Line == l.ID }); i >= 0 {
			in.Value = number(typed[i].Units)
		}
		g.Fields = append(g.Fields, in)
	}
	if len(g.Fields) == 0 {
		return nil
	}
	return []group{g}
}

// redress is what a decision gives back, and by when.
func (b *complaint) redress(g returns.Redress) string {
	args := map[string]any{"Amount": g.Amount, "Due": b.Due(g.Return.RefundBy)}
	if g.Waits {
		return b.T("claims.redress_waits", args)
	}
	return b.T("claims.redress", args)
}

// entries are the file, the first first.
func (b *complaint) entries() (out []block) {
	for _, e := range b.file {
		k := block{ID: string(e.ID), Title: b.entryTitle(e), Quote: e.Words}
		for n, id := range e.Photos {
			k.Photos = append(k.Photos, picture{claimPath(b.claim.ID) + "/photo/" + string(id), b.T("returns_desk.photo", map[string]any{"Number": n + 1})})
		}
		if e.Outcome != "" {
			k.Badge = outcomeWords(b.Reading, e.Outcome)
			k.Facts = []pair{{b.T("claims.liable", nil), party(b.Reading, e.Liable)}}
			if len(e.Goods) > 0 {
				k.Facts = append(k.Facts, pair{b.T("claims.goods", nil), b.Goods(e.Goods, order.Names(b.lines))})
			}
		}
		out = append(out, k)
	}
	return out
}

func (b *complaint) entryTitle(e helpdesk.ClaimEntry) string {
	staff, _ := staffBehind(e.Actor)
	args := map[string]any{"Who": b.deciders[staff].Name, "When": b.When(e.At, fact.Minute), "Of": party(b.Reading, e.Party), "Shopper": named(b.who)}
	return b.T(map[helpdesk.ClaimAct]string{
		helpdesk.ActOpened:    "claims.act_opened",
		helpdesk.ActAdded:     "claims.act_added",
		helpdesk.ActAsked:     "claims.act_asked",
		helpdesk.ActGiven:     "claims.act_given",
		helpdesk.ActDecided:   "claims.act_decided",
		helpdesk.ActContested: "claims.act_contested",
		helpdesk.ActReviewed:  "claims.act_reviewed",
	}[e.Act], args)
}

// elsewhere is what the same shopper claimed before.
func (b *complaint) elsewhere() []block {
	if len(b.others) == 0 {
		return nil
	}
	past := block{ID: "claims", Title: b.T("claims.past", nil)}
	for _, c := range b.others {
		_, badge, _ := claimState(b.Reading, c)
		args := map[string]any{"Day": b.Day(c.Opened.Day(b.Zone)), "What": claimKind(b.Reading, c.What), "State": badge}
		past.Links = append(past.Links, pair{b.T("claims.past_one", args), claimPath(c.ID)})
	}
	return []block{past}
}

// claimPhoto sends a photo of a claim, and no other.
func (c Config) claimPhoto(w http.ResponseWriter, r *http.Request) {
	id := ident.Blob(r.PathValue("photo"))
	var doc blob.Blob
	err := c.see(r, func(tx *db.Tx, v visit) error {
		file, err := helpdesk.ClaimFile(tx, v.Merchant, ident.Claim(r.PathValue("id")))
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(file, func(e helpdesk.ClaimEntry) bool { return slices.Contains(e.Photos, id) }) {
			return fault.New(fault.NotFound, "not_found", "document")
		}
		doc, err = blob.Get(tx, v.Merchant, id)
		return err
	})
	sendPhoto(w, doc, err)
}
