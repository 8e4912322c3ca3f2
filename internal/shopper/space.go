package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// A space is what one human sees of all shops that know an address of theirs: who
// reads its mail is let in by a link, and sees the shops at which they consented.

// How long a space is open, in machine time.
const (
	SignInLife = 15 * time.Minute    // of a link that was e-mailed
	SpaceIdle  = 30 * 24 * time.Hour // since the last visit
	SpaceFresh = 30 * time.Minute    // since the link was used: as long, its holder may act without a code
)

const (
	maxSignIns = 5 // links sent to an address within SignInLife
	stay       = time.Hour
)

// Visit is somebody in their space.
type Visit struct {
	Email string        // folded; they read its mail
	Began civil.Instant // machine time, as is the other
	Seen  civil.Instant
}

// Place is a shop that knows an address, and as whom.
type Place struct {
	Merchant ident.Merchant
	Contact
}

// AskSpace makes a link that opens the space of an address, and answers it to be
// e-mailed there. It does not look whether any shop knows the address: the answer
// is the same for every one. Beyond five within their life there is no more of
// them: more is false. The fault is email_invalid.
//
// It belongs to no merchant: give it a write of none.
func AskSpace(tx *flow.Tx, email string) (link ident.Link, more bool, err error) {
	if !mailbox.Formed(email) {
		return "", false, fault.New(fault.Invalid, "email_invalid", "email")
	}
	if err := tx.Do(sqlForgetSignIns, tx.Wall.Add(-SignInLife)); err != nil {
		return "", false, err
	}
	asked, _, err := db.One(tx.Tx, sqlSignInsAsked, db.Scalar[int], Fold(email), tx.Wall.Add(-SignInLife))
	if err != nil || asked >= maxSignIns {
		return "", false, err
	}
	link = ident.NewLink(tx.Mint)
	return link, true, tx.Do(sqlAskSpace, ident.Hash(string(link)), Fold(email), tx.Wall, tx.Wall.Add(SignInLife))
}

// SpaceBehind is the address whose space a link opens. Reading it uses nothing
// up: programs that scan letters open links too. The fault is link_expired, the
// same for a link that was used, that is too old, or that nobody made.
func SpaceBehind(tx *db.Tx, link ident.Link) (email string, err error) {
	email, ok, err := db.One(tx, sqlSpaceBehind, db.Scalar[string], ident.Hash(string(link)), tx.Wall)
	if err == nil && !ok {
		err = spaceOver()
	}
	return email, err
}

func spaceOver() error { return fault.New(fault.NotFound, "link_expired", "") }

// EnterSpace uses a link up and opens a session, whose token is in the answer and
// nowhere else. Two who use a link at once: one wins. Run it in a write of the
// merchants of Places: each is told that its shopper signed in, and nothing of
// where else. The fault is link_expired.
func EnterSpace(tx *flow.Tx, link ident.Link) (token string, err error) {
	email, err := SpaceBehind(tx.Tx, link)
	if err != nil {
		return "", err
	}
	hash := ident.Hash(string(link))
	first, err := tx.Changed(sqlUseSpace, hash, tx.Wall)
	if err == nil && !first {
		err = spaceOver()
	}
	if err != nil {
		return "", err
	}
	return openSpace(tx, email, hash)
}

// openSpace opens a session for whoever showed that they read an address's mail, once
// for each such proof.
func openSpace(tx *flow.Tx, email, proof string) (token string, err error) {
	if err := tx.Do(sqlForgetSpaces, tx.Wall.Add(-SpaceIdle)); err != nil {
		return "", err
	}
	token = ident.NewSecret(tx.Mint, spacePrefix)
	if err := tx.Do(sqlOpenSpace, ident.Hash(token), email, tx.Wall); err != nil {
		return "", err
	}
	known, err := Places(tx.Tx, email)
	for _, p := range known {
		if p.Person == "" {
			continue
		}
		if err := tx.Emit(p.Merchant, string(p.ID), ident.Hash(proof+string(p.ID)), fact.ShopperSignedIn{Shopper: p.ID}); err != nil {
			return "", err
		}
	}
	return token, err
}

// spacePrefix marks the tokens, so that scanners of leaked secrets know one.
const spacePrefix = "esp"

