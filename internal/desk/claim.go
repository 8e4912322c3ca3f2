package desk

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// ClaimState is where a claim stands.
type ClaimState string

// The states.
const (
	ClaimOpen      ClaimState = "open"      // a person is to decide
	ClaimDecided   ClaimState = "decided"   // one did
	ClaimContested ClaimState = "contested" // a second person is to
	ClaimClosed    ClaimState = "closed"    // one did: the shop's last word
)

// Claim is what a shopper says went wrong with an order.
type Claim struct {
	ID       ident.Claim
	Number   int    // the how manieth about its order: see Name
	Key      string // of the form or call that raised it: sent twice is raised once
	Order    ident.Order
	Parcel   ident.Parcel // empty: all that was sent
	Shopper  ident.Shopper
	What     fact.ClaimKind
	Locale   lang.Locale
	State    ClaimState
	Opened   civil.Instant
	Opener   flow.Actor
	Question ident.Said    // the message that began the last wait
	AnswerBy civil.Instant // exclusive: of the last wait
	Value    money.Amount  // of the order: what is at stake
	Outcome  fact.Outcome  // of the last decision; empty: there was none
	Liable   fact.Party    // likewise
	Decider  flow.Actor    // the first person; empty: nobody decided yet
	Decided  civil.Instant // the last time
	said     int64
}

// ClaimAct is what an entry of a claim's file is.
type ClaimAct string

// The acts.
const (
	ActOpened    ClaimAct = "opened"
	ActAdded     ClaimAct = "added"     // by the shopper
	ActAsked     ClaimAct = "asked"     // of the carrier or the shop: what they know
	ActGiven     ClaimAct = "given"     // what one of them said
	ActDecided   ClaimAct = "decided"   // by the first person
	ActContested ClaimAct = "contested" // by the shopper
	ActReviewed  ClaimAct = "reviewed"  // by the second person
)

// ClaimEntry is one entry of a claim's file. Rows are only ever added.
type ClaimEntry struct {
	ID      ident.Said
	Act     ClaimAct
	Party   fact.Party // whose words they are; of an act asked, who was asked
	Actor   flow.Actor // who wrote them down
	Via     fact.Via
	Words   string
	Photos  []ident.Blob
	Outcome fact.Outcome // of a decision
	Liable  fact.Party   // likewise
	Goods   []fact.Units // likewise: whose price is given back
	At      civil.Instant
}

// Name is what people call the claim by, of the order's reference.
func (c Claim) Name(reference string) string { return fmt.Sprintf("%s/R%d", reference, c.Number) }

