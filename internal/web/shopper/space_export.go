package shopper

import (
	"encoding/json"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/survey"
)

// What a shopper takes along: all that the shops at which they consented know of
// them, in a form that programs read. Source: GDPR, articles 15 and 20.
type (
	export struct {
		Made     civil.Instant  `json:"made"`
		Address  string         `json:"address"`
		Passkeys []exportedKey  `json:"passkeys,omitempty"`
		Shops    []exportedShop `json:"shops,omitempty"`
	}
	exportedKey struct {
		Device string        `json:"device"`
		Made   civil.Instant `json:"made"`
		Used   civil.Instant `json:"used"`
	}
	exportedShop struct {
		Shop          string            `json:"shop"`
		Email         string            `json:"email"`
		Name          string            `json:"name"`
		Phone         string            `json:"phone"`
		Language      string            `json:"language"`
		Consents      []exportedConsent `json:"consents,omitempty"`
		Preferences   []exportedWish    `json:"preferences,omitempty"`
		Quiet         string            `json:"quiet_hours"`
		Browsers      int               `json:"browsers_told"`
		Favourites    []string          `json:"favourite_points,omitempty"`
		Orders        []exportedOrder   `json:"orders,omitempty"`
		Conversations []exportedTalk    `json:"conversations,omitempty"`
		Answers       []exportedAnswer  `json:"survey_answers,omitempty"`
	}
	exportedConsent struct {
		Words     string        `json:"words"`
		Given     civil.Instant `json:"given"`
		Withdrawn civil.Instant `json:"withdrawn"`
	}
	exportedWish struct {
		Topic   fact.Topic     `json:"topic"`
		Channel notify.Channel `json:"channel"`
		Allowed bool           `json:"allowed"`
	}
	exportedOrder struct {
		Reference string            `json:"reference"`
		Placed    civil.Instant     `json:"placed"`
		State     orders.State      `json:"state"`
		Paid      money.Amount      `json:"paid"`
		Ship      exportedAddress   `json:"delivery_address"`
		Bill      *exportedAddress  `json:"billing_address"`
		Articles  []exportedArticle `json:"articles,omitempty"`
		Parcels   []exportedParcel  `json:"parcels,omitempty"`
		Promises  []exportedPromise `json:"promises,omitempty"`
		Remedies  []exportedRemedy  `json:"remedies,omitempty"`
		Returns   []exportedReturn  `json:"returns,omitempty"`
		Changes   []exportedChange  `json:"changes,omitempty"`
		Messages  []exportedMessage `json:"messages,omitempty"`
	}
	exportedAddress struct {
		Name     string `json:"name"`
		Street   string `json:"street"`
		Extra    string `json:"extra"`
		Postcode string `json:"postcode"`
		City     string `json:"city"`
		Country  string `json:"country"`
		Phone    string `json:"phone"`
	}
	exportedArticle struct {
		SKU   string       `json:"sku"`
		Name  string       `json:"name"`
		Units int          `json:"units"`
		Paid  money.Amount `json:"paid"`
	}
	exportedParcel struct {
		Number    string         `json:"number"`
		Direction fact.Direction `json:"direction"`
		Announced civil.Instant  `json:"announced"`
	}
	exportedPromise struct {
		Owed  fact.Owed     `json:"owed"`
		Shown string        `json:"words_shown"`
		From  civil.Instant `json:"from"`
		Until civil.Instant `json:"until"`
		State fact.State    `json:"state"`
	}
	exportedRemedy struct {
		State  remedy.State   `json:"state"`
		Reason string         `json:"reason"`
		Given  []money.Amount `json:"given,omitempty"`
	}
	exportedReturn struct {
		State  returns.State  `json:"state"`
		Asked  civil.Instant  `json:"asked"`
		Value  money.Amount   `json:"value"`
		Items  []exportedBack `json:"items,omitempty"`
		Refund civil.Instant  `json:"refund_by"`
	}
	exportedChange struct {
		What    fact.ChangeKind      `json:"what"`
		State   lastmile.ChangeState `json:"state"`
		Asked   civil.Instant        `json:"asked"`
		Words   string               `json:"words"`
		Address *exportedAddress     `json:"address"`
	}
	exportedBack struct {
		Units   int    `json:"units"`
		Reason  string `json:"reason"`
		Comment string `json:"comment"`
	}
	exportedMessage struct {
		Topic   fact.Topic     `json:"topic"`
		Channel notify.Channel `json:"channel"`
		State   notify.State   `json:"state"`
		Reason  string         `json:"reason"`
		At      civil.Instant  `json:"at"`
		Subject string         `json:"subject"`
		Text    string         `json:"text"`
	}
	exportedTalk struct {
		Opened civil.Instant  `json:"opened"`
		Said   []exportedSaid `json:"said,omitempty"`
	}
	exportedSaid struct {
		At    civil.Instant `json:"at"`
		By    fact.Party    `json:"by"`
		Words string        `json:"words"`
	}
	exportedAnswer struct {
		At    civil.Instant   `json:"at"`
		About fact.SurveyKind `json:"about"`
		Score int             `json:"score"`
		Words string          `json:"words"`
	}
)

