package promise

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertIncident = `insert into promise_incident (merchant, id, key, trouble, services, places, stock, first, last, words,
		declared, actor, revision, looked, done, release, asked_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, 0, false, 'counting', $12)`
	sqlIncident = `select id, key, trouble, services, places, stock, first, last, words, declared, actor, ended, revision, looked, done,
		release, people, asked_by, answered_by, answered, code, code_until, code_tries, codes
		from promise_incident where merchant = $1 and id = $2`
	sqlIncidentByKey = `select id, key, trouble, services, places, stock, first, last, words, declared, actor, ended, revision, looked, done,
		release, people, asked_by, answered_by, answered, code, code_until, code_tries, codes
		from promise_incident where merchant = $1 and key = $2`
	sqlIncidentsFrom = `select id, key, trouble, services, places, stock, first, last, words, declared, actor, ended, revision, looked, done,
		release, people, asked_by, answered_by, answered, code, code_until, code_tries, codes
		from promise_incident where merchant = $1 and last >= $2 order by last, id`
	sqlIncidentsBefore = `select id, key, trouble, services, places, stock, first, last, words, declared, actor, ended, revision, looked, done,
		release, people, asked_by, answered_by, answered, code, code_until, code_tries, codes
		from promise_incident where merchant = $1 and id < $2 order by id desc limit $3`
	sqlIncidentsIn = `select id, key, trouble, services, places, stock, first, last, words, declared, actor, ended, revision, looked, done,
		release, people, asked_by, answered_by, answered, code, code_until, code_tries, codes
		from promise_incident where merchant = $1 and id in ($2) order by id`
	sqlChangeIncident = `update promise_incident set last = $4, words = $5, ended = $6, revision = revision + 1, looked = 0, done = false,
		release = $7, asked_by = $8, code = '', codes = 0 where merchant = $1 and id = $2 and revision = $3`
	sqlLookedOn = `update promise_incident set looked = looked + $4, done = $5 where merchant = $1 and id = $2 and revision = $3`
)

func scanIncident(r db.Row) (i Incident, err error) {
	var l incidentLists
	err = r.Scan(&i.ID, &i.Key, &i.Trouble, &l.services, &l.places, &i.Stock, &i.From, &i.Last, &l.words, &i.Declared, &i.Actor,
		&i.Ended, &i.revision, &i.Looked, &i.Done,
		&i.Release, &i.People, &i.AskedBy, &i.AnsweredBy, &i.Answered, &i.code.hash, &i.code.until, &i.code.tries, &i.code.sent)
	if err != nil {
		return i, err
	}
	return i, l.into(&i)
}

// Declare writes an incident down and has every open promise looked at, a page at a
// time, by an errand: first to count whom it concerns, then to warn them, once a second
// person let it if they are many. What was declared under the key before is answered as it
// stands. The faults are those of Preview, and field_required at the key.
func Declare(tx *flow.Tx, m ident.Merchant, in Incident) (Incident, error) {
	if in.Key == "" {
		return in, fault.New(fault.Invalid, "field_required", "key")
	}
	if was, ok, err := db.One(tx.Tx, sqlIncidentByKey, scanIncident, m, in.Key); err != nil || ok {
		return was, err
	}
	i, err := admitted(tx.Tx, m, in)
	if err != nil {
		return i, err
	}
	i.ID, i.Declared, i.Actor, i.revision = ident.New[ident.Incident](tx.Mint), tx.Now, tx.By(), 1
	i.Release, i.AskedBy = Counting, i.Actor
	l, err := i.lists()
	if err != nil {
		return i, err
	}
	err = tx.Do(sqlInsertIncident, m, i.ID, i.Key, i.Trouble, l.services, l.places, i.Stock, i.From, i.Last, l.words, i.Declared, i.Actor)
	if err != nil {
		return i, err
	}
	if err := tx.Emit(m, string(m), string(i.ID), fact.IncidentDeclared{Incident: i.body()}); err != nil {
		return i, err
	}
	return i, i.count(tx, m, reviewing{})
}