// VisitOf tells who holds a token. The fault is unauthorized, the same for a
// token that is unknown or over.
func VisitOf(tx *db.Tx, token string) (Visit, error) {
	v, ok, err := db.One(tx, sqlVisit, scanVisit, ident.Hash(token), tx.Wall.Add(-SpaceIdle))
	if err == nil && !ok {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return v, err
}

// Aging reports whether the note of the last visit is old enough to be written anew.
func (v Visit) Aging(wall civil.Instant) bool { return wall.Sub(v.Seen) > stay }

// Until is when its holder stops being known well enough to act without a code.
func (v Visit) Until() civil.Instant { return v.Began.Add(SpaceFresh) }

// Stay notes that the holder of a token is still there.
func Stay(tx *flow.Tx, token string) error { return tx.Do(sqlStaySpace, ident.Hash(token), tx.Wall) }

// Leave ends a session. Ending it again changes nothing.
func Leave(tx *flow.Tx, token string) error { return tx.Do(sqlLeaveSpace, ident.Hash(token)) }

// LeaveEverywhere ends all sessions of an address, and the links under way.
func LeaveEverywhere(tx *flow.Tx, email string) error {
	if err := tx.Do(sqlLeaveSpaces, Fold(email)); err != nil {
		return err
	}
	if err := tx.Do(sqlDropMoves, Fold(email)); err != nil {
		return err
	}
	return tx.Do(sqlDropSignIns, Fold(email))
}

// Places are the shops that know an address. Only those whose contact has a
// person may be shown to whoever reads its mail as theirs: the others, a shopper
// has to consent first.
func Places(tx *db.Tx, email string) ([]Place, error) {
	return db.All(tx, sqlPlaces, scanPlace, Fold(email))
}

// InvitedAlready reports whether an invitation to a shopper still opens: another one
// would say nothing new.
func InvitedAlready(tx *db.Tx, m ident.Merchant, s ident.Shopper) (bool, error) {
	_, ok, err := db.One(tx, sqlPending, db.Scalar[int], m, s, tx.Wall)
	return ok, err
}

const (
	sqlForgetSignIns = `-- across merchants: links to a space belong to no merchant
		delete from shopper_signin where until < $1`
	sqlSignInsAsked = `-- across merchants: links to a space belong to no merchant
		select count(*) from shopper_signin where folded = $1 and asked > $2`
	sqlAskSpace = `-- across merchants: links to a space belong to no merchant
		insert into shopper_signin (hash, folded, asked, until) values ($1, $2, $3, $4)`
	sqlSpaceBehind = `-- across merchants: links to a space belong to no merchant
		select folded from shopper_signin where hash = $1 and until > $2 and used is null`
	sqlUseSpace = `-- across merchants: links to a space belong to no merchant
		update shopper_signin set used = $2 where hash = $1 and used is null`
	sqlDropSignIns = `-- across merchants: links to a space belong to no merchant
		delete from shopper_signin where folded = $1`
	sqlDropMoves = `-- across merchants: an address that is being changed belongs to no merchant
		delete from shopper_move where folded = $1 and used is null`
	sqlForgetSpaces = `-- across merchants: a space belongs to no merchant
		delete from shopper_session where seen < $1`
	sqlOpenSpace = `-- across merchants: a space belongs to no merchant
		insert into shopper_session (hash, folded, began, seen) values ($1, $2, $3, $3)`
	sqlVisit = `-- across merchants: a space belongs to no merchant
		select folded, began, seen from shopper_session where hash = $1 and seen > $2`
	sqlStaySpace = `-- across merchants: a space belongs to no merchant
		update shopper_session set seen = $2 where hash = $1`
	sqlLeaveSpace = `-- across merchants: a space belongs to no merchant
		delete from shopper_session where hash = $1`
	sqlLeaveSpaces = `-- across merchants: a space belongs to no merchant
		delete from shopper_session where folded = $1`
	sqlPlaces = `-- across merchants: who proved to read an address's mail sees the shops at which they consented
		select s.merchant, s.id, s.email, s.name, s.phone, s.locale, coalesce(c.person, '')
		from shopper_contact s
		left join shopper_consent c on c.merchant = s.merchant and c.shopper = s.id and c.withdrawn is null
		where s.folded = $1 order by s.merchant`
	sqlPending = `select 1 from shopper_link where merchant = $1 and shopper = $2 and used is null and expires > $3 limit 1`
)

func scanVisit(r db.Row) (v Visit, err error) {
	err = r.Scan(&v.Email, &v.Began, &v.Seen)
	return v, err
}

func scanPlace(r db.Row) (p Place, err error) {
	err = r.Scan(&p.Merchant, &p.ID, &p.Email, &p.Name, &p.Phone, &p.Locale, &p.Person)
	return p, err
}
