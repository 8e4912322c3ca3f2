package shopper

import (
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// The bounds of a one-time code, in machine time. Of a million codes an attacker
// tries five, three times an hour: one chance in 67,000.
const (
	codeLife   = 10 * time.Minute
	codeTries  = 5
	codeHour   = time.Hour
	codeSends  = 3
	codeDigits = 6
)

// Code is a one-time code on its way to the shopper.
type Code struct {
	Digits  string        // six of them; in the letter and nowhere else
	Name    string        // one of a kind: the cause of the letter that carries it
	Expires civil.Instant // machine time
}

// Check is what became of a code that somebody typed.
type Check string

// The outcomes. Only Right opens anything.
const (
	Right   Check = "right"
	Wrong   Check = "wrong"
	Expired Check = "expired"
	Used    Check = "used"    // it opened once already
	Spent   Check = "spent"   // wrong too often
	Missing Check = "missing" // none was sent for the purpose
)

// SendCode makes a one-time code for a purpose, such as "cancel ord_…": whoever
// types it reads the shopper's mail. It lives ten minutes and takes the place of
// the one before; its hash is kept, bound to the purpose. Sending it is the
// caller's affair. The faults are not_found and codes_exhausted, after three in
// an hour over all purposes.
func SendCode(tx *flow.Tx, m ident.Merchant, shopper ident.Shopper, purpose string) (Code, error) {
	if _, err := Get(tx.Tx, m, shopper); err != nil {
		return Code{}, err
	}
	s, _, err := db.One(tx.Tx, sqlCodesSent, scanSendings, m, shopper, tx.Wall.Add(-codeHour))
	if err != nil {
		return Code{}, err
	}
	if s.recent >= codeSends {
		return Code{}, fault.New(fault.TooMany, "codes_exhausted", "code", "wait", s.since.Add(codeHour).Sub(tx.Wall)+time.Minute)
	}
	c := code{shopper: shopper, purpose: purpose, number: s.last + 1}
	digits := sixDigits(tx.Mint)
	expires := tx.Wall.Add(codeLife)
	name := fmt.Sprintf("%s/%d", shopper, c.number)
	return Code{digits, name, expires}, tx.Do(sqlInsertCode, m, shopper, c.number, purpose, c.digest(m, digits), tx.Wall, expires, codeTries)
}

// CodeExpires is until when, in machine time, the code sent last for a purpose
// may be typed; zero when there is none that opens.
func CodeExpires(tx *db.Tx, m ident.Merchant, shopper ident.Shopper, purpose string) (civil.Instant, error) {
	c, ok, err := db.One(tx, sqlCode, scanCode, m, shopper, purpose)
	if err != nil || !ok || c.state(tx.Wall) != Wrong {
		return 0, err
	}
	return c.expires, nil
}

// CheckCode holds what was typed against the code sent last for a purpose. A
// wrong try of six digits is counted, and a right one spends the code: so an
// outcome is no error, and the caller must let the transaction commit. left is
// how many tries remain after a wrong one.
func CheckCode(tx *flow.Tx, m ident.Merchant, shopper ident.Shopper, purpose, typed string) (outcome Check, left int, err error) {
	c, ok, err := db.One(tx.Tx, sqlCode, scanCode, m, shopper, purpose)
	if err != nil {
		return "", 0, err
	}
	if !ok {
		return Missing, 0, nil
	}
	c.shopper, c.purpose = shopper, purpose
	if outcome := c.state(tx.Wall); outcome != Wrong {
		return outcome, 0, nil
	}
	digits := onlyDigits(typed)
	if len(digits) != codeDigits { // a slip, and no guess
		return Wrong, int(c.tries), nil
	}
	if subtle.ConstantTimeCompare([]byte(c.digest(m, digits)), []byte(c.hash)) == 1 {
		won, err := tx.Changed(sqlUseCode, m, shopper, c.number, tx.Wall)
		if err == nil && !won {
			return Used, 0, nil
		}
		return Right, 0, err
	}
	if err := tx.Do(sqlMissCode, m, shopper, c.number); err != nil {
		return "", 0, err
	}
	if c.tries == 1 {
		return Spent, 0, nil
	}
	return Wrong, int(c.tries - 1), nil
}

// code is one as kept.
type code struct {
	shopper ident.Shopper
	purpose string
	number  int64
	hash    string
	expires civil.Instant
	tries   int64
	used    civil.Instant
}

// digest is what is kept of the digits. It says what they are for and which
// sending it was, so that no other row tells what they are.
func (c code) digest(m ident.Merchant, digits string) string {
	return ident.Hash(fmt.Sprintf("code\x00%s\x00%s\x00%d\x00%s\x00%s", m, c.shopper, c.number, c.purpose, digits))
}

// state is why the code opens nothing; Wrong as long as it may be tried.
func (c code) state(now civil.Instant) Check {
	switch {
	case !c.used.IsZero():
		return Used
	case c.tries <= 0:
		return Spent
	case !now.Before(c.expires):
		return Expired
	default:
		return Wrong
	}
}

// sixDigits draws a code, each as likely as another: draws above the last whole
// million are thrown back.
func sixDigits(m *ident.Mint) string {
	const million = 1_000_000
	for {
		var b [4]byte
		m.Read(b[:])
		if n := binary.BigEndian.Uint32(b[:]); n < (1<<32-1)/million*million {
			return fmt.Sprintf("%0*d", codeDigits, n%million)
		}
	}
}

// onlyDigits is what was typed without the spaces and hyphens that people and
// telephones put between figures.
func onlyDigits(typed string) string {
	const enough = 40
	out := make([]byte, 0, codeDigits)
	for i := range min(len(typed), enough) {
		if c := typed[i]; c >= '0' && c <= '9' {
			out = append(out, c)
		}
	}
	return string(out)
}

// sendings is how often a shopper was sent a code.
type sendings struct {
	last   int64         // number of the last one, ever
	recent int           // in the last hour
	since  civil.Instant // the first of those
}

// Masked is the e-mail address as it is shown to whoever holds no more than a
// link: enough for its owner to know which mailbox to open.
func (c Contact) Masked() string {
	at := strings.LastIndexByte(c.Email, '@')
	if at < 1 {
		return ""
	}
	_, first := utf8.DecodeRuneInString(c.Email)
	return c.Email[:first] + "•••" + c.Email[at:]
}