// admitted is an incident in its one form, of services and places that there are.
func admitted(tx *db.Tx, m ident.Merchant, in Incident) (Incident, error) {
	org, err := merchant.Get(tx, m)
	if err != nil {
		return in, err
	}
	i, faults := in.whole(org.Country)
	faults = append(faults, i.check(todayIn(tx.Now, org.Zone))...)
	services, err := carrier.Services(tx, m)
	if err != nil {
		return i, err
	}
	for _, id := range i.Services {
		if !slices.ContainsFunc(services, func(s carrier.Service) bool { return s.ID == id }) {
			faults.Add(fault.Invalid, "unknown_service", "services", "service", string(id))
		}
	}
	stocks, err := merchant.StockPoints(tx, m)
	if err != nil {
		return i, err
	}
	if i.Stock != "" && !slices.ContainsFunc(stocks, func(s merchant.StockPoint) bool { return s.ID == i.Stock }) {
		faults.Add(fault.Invalid, "unknown_value", "stock", "value", string(i.Stock), "known", names(stocks))
	}
	return i, faults.Err()
}

func names(stocks []merchant.StockPoint) (ids []ident.StockPoint) {
	for _, s := range stocks {
		ids = append(ids, s.ID)
	}
	return ids
}

// Correction is what turned out otherwise about an incident.
type Correction struct {
	Last  civil.Day // included; NoDay: as it was
	Words map[lang.Locale]string
	Over  bool // it is over: today counts again
}

// Correct changes how long an incident lasts and what shoppers read of it, or ends
// it. Whoever was warned of it and is in danger no longer is told so once; whoever
// is in danger only now is warned. What it is already changes nothing. The faults
// are not_found, incident_over and those of the days and words.
func Correct(tx *flow.Tx, m ident.Merchant, id ident.Incident, c Correction) (Incident, error) {
	i, err := GetIncident(tx.Tx, m, id)
	if err != nil || c.Over && i.Ended != 0 {
		return i, err
	}
	if i.Ended != 0 {
		return i, fault.New(fault.Conflict, "incident_over", "incident")
	}
	org, err := merchant.Get(tx.Tx, m)
	if err != nil {
		return i, err
	}
	next, err := i.corrected(c, todayIn(tx.Now, org.Zone))
	if err != nil {
		return i, err
	}
	next.AskedBy = tx.By()
	if next.Release = Counting; c.Over {
		next.Ended, next.Release, next.AskedBy = tx.Now, i.Release, i.AskedBy
	}
	l, err := next.lists()
	if err != nil {
		return i, err
	}
	done, err := tx.Changed(sqlChangeIncident, m, id, i.revision, next.Last, l.words, orNull(next.Ended), next.Release, next.AskedBy)
	if err != nil {
		return i, err
	}
	if !done {
		return i, fault.New(fault.Conflict, "incident_over", "incident")
	}
	next.revision, next.Looked, next.Done = i.revision+1, 0, false
	occurrence := string(ident.New[ident.Fact](tx.Mint))
	if err := tx.Emit(m, string(m), occurrence, fact.IncidentChanged{Incident: next.body(), Ended: c.Over}); err != nil {
		return i, err
	}
	if c.Over {
		return next, next.look(tx, m, "")
	}
	return next, next.count(tx, m, reviewing{})
}

// corrected is the incident as it turned out.
func (i Incident) corrected(c Correction, today civil.Day) (Incident, error) {
	if c.Over {
		i.Last = max(min(i.Last, today-1), i.From-1)
		return i, nil
	}
	if c.Last != civil.NoDay {
		i.Last = c.Last
	}
	if c.Words != nil {
		i.Words = c.Words
	}
	i, faults := i.whole("")
	faults = append(faults, i.checkDays(today)...)
	return i, append(faults, i.checkWords()...).Err()
}

// GetIncident reads an incident. The fault is not_found.
func GetIncident(tx *db.Tx, m ident.Merchant, id ident.Incident) (Incident, error) {
	i, ok, err := db.One(tx, sqlIncident, scanIncident, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "incident")
	}
	return i, err
}

// newestIncident sorts after every incident.
const newestIncident ident.Incident = "inc_zzzzzzzzzzzzzzzzzzzzzzzzzz"

// Incidents pages through the incidents of a merchant, the newest first. after is
// the last one of the page before; empty at first.
func Incidents(tx *db.Tx, m ident.Merchant, after ident.Incident, limit int) ([]Incident, error) {
	if after == "" {
		after = newestIncident
	}
	return db.All(tx, sqlIncidentsBefore, scanIncident, m, after, limit)
}