// Questions are the messages of a file that a decision is owed to: the claim, and
// why it is contested.
func Questions(file []ClaimEntry) (ids []ident.Said) {
	for _, e := range file {
		if e.Act == ActOpened || e.Act == ActContested {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// Waits reports whether a person's decision is awaited.
func (c Claim) Waits() bool { return c.State == ClaimOpen || c.State == ClaimContested }

// Contestable reports whether the shopper may ask for a second person.
func (c Claim) Contestable() bool { return c.State == ClaimDecided && c.Outcome != fact.InFull }

// told is what every fact about the claim says of it.
func (c Claim) told() fact.Complaint {
	return fact.Complaint{Claim: c.ID, Order: c.Order, Shopper: c.Shopper, Parcel: c.Parcel, What: c.What}
}

func (c Claim) emit(tx *flow.Tx, m ident.Merchant, occurrence string, body fact.Body) error {
	return tx.Emit(m, string(c.Order), occurrence, body)
}

// Raising is a claim as it is sent.
type Raising struct {
	Key    string // sent twice under it is raised once
	Order  ident.Order
	Parcel ident.Parcel   // empty: all that was sent, or nobody knows
	What   fact.ClaimKind // empty: in plain words alone
	Via    fact.Via
	Words  string
	Photos []ident.Blob
	By     ident.Staff // who enters it in the shopper's name; empty: whoever acts
}

// Raise opens a claim. No time has to pass first, and nothing has to be due. What
// was sent before under the key, or in the same words about the same order and
// still waits, is that claim. The faults are not_found (also for a parcel of
// another order), claims_waiting, unknown_value, photo_unknown and those of the words.
func Raise(tx *flow.Tx, m ident.Merchant, in Raising) (Claim, error) {
	in.Words, in.What = text.Lines(in.Words), cmp.Or(in.What, fact.ClaimOther)
	if err := in.check(); err != nil {
		return Claim{}, err
	}
	if c, ok, err := claimByKey(tx.Tx, m, in.Key); err != nil || ok {
		return c, err
	}
	c, again, err := in.open(tx, m)
	if err != nil || again {
		return c, err
	}
	if err := c.write(tx, m); err != nil {
		return c, err
	}
	e := ClaimEntry{ID: c.Question, Act: ActOpened, Party: fact.ByShopper, Actor: c.Opener, Via: in.Via, Words: in.Words, Photos: in.Photos}
	if err := c.enter(tx, m, e); err != nil {
		return c, err
	}
	return c, c.emit(tx, m, string(c.ID), fact.ClaimRaised{Complaint: c.told(), Question: c.Question, Via: in.Via, AnswerBy: c.AnswerBy})
}

func (in Raising) check() error {
	var faults fault.List
	text.Required(&faults, "key", in.Key, maxKey)
	checkVia(&faults, in.Via)
	checkWhat(&faults, in.What)
	checkWords(&faults, in.Words, in.Photos)
	return faults.Err()
}

func checkWhat(faults *fault.List, k fact.ClaimKind) {
	if !slices.Contains(fact.ClaimKinds, k) {
		faults.Add(fault.Invalid, "unknown_value", "what", "value", string(k), "known", fact.ClaimKinds)
	}
}

// open is the claim that was sent, or the one that says the same already.
func (in Raising) open(tx *flow.Tx, m ident.Merchant) (c Claim, again bool, err error) {
	o, err := order.Get(tx.Tx, m, in.Order)
	if err != nil {
		return c, false, err
	}
	if err := sentTo(tx.Tx, m, in.Order, in.Parcel); err != nil {
		return c, false, err
	}
	if err := knownPhotos(tx.Tx, m, in.Photos); err != nil {
		return c, false, err
	}
	before, err := ClaimsOf(tx.Tx, m, []ident.Order{in.Order})
	if err != nil {
		return c, false, err
	}
	if c, again, err = in.said(tx.Tx, m, before[in.Order]); err != nil || again {
		return c, again, err
	}
	c = Claim{
		ID: ident.New[ident.Claim](tx.Mint), Number: len(before[in.Order]) + 1, Key: in.Key, Order: in.Order, Parcel: in.Parcel, Shopper: o.Shopper, What: in.What, Locale: o.Locale,
		State: ClaimOpen, Opened: tx.Now, Opener: tx.By(), Question: ident.New[ident.Said](tx.Mint), Value: o.Value,
	}
	if in.By != "" {
		c.Opener = flow.ByStaff(in.By)
	}
	c.AnswerBy, err = Due(tx.Tx, m)
	return c, false, err
}

// said finds the claim about the order that waits and says the same, and refuses
// one more when too many wait.
func (in Raising) said(tx *db.Tx, m ident.Merchant, before []Claim) (c Claim, same bool, err error) {
	waiting := 0
	for _, c := range before {
		if !c.Waits() {
			continue
		}
		waiting++
		file, err := ClaimFile(tx, m, c.ID)
		if err != nil {
			return c, false, err
		}
		if c.What == in.What && c.Parcel == in.Parcel && len(file) > 0 && file[0].Words == in.Words {
			return c, true, nil
		}
	}
	if waiting >= maxWaiting {
		return c, false, fault.New(fault.TooMany, "claims_waiting", "order", "limit", maxWaiting)
	}
	return c, false, nil
}

// sentTo refuses a parcel that was not sent for the order.
func sentTo(tx *db.Tx, m ident.Merchant, o ident.Order, p ident.Parcel) error {
	if p == "" {
		return nil
	}
	of, err := order.Parcels(tx, m, []ident.Order{o})
	if err == nil && !slices.ContainsFunc(of[o], func(x order.Parcel) bool { return x.ID == p && x.Direction == fact.Out }) {
		err = fault.New(fault.NotFound, "not_found", "parcel")
	}
	return err
}

// knownPhotos refuses photos that were never kept.
func knownPhotos(tx *db.Tx, m ident.Merchant, ids []ident.Blob) error {
	if len(ids) == 0 {
		return nil
	}
	known, err := blob.Known(tx, m, ids)
	if err != nil {
		return err
	}
	var faults fault.List
	for i, id := range ids {
		if !known[id] {
			faults.Add(fault.NotFound, "photo_unknown", fmt.Sprintf("photos[%d]", i))
		}
	}
	return faults.Err()
}

// Sort notes what a claim is about, once a person has read it: the shopper need
// not know our words for it. The faults are not_found, claim_decided and unknown_value.
func Sort(tx *flow.Tx, m ident.Merchant, id ident.Claim, what fact.ClaimKind, parcel ident.Parcel) (Claim, error) {
	var faults fault.List
	checkWhat(&faults, what)
	if err := faults.Err(); err != nil {
		return Claim{}, err
	}
	c, err := GetClaim(tx.Tx, m, id)
	if err != nil || c.What == what && c.Parcel == parcel {
		return c, err
	}
	if c.State != ClaimOpen {
		return c, fault.New(fault.Conflict, "claim_decided", "claim")
	}
	if err := sentTo(tx.Tx, m, c.Order, parcel); err != nil {
		return c, err
	}
	c.What, c.Parcel = what, parcel
	if err := c.save(tx, m, c.said); err != nil {
		return c, err
	}
	return c, c.emit(tx, m, string(ident.New[ident.Fact](tx.Mint)), fact.ClaimSorted{Complaint: c.told()})
}

// Statement is what somebody says in a claim, with what shows it.
type Statement struct {
	By     fact.Party // shopper; carrier or merchant: what they know
	Via    fact.Via
	Words  string
	Photos []ident.Blob
}

func (s Statement) check(tx *db.Tx, m ident.Merchant) error {
	var faults fault.List
	checkVia(&faults, s.Via)
	checkWords(&faults, s.Words, s.Photos)
	if err := faults.Err(); err != nil {
		return err
	}
	return knownPhotos(tx, m, s.Photos)
}

// Tell adds to a claim that waits: more of the shopper's, or the evidence of the
// carrier or the shop. The same words of the same party twice running are said
// once. The faults are not_found, claim_decided, claim_full and those of the words.
func Tell(tx *flow.Tx, m ident.Merchant, id ident.Claim, s Statement) (Claim, error) {
	s.Words = text.Lines(s.Words)
	c, file, err := waitingClaim(tx.Tx, m, id)
	if err != nil {
		return c, err
	}
	if s.By != fact.ByShopper {
		if err := witness(s.By); err != nil {
			return c, err
		}
	}
	if err := s.check(tx.Tx, m); err != nil {
		return c, err
	}
	if last := file[len(file)-1]; last.Act != ActAsked && last.Party == s.By && last.Words == s.Words && len(s.Photos) == 0 {
		return c, nil
	}
	e := ClaimEntry{ID: ident.New[ident.Said](tx.Mint), Act: ActAdded, Party: s.By, Actor: tx.By(), Via: s.Via, Words: s.Words, Photos: s.Photos}
	if s.By == fact.ByShopper {
		return c, c.enter(tx, m, e)
	}
	e.Act = ActGiven
	if err := c.enter(tx, m, e); err != nil {
		return c, err
	}
	return c, c.emit(tx, m, string(e.ID), fact.EvidenceGiven{Complaint: c.told(), By: s.By})
}

// witness refuses parties that are asked for no evidence.
func witness(p fact.Party) error {
	asked := []fact.Party{fact.ByCarrier, fact.ByMerchant}
	if !slices.Contains(asked, p) {
		return fault.New(fault.Invalid, "unknown_value", "of", "value", string(p), "known", asked)
	}
	return nil
}

// AskEvidence notes that the carrier, or the shop, was asked what they know, in
// which words. Asking moves no deadline: the shopper's is the shop's. The faults
// are not_found, claim_decided, claim_full, unknown_value and those of the words.
func AskEvidence(tx *flow.Tx, m ident.Merchant, id ident.Claim, of fact.Party, words string) (Claim, error) {
	words = text.Lines(words)
	if err := witness(of); err != nil {
		return Claim{}, err
	}
	c, file, err := waitingClaim(tx.Tx, m, id)
	if err != nil {
		return c, err
	}
	var faults fault.List
	checkWords(&faults, words, nil)
	if err := faults.Err(); err != nil {
		return c, err
	}
	if last := file[len(file)-1]; last.Act == ActAsked && last.Party == of && last.Words == words {
		return c, nil
	}
	e := ClaimEntry{ID: ident.New[ident.Said](tx.Mint), Act: ActAsked, Party: of, Actor: tx.By(), Via: fact.ViaPage, Words: words}
	if err := c.enter(tx, m, e); err != nil {
		return c, err
	}
	return c, c.emit(tx, m, string(e.ID), fact.EvidenceAsked{Complaint: c.told(), Of: of})
}

// waitingClaim is a claim that is not decided, and its file.
func waitingClaim(tx *db.Tx, m ident.Merchant, id ident.Claim) (c Claim, file []ClaimEntry, err error) {
	if c, err = GetClaim(tx, m, id); err != nil {
		return c, nil, err
	}
	switch {
	case !c.Waits():
		return c, nil, fault.New(fault.Conflict, "claim_decided", "claim")
	case c.said >= maxSaid:
		return c, nil, fault.New(fault.TooMany, "claim_full", "claim", "limit", maxSaid)
	}
	file, err = ClaimFile(tx, m, id)
	return c, file, err
}
