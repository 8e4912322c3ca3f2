package merchant

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// How long people stay signed in, in machine time: a paused world ends no
// session, and a fast one does not end them all.
const (
	SignInLife  = 15 * time.Minute   // of a link that was e-mailed
	SessionIdle = 12 * time.Hour     // since the last click
	SessionLife = 7 * 24 * time.Hour // since the link was used
)

// How many links an address may be sent within SignInLife.
const maxSignIns = 5

// stay is how old the note of somebody's last click may grow before it is
// written anew: not every click is worth a write.
const stay = 5 * time.Minute

// Seat is a place where somebody works: the holder of a link may take it.
type Seat struct {
	Merchant ident.Merchant
	Shop     string // the organisation's name
	Staff    Staff
}

// Session is somebody signed in.
type Session struct {
	Seat
	Began civil.Instant // machine time, as is the other
	Seen  civil.Instant
}

// AskSignIn makes a link that signs in whoever works under an address, and
// answers it to be e-mailed there. It does not look whether anybody does: the
// answer is the same for every address. Beyond five within their life there is
// no more of them: more is false. The fault is email_invalid.
//
// It belongs to no organisation: give it a write of none.
func AskSignIn(tx *flow.Tx, email string) (link ident.Link, more bool, err error) {
	if !mailbox.Formed(email) {
		return "", false, fault.New(fault.Invalid, "email_invalid", "email")
	}
	if err := tx.Do(sqlForgetSignIns, tx.Wall.Add(-SignInLife)); err != nil {
		return "", false, err
	}
	contact := mailbox.Hash(email)
	asked, _, err := db.One(tx.Tx, sqlSignInsAsked, db.Scalar[int], contact, tx.Wall.Add(-SignInLife))
	if err != nil || asked >= maxSignIns {
		return "", false, err
	}
	link = ident.NewLink(tx.Mint)
	return link, true, tx.Do(sqlAskSignIn, ident.Hash(string(link)), contact, tx.Wall, tx.Wall.Add(SignInLife))
}

// Seats is where the people of an address work, by organisation.
func Seats(tx *db.Tx, email string) ([]Seat, error) {
	return db.All(tx, sqlSeats, scanSeat, mailbox.Hash(email))
}

// SignIn is where the holder of a link may sit. Reading it uses nothing up:
// programs that scan letters open links too. The fault is link_expired, the same
// for a link that was used, that is too old, that nobody made, or whose address
// nobody works under.
func SignIn(tx *db.Tx, link ident.Link) ([]Seat, error) {
	seats, err := db.All(tx, sqlSignIn, scanSeat, ident.Hash(string(link)), tx.Wall)
	if err == nil && len(seats) == 0 {
		err = expired()
	}
	return seats, err
}

func expired() error { return fault.New(fault.NotFound, "link_expired", "") }

// TakeSeat uses a link up and opens a session at one of its seats. Two who use
// it at once: one wins. The fault is link_expired.
func TakeSeat(tx *flow.Tx, link ident.Link, m ident.Merchant) (token string, err error) {
	seats, err := SignIn(tx.Tx, link)
	if err != nil {
		return "", err
	}
	for _, s := range seats {
		if s.Merchant != m {
			continue
		}
		first, err := tx.Changed(sqlUseSignIn, ident.Hash(string(link)), tx.Wall)
		if err == nil && !first {
			err = expired()
		}
		if err != nil {
			return "", err
		}
		return OpenSession(tx, m, s.Staff.ID)
	}
	return "", expired()
}

// sessionPrefix marks session tokens, so that scanners of leaked secrets know one.
const sessionPrefix = "ses"

// OpenSession signs somebody in without a link: who they are was proved
// otherwise. The token is in the answer and nowhere else. The fault is not_found.
func OpenSession(tx *flow.Tx, m ident.Merchant, id ident.Staff) (token string, err error) {
	if err := tx.Do(sqlForgetSessions, m, tx.Wall.Add(-SessionIdle), tx.Wall.Add(-SessionLife)); err != nil {
		return "", err
	}
	token = ident.NewSecret(tx.Mint, sessionPrefix)
	works, err := tx.Changed(sqlOpenSession, m, ident.Hash(token), id, tx.Wall)
	if err == nil && !works {
		err = fault.New(fault.NotFound, "not_found", "staff")
	}
	return token, err
}

// SessionOf tells who holds a token. The fault is unauthorized, the same for a
// token that is unknown or over, and for somebody who was shown out.
func SessionOf(tx *db.Tx, token string) (Session, error) {
	s, ok, err := db.One(tx, sqlSession, scanSession, ident.Hash(token), tx.Wall.Add(-SessionIdle), tx.Wall.Add(-SessionLife))
	if err == nil && !ok {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return s, err
}

// Aging reports whether the note of the last click is old enough to be written anew.
func (s Session) Aging(wall civil.Instant) bool { return wall.Sub(s.Seen) > stay }

// Stay notes that the holder of a token is still there.
func Stay(tx *flow.Tx, m ident.Merchant, token string) error {
	return tx.Do(sqlStay, m, ident.Hash(token), tx.Wall)
}

// Leave ends a session. Ending it again changes nothing.
func Leave(tx *flow.Tx, m ident.Merchant, token string) error {
	return tx.Do(sqlLeave, m, ident.Hash(token))
}