// exportSpace sends all that is known of whoever asks, as a file.
func (s *site) exportSpace(w http.ResponseWriter, r *http.Request) {
	if a, ok := s.fresh(r); !ok {
		http.Redirect(w, r, a.To, http.StatusSeeOther)
		return
	}
	var all export
	var places []shopper.Place
	var lanes []ident.Merchant
	err := s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		all = export{Made: tx.Now, Address: inSpace(r).Email, Shops: []exportedShop{}}
		lanes = nil
		keys, err := shopper.Passkeys(tx, all.Address)
		if err != nil {
			return err
		}
		for _, k := range keys {
			all.Passkeys = append(all.Passkeys, exportedKey{k.Name, k.Made, k.Used})
		}
		if places, err = linked(tx, inSpace(r)); err != nil {
			return err
		}
		for _, p := range places {
			shop, err := exportShop(tx, p)
			if err != nil {
				return err
			}
			all.Shops, lanes = append(all.Shops, shop), append(lanes, p.Merchant)
		}
		return nil
	})
	if err == nil {
		err = s.flow.Write(r.Context(), by, lanes, func(tx *flow.Tx) error {
			for _, p := range places {
				if err := shopper.Exported(tx, p.Merchant, p.ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="espace.json"`)
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	_ = out.Encode(all) // to somebody who may have gone
}

func exportShop(tx *db.Tx, p shopper.Place) (x exportedShop, err error) {
	brand, err := merchant.BrandOf(tx, p.Merchant)
	if err != nil {
		return x, err
	}
	x = exportedShop{Shop: brand.Shown, Email: p.Email, Name: p.Name, Phone: p.Phone, Language: string(p.Locale)}
	for _, part := range []func(*db.Tx, shopper.Place) error{x.wishes, x.points, x.orders, x.talks, x.answers} {
		if err := part(tx, p); err != nil {
			return x, err
		}
	}
	return x, nil
}

// wishes are what was agreed to, and how somebody wants to be told.
func (x *exportedShop) wishes(tx *db.Tx, p shopper.Place) error {
	consents, err := shopper.Consents(tx, p.Merchant, p.ID)
	if err != nil {
		return err
	}
	for _, c := range consents {
		x.Consents = append(x.Consents, exportedConsent{c.Words, c.Given, c.Withdrawn})
	}
	said, err := notify.Preferences(tx, p.Merchant, p.ID)
	if err != nil {
		return err
	}
	for _, w := range said {
		x.Preferences = append(x.Preferences, exportedWish{w.Topic, w.Channel, w.Allowed})
	}
	quiet, err := notify.QuietOf(tx, p.Merchant, p.ID)
	if err != nil {
		return err
	}
	x.Quiet = clockField(quiet.From) + "/" + clockField(quiet.Until)
	devices, err := notify.Devices(tx, p.Merchant, p.ID)
	x.Browsers = len(devices)
	return err
}

func (x *exportedShop) points(tx *db.Tx, p shopper.Place) error {
	ids, err := relay.Favourites(tx, p.Merchant, p.ID)
	for _, id := range ids {
		point, err := relay.Get(tx, id)
		if err != nil {
			return err
		}
		x.Favourites = append(x.Favourites, point.Name)
	}
	return err
}

// exportedAtOnce is how many orders are read together.
const exportedAtOnce = 50

func (x *exportedShop) orders(tx *db.Tx, p shopper.Place) error {
	page := orders.Page{Limit: exportedAtOnce}
	for {
		of, err := orders.OfShopper(tx, p.Merchant, p.ID, page)
		if err != nil || len(of) == 0 {
			return err
		}
		var e exporting
		if err := e.read(tx, p.Merchant, of); err != nil {
			return err
		}
		for _, o := range of {
			one, err := e.order(tx, p.Merchant, o)
			if err != nil {
				return err
			}
			x.Orders = append(x.Orders, one)
		}
		page.After = of[len(of)-1].ID
	}
}

// exporting is what several orders have besides themselves.
type exporting struct {
	parcels  map[ident.Order][]orders.Parcel
	promises map[ident.Order][]promise.Commitment
	remedies map[ident.Order][]remedy.Remedy
	returns  map[ident.Order][]returns.Return
	messages map[ident.Order][]notify.Message
	changes  map[ident.Order][]lastmile.Change
}

func (e *exporting) read(tx *db.Tx, m ident.Merchant, of []orders.Order) (err error) {
	ids := make([]ident.Order, len(of))
	for i, o := range of {
		ids[i] = o.ID
	}
	if e.parcels, err = orders.Parcels(tx, m, ids); err != nil {
		return err
	}
	if e.promises, err = promise.OfOrders(tx, m, ids); err != nil {
		return err
	}
	if e.remedies, err = remedy.OfOrders(tx, m, ids); err != nil {
		return err
	}
	if e.returns, err = returns.OfOrders(tx, m, ids); err != nil {
		return err
	}
	changes, err := lastmile.ChangesOf(tx, m, ids)
	if err != nil {
		return err
	}
	e.changes = map[ident.Order][]lastmile.Change{}
	for _, c := range changes {
		e.changes[c.Order] = append(e.changes[c.Order], c)
	}
	e.messages, err = notify.OfOrders(tx, m, ids)
	return err
}

func (e *exporting) order(tx *db.Tx, m ident.Merchant, o orders.Order) (x exportedOrder, err error) {
	x = exportedOrder{Reference: o.Reference, Placed: o.Placed, State: o.State, Paid: o.Value, Ship: exportedAddress(o.Ship)}
	lines, err := orders.Lines(tx, m, o.ID)
	if err != nil {
		return x, err
	}
	for _, l := range lines {
		x.Articles = append(x.Articles, exportedArticle{l.SKU, l.Name, l.Units, l.Captured})
	}
	bill, apart, err := orders.Billing(tx, m, o.ID)
	if err != nil {
		return x, err
	}
	if apart {
		to := exportedAddress(bill)
		x.Bill = &to
	}
	e.told(&x, o.ID)
	return x, e.back(tx, m, &x, o.ID)
}

// told is what was promised about an order, what followed, and what was written of it.
func (e *exporting) told(x *exportedOrder, id ident.Order) {
	for _, p := range e.parcels[id] {
		x.Parcels = append(x.Parcels, exportedParcel{p.Number, p.Direction, p.Announced})
	}
	for _, c := range e.promises[id] {
		x.Promises = append(x.Promises, exportedPromise{c.Owed, c.Shown, c.From, c.Until, c.State})
	}
	for _, r := range e.remedies[id] {
		one := exportedRemedy{State: r.State, Reason: r.Reason}
		for _, g := range r.Grants {
			one.Given = append(one.Given, g.Amount)
		}
		x.Remedies = append(x.Remedies, one)
	}
	for _, c := range e.changes[id] {
		one := exportedChange{What: c.What, State: c.State, Asked: c.Asked, Words: c.Words}
		if c.To.Street != "" {
			to := exportedAddress(c.To)
			one.Address = &to
		}
		x.Changes = append(x.Changes, one)
	}
	for _, msg := range e.messages[id] {
		x.Messages = append(x.Messages, exportedMessage{msg.Topic, msg.Channel, msg.State, msg.Reason, msg.Created, msg.Subject, msg.Text})
	}
}

func (e *exporting) back(tx *db.Tx, m ident.Merchant, x *exportedOrder, id ident.Order) error {
	var ids []ident.Return
	for _, r := range e.returns[id] {
		ids = append(ids, r.ID)
	}
	items, err := returns.Items(tx, m, ids)
	for _, r := range e.returns[id] {
		one := exportedReturn{State: r.State, Asked: r.Asked, Value: r.Value, Refund: r.RefundBy}
		for _, i := range items[r.ID] {
			one.Items = append(one.Items, exportedBack{i.Units, i.Reason, i.Comment})
		}
		x.Returns = append(x.Returns, one)
	}
	return err
}

// exportedTalks bounds what is read of conversations and answers: more than anybody has.
const exportedTalks = 10_000

func (x *exportedShop) talks(tx *db.Tx, p shopper.Place) error {
	all, err := helpdesk.OfShopper(tx, p.Merchant, p.ID, exportedTalks)
	if err != nil {
		return err
	}
	for _, c := range all {
		thread, err := helpdesk.Thread(tx, p.Merchant, c.ID)
		if err != nil {
			return err
		}
		one := exportedTalk{Opened: c.Opened}
		for _, s := range thread {
			one.Said = append(one.Said, exportedSaid{s.At, s.By, s.Words})
		}
		x.Conversations = append(x.Conversations, one)
	}
	return nil
}

func (x *exportedShop) answers(tx *db.Tx, p shopper.Place) error {
	all, err := survey.History(tx, p.Merchant, p.ID, exportedTalks)
	for _, a := range all {
		x.Answers = append(x.Answers, exportedAnswer{a.At, a.About, a.Score, a.Words})
	}
	return err
}