// Current are the incidents that take a day from today on: what quotes reckon with.
// Days begin at different hours in different zones, so yesterday's are among them.
func Current(tx *db.Tx, m ident.Merchant) ([]Incident, error) {
	return db.All(tx, sqlIncidentsFrom, scanIncident, m, todayIn(tx.Now, "")-1)
}

// Behind reads the incidents that warnings name, by their cause.
func Behind(tx *db.Tx, m ident.Merchant, warnings []Warning) (map[string]Incident, error) {
	var ids []ident.Incident
	for _, w := range warnings {
		if id, is := fact.IncidentOf(w.Cause); is {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := db.All(tx, sqlIncidentsIn, scanIncident, m, db.In(ids))
	of := make(map[string]Incident, len(all))
	for _, i := range all {
		of[string(i.ID)] = i
	}
	return of, err
}

// Concern is whom an incident concerns.
type Concern struct {
	Promises int           // that somebody looked at it finds endangered
	Shoppers int           // who are owed them
	Value    int64         // of their orders, in minor units of the shop's currency; orders in others count for none
	Sample   []ident.Order // the first of them
	Told     int           // of whom a message was accepted by the channel's provider
	Lifted   int           // warned of before, and in danger no longer
	Partly   bool          // there are more open promises than were looked at
}

const sqlWarned = `select count(*), count(c.told_at), count(w.lifted_at) from promise_warning w
	join promise_commitment c on c.merchant = w.merchant and c.id = w.commitment
	where w.merchant = $1 and w.cause = $2`

// Warned counts who was warned of an incident.
func Warned(tx *db.Tx, m ident.Merchant, id ident.Incident) (c Concern, err error) {
	c, _, err = db.One(tx, sqlWarned, func(r db.Row) (c Concern, err error) {
		err = r.Scan(&c.Promises, &c.Told, &c.Lifted)
		return c, err
	}, m, id)
	return c, err
}

// the preview looks at so many open promises; a shop with more is told of that part.
const (
	previewPages  = 50
	previewSample = 5
)

// Preview is whom an incident would concern if it were declared now. It writes
// nothing. The faults are unknown_value, area_unknown, unknown_service,
// incident_both_ends, days_out_of_order, incident_past, incident_too_long,
// list_too_long, field_required and those of the words.
func (c *Curves) Preview(tx *db.Tx, m ident.Merchant, in Incident) (x Concern, err error) {
	i, err := admitted(tx, m, in)
	if err != nil {
		return x, err
	}
	org, err := merchant.Get(tx, m)
	if err != nil {
		return x, err
	}
	people := map[ident.Shopper]bool{}
	var after ident.Commitment
	for range previewPages {
		page, err := openAfter(tx, m, after)
		if err != nil {
			return x, err
		}
		found, err := c.concerned(tx, org, page, i)
		if err != nil {
			return x, err
		}
		if err := x.add(tx, m, org, found, people); err != nil {
			return x, err
		}
		if len(page) < pageOfReview {
			return x, nil
		}
		after = page[len(page)-1].ID
	}
	x.Partly = true
	return x, nil
}

// concerned are those of a page that the incident endangers.
func (c *Curves) concerned(tx *db.Tx, org merchant.Organisation, page []Commitment, i Incident) ([]Commitment, error) {
	w, err := c.weigh(tx, org, stillOpen(page, tx.Now), []Incident{i})
	if err != nil {
		return nil, err
	}
	var found []Commitment
	for _, d := range w.grave(org.RiskAt) {
		if d.by == i.ID {
			found = append(found, d.commitment)
		}
	}
	return found, nil
}

func (x *Concern) add(tx *db.Tx, m ident.Merchant, org merchant.Organisation, found []Commitment, people map[ident.Shopper]bool) error {
	ids := make([]ident.Order, len(found))
	for i, c := range found {
		ids[i], people[c.Shopper] = c.Order, true
	}
	orders, err := order.Many(tx, m, ids)
	for _, id := range ids {
		if v := orders[id].Value; v.Currency == org.Currency {
			x.Value += v.Minor
		}
		if len(x.Sample) < previewSample {
			x.Sample = append(x.Sample, id)
		}
	}
	x.Promises += len(found)
	x.Shoppers = len(people)
	return err
}
