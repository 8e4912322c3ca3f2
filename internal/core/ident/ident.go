// Package ident makes the names of things: one Go type per noun, so that a
// parcel's id can not be passed where an order's is meant; secrets that people
// hold (links, keys); and the hashes under which we keep them.
//
// An id is a prefix and 26 characters of Crockford base32: the instant in
// microseconds (52 bits), a sequence within that instant (20), 56 random bits.
// Ids made later sort later, which keeps secondary indexes dense. Ids are not
// secrets; links and keys are, and carry at least 128 random bits.
package ident

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// The nouns. Merchant names an organisation of either kind: rows a network
// writes carry the network's.
type (
	Merchant     string
	Key          string
	StockPoint   string
	Policy       string
	Grant        string
	Shopper      string
	Person       string
	Order        string
	Line         string
	Parcel       string
	Share        string
	Tariff       string
	Connection   string
	Service      string
	Standard     string
	Raw          string
	Event        string
	Quote        string
	Commitment   string
	Verdict      string
	Warning      string
	Remedy       string
	RemedyLine   string
	Message      string
	Journal      string
	Fact         string
	Errand       string
	Shortage     string
	Booking      string
	Early        string
	Change       string
	Regroup      string
	Staff        string
	Inquiry      string
	Estimate     string
	Point        string
	Return       string
	ReturnItem   string
	Label        string
	Deposit      string
	Decision     string
	Dispute      string
	Withdrawal   string
	Demand       string
	Refund       string
	Blob         string
	Endpoint     string
	Delivery     string
	Finding      string
	Device       string
	Member       string
	Shift        string
	Scan         string
	Hold         string
	Browser      string
	Conversation string
	Said         string
	Reply        string
	Claim        string
	Stop         string
	Visit        string
	Template     string
	Incident     string
)

// ID is any of the nouns above.
type ID interface {
	~string
	Prefix() string
}

// Prefix methods give each noun the three or four letters people see in front of it.
func (Merchant) Prefix() string     { return "mer" }
func (Key) Prefix() string          { return "key" }
func (StockPoint) Prefix() string   { return "stk" }
func (Policy) Prefix() string       { return "pol" }
func (Grant) Prefix() string        { return "grt" }
func (Shopper) Prefix() string      { return "shp" }
func (Person) Prefix() string       { return "per" }
func (Order) Prefix() string        { return "ord" }
func (Line) Prefix() string         { return "lin" }
func (Parcel) Prefix() string       { return "par" }
func (Tariff) Prefix() string       { return "tar" }
func (Connection) Prefix() string   { return "con" }
func (Service) Prefix() string      { return "srv" }
func (Standard) Prefix() string     { return "std" }
func (Raw) Prefix() string          { return "raw" }
func (Event) Prefix() string        { return "evt" }
func (Quote) Prefix() string        { return "quo" }
func (Commitment) Prefix() string   { return "com" }
func (Verdict) Prefix() string      { return "ver" }
func (Warning) Prefix() string      { return "war" }
func (Remedy) Prefix() string       { return "rem" }
func (RemedyLine) Prefix() string   { return "rml" }
func (Message) Prefix() string      { return "msg" }
func (Journal) Prefix() string      { return "jou" }
func (Fact) Prefix() string         { return "fct" }
func (Errand) Prefix() string       { return "err" }
func (Shortage) Prefix() string     { return "sho" }
func (Booking) Prefix() string      { return "bok" }
func (Early) Prefix() string        { return "ear" }
func (Change) Prefix() string       { return "chg" }
func (Regroup) Prefix() string      { return "rgp" }
func (Staff) Prefix() string        { return "stf" }
func (Inquiry) Prefix() string      { return "inq" }
func (Estimate) Prefix() string     { return "est" }
func (Point) Prefix() string        { return "pnt" }
func (Return) Prefix() string       { return "ret" }
func (ReturnItem) Prefix() string   { return "rit" }
func (Label) Prefix() string        { return "lab" }
func (Deposit) Prefix() string      { return "dep" }
func (Decision) Prefix() string     { return "dec" }
func (Dispute) Prefix() string      { return "dsp" }
func (Withdrawal) Prefix() string   { return "wdr" }
func (Demand) Prefix() string       { return "dem" }
func (Refund) Prefix() string       { return "rfd" }
func (Blob) Prefix() string         { return "blb" }
func (Endpoint) Prefix() string     { return "ept" }
func (Delivery) Prefix() string     { return "dlv" }
func (Finding) Prefix() string      { return "fnd" }
func (Device) Prefix() string       { return "dev" }
func (Member) Prefix() string       { return "mbr" }
func (Shift) Prefix() string        { return "shf" }
func (Scan) Prefix() string         { return "scn" }
func (Browser) Prefix() string      { return "brw" }
func (Hold) Prefix() string         { return "hld" }
func (Conversation) Prefix() string { return "cnv" }
func (Said) Prefix() string         { return "sai" }
func (Reply) Prefix() string        { return "rpl" }
func (Share) Prefix() string        { return "sha" }
func (Claim) Prefix() string        { return "clm" }
func (Stop) Prefix() string         { return "stp" }
func (Visit) Prefix() string        { return "vis" }
func (Template) Prefix() string     { return "tpl" }
func (Incident) Prefix() string     { return "inc" }

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Mint makes ids for one writing transaction. It is not safe for concurrent
// use; a transaction is not either.
type Mint struct {
	now  civil.Instant
	n    uint32
	rand io.Reader
}

