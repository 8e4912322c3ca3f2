package promise

import (
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// What is said of an incident goes to everybody it concerns, in the shop's own words:
// one stolen session could write to thousands. So who asked for it may not be who lets
// it go, where they are many. Dates reckon with an incident meanwhile; nobody is told.

// Release is whether an incident may be told.
type Release string

// The releases.
const (
	Counting Release = "counting" // whom it concerns is being counted
	Free     Release = "free"     // few enough: nobody has to let it
	Waiting  Release = "waiting"  // for a second person
	Released Release = "released"
	Refused  Release = "refused" // the second person said no: it can be corrected, or ended
)

// DefaultCrowd is how many people may be told without a second person.
const DefaultCrowd = 1000

func (c *Curves) crowd() int {
	if c.Crowd > 0 {
		return c.Crowd
	}
	return DefaultCrowd
}

// Crowded reports whether so many people are told of an incident once a second person
// let it.
func (c *Curves) Crowded(people int) bool { return people > c.crowd() }

// told reports whether the incident may be told.
func (i Incident) told() bool { return i.Release == Free || i.Release == Released }

// tellable are the current incidents that may be told.
func tellable(tx *db.Tx, m ident.Merchant) ([]Incident, error) {
	all, err := Current(tx, m)
	return slices.DeleteFunc(all, func(i Incident) bool { return !i.told() }), err
}

// count asks for the next page to be counted.
func (i Incident) count(tx *flow.Tx, m ident.Merchant, so reviewing) error {
	so.Incident, so.Revision, so.Counting = i.ID, i.revision, true
	return tx.Enqueue(m, ReviewErrand, fmt.Sprintf("%s/%d/count/%s", i.ID, i.revision, so.After), so)
}

// countedPage is a page of open promises, and those of them that an incident endangers.
type countedPage struct {
	so   reviewing
	page []Commitment
	in   weights
}

const (
	sqlWarnedAmong = `select commitment from promise_warning where merchant = $1 and cause = $2 and commitment in ($3)`
	sqlCounted     = `update promise_incident set release = $4, people = $5 where merchant = $1 and id = $2 and revision = $3 and release = 'counting'`
)

// counted adds a page, and after the last one says whether a second person is needed:
// where many are concerned, and somebody who was not warned of it yet.
func (c *Curves) counted(tx *flow.Tx, m ident.Merchant, i Incident, p countedPage) error {
	people, ids := map[ident.Shopper]bool{}, []ident.Commitment{}
	for _, d := range p.in {
		people[d.commitment.Shopper] = true
		ids = append(ids, d.commitment.ID)
	}
	warned, err := db.All(tx.Tx, sqlWarnedAmong, db.Scalar[ident.Commitment], m, i.ID, db.In(ids))
	if err != nil {
		return err
	}
	p.so.People, p.so.Fresh = p.so.People+len(people), p.so.Fresh+len(ids)-len(warned)
	if len(p.page) == pageOfReview {
		p.so.After = p.page[len(p.page)-1].ID
		return i.count(tx, m, p.so)
	}
	if c.Crowded(p.so.People) && p.so.Fresh > 0 {
		if err := tx.Do(sqlCounted, m, i.ID, i.revision, Waiting, p.so.People); err != nil {
			return err
		}
		return tx.Emit(m, string(m), fmt.Sprintf("%s/%d", i.ID, i.revision), fact.BroadcastHeld{Incident: i.body(), People: p.so.People})
	}
	if err := tx.Do(sqlCounted, m, i.ID, i.revision, Free, p.so.People); err != nil {
		return err
	}
	return i.look(tx, m, "")
}

// SeveralMay reports whether somebody besides who asked last may let an incident be told.
func SeveralMay(tx *db.Tx, m ident.Merchant, i Incident) (bool, error) {
	all, err := merchant.StaffOf(tx, m)
	return slices.ContainsFunc(all, func(s merchant.Staff) bool {
		return flow.ByStaff(s.ID) != i.AskedBy && s.Set.Allows(merchant.AmendPromises)
	}), err
}

// WaitingIncidents are those that wait for a second person.
func WaitingIncidents(tx *db.Tx, m ident.Merchant) ([]Incident, error) {
	all, err := Current(tx, m)
	return slices.DeleteFunc(all, func(i Incident) bool { return i.Release != Waiting || i.Ended != 0 }), err
}

const sqlAnswerRelease = `update promise_incident set release = $4, answered_by = $5, answered = $6, code = ''
	where merchant = $1 and id = $2 and revision = $3 and release = 'waiting'`

// Answer is the second person's yes or no to telling an incident. The faults are
// not_found, release_over where nothing waits any more, and release_own for who asked.
func Answer(tx *flow.Tx, m ident.Merchant, id ident.Incident, yes bool) error {
	i, err := GetIncident(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if tx.By() == i.AskedBy {
		return fault.New(fault.Forbidden, "release_own", "incident")
	}
	return i.answer(tx, m, yes)
}

func (i Incident) answer(tx *flow.Tx, m ident.Merchant, yes bool) error {
	to := Refused
	if yes {
		to = Released
	}
	if i.Ended != 0 {
		return releaseOver()
	}
	done, err := tx.Changed(sqlAnswerRelease, m, i.ID, i.revision, to, tx.By(), tx.Now)
	if err == nil && !done {
		err = releaseOver()
	}
	if err != nil {
		return err
	}
	occurrence := fmt.Sprintf("%s/%d", i.ID, i.revision)
	if !yes {
		return tx.Emit(m, string(m), occurrence, fact.BroadcastRefused{Incident: i.body()})
	}
	if err := tx.Emit(m, string(m), occurrence, fact.BroadcastReleased{Incident: i.body()}); err != nil {
		return err
	}
	return i.look(tx, m, "")
}

func releaseOver() error { return fault.New(fault.Conflict, "release_over", "incident") }

// aloneCode is what stands for the second person where nobody else works: a code that
// was e-mailed to the shop's own address.
type aloneCode struct {
	hash  string
	until civil.Instant // machine time
	tries int
	sent  int
}

// The bounds of such codes, in machine time: 25 tries of a million for one incident.
const (
	ReleaseLife  = 10 * time.Minute
	releaseTries = 5
	releaseCodes = 5
	million      = 1_000_000
)

const (
	sqlReleaseCode = `update promise_incident set code = $4, code_until = $5, code_tries = $6, codes = codes + 1
		where merchant = $1 and id = $2 and revision = $3 and release = 'waiting'`
	sqlReleaseMiss = `update promise_incident set code_tries = code_tries - 1 where merchant = $1 and id = $2 and code_tries > 0`
)

func (i Incident) digest(m ident.Merchant, digits string) string {
	return ident.Hash(fmt.Sprintf("release\x00%s\x00%s\x00%d\x00%s", m, i.ID, i.revision, digits))
}

// ReleaseCode makes a code that lets an incident be told, to be e-mailed to the shop.
// The faults are not_found, release_over, release_by_colleague where somebody else
// works there, and release_codes after five.
func ReleaseCode(tx *flow.Tx, m ident.Merchant, id ident.Incident) (digits string, err error) {
	i, err := alone(tx.Tx, m, id)
	switch {
	case err != nil:
		return "", err
	case i.code.sent >= releaseCodes:
		return "", fault.New(fault.Conflict, "release_codes", "code")
	}
	var b [8]byte
	tx.Mint.Read(b[:])
	n := uint64(0)
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	digits = fmt.Sprintf("%06d", n%million) // of 2^64: no code is likelier by more than one in 10^13
	return digits, tx.Do(sqlReleaseCode, m, id, i.revision, i.digest(m, digits), tx.Wall.Add(ReleaseLife), releaseTries)
}

// alone reads an incident that waits in a shop where nobody else works.
func alone(tx *db.Tx, m ident.Merchant, id ident.Incident) (Incident, error) {
	i, err := GetIncident(tx, m, id)
	if err != nil {
		return i, err
	}
	if i.Release != Waiting || i.Ended != 0 {
		return i, releaseOver()
	}
	several, err := SeveralMay(tx, m, i)
	if err == nil && several {
		err = fault.New(fault.Forbidden, "release_by_colleague", "incident")
	}
	return i, err
}

// ReleaseAlone lets an incident be told by the code. A wrong try is counted, so a code
// that is wrong is no error and the caller must let the transaction commit: no says
// what is wrong, release_code. The faults are those of ReleaseCode.
func ReleaseAlone(tx *flow.Tx, m ident.Merchant, id ident.Incident, typed string) (no *fault.Error, err error) {
	i, err := alone(tx.Tx, m, id)
	if err != nil {
		return nil, err
	}
	digits := strings.Join(strings.Fields(typed), "")
	open := i.code.hash != "" && tx.Wall < i.code.until && i.code.tries > 0
	if !open || subtle.ConstantTimeCompare([]byte(i.digest(m, digits)), []byte(i.code.hash)) == 0 {
		return fault.New(fault.Invalid, "release_code", "code"), tx.Do(sqlReleaseMiss, m, id)
	}
	return nil, i.answer(tx, m, true)
}