// NewMint starts a mint at an instant and a place in its sequence, over a
// source of randomness: the operating system's in service, a seeded one in
// simulation.
func NewMint(now civil.Instant, n uint32, rand io.Reader) *Mint {
	return &Mint{now: now, n: n, rand: rand}
}

// Sequence is where a mint for the same instant should go on.
func (m *Mint) Sequence() uint32 { return m.n }

// New makes the next id of a noun.
func New[T ID](m *Mint) T {
	var zero T
	return T(zero.Prefix() + "_" + m.next())
}

func (m *Mint) next() string {
	var b [16]byte
	t := uint64(m.now-epoch) & (1<<52 - 1)
	binary.BigEndian.PutUint64(b[:8], t<<12|uint64(m.n>>8)&0xfff)
	b[8] = byte(m.n)
	m.n++
	m.Read(b[9:])
	return crockford.EncodeToString(b[:])
}

// epoch is 2000-01-01 UTC: 52 bits of microseconds from there last until 2142.
const epoch = civil.Instant(946684800000000)

// Read fills b with the mint's randomness. A source that fails has no safe substitute, hence the panic.
func (m *Mint) Read(b []byte) {
	if _, err := io.ReadFull(m.rand, b); err != nil {
		panic(fmt.Sprintf("ident: no randomness: %v", err))
	}
}

// Valid reports whether s has the form of an id of noun T. It says nothing about existence.
func Valid[T ID](s string) bool {
	var zero T
	rest, ok := strings.CutPrefix(s, zero.Prefix()+"_")
	if !ok || len(rest) != 26 {
		return false
	}
	_, err := crockford.DecodeString(rest)
	return err == nil
}

// Link is a secret that gives whoever holds it one page: 128 random bits in
// base64url. Only its Hash is stored.
type Link string

// NewLink makes a link from the mint's randomness.
func NewLink(m *Mint) Link {
	var b [16]byte
	m.Read(b[:])
	return Link(base64.RawURLEncoding.EncodeToString(b[:]))
}

// Hash is what we keep of a secret: SHA-256, in hexadecimal.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// NewSecret makes an API key: a prefix that scanners recognise and 256 random bits.
func NewSecret(m *Mint, prefix string) string {
	var b [32]byte
	m.Read(b[:])
	return prefix + "_" + base64.RawURLEncoding.EncodeToString(b[:])
}
