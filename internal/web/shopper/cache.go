package shopper

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// stamp is the version of an order's page: the last fact about the order, the
// last about its shop (its name, its colour, its carriers), and how often its
// parcels were scanned, for most scans are no facts. As long as it is the same,
// only time changes the words.
type stamp struct {
	order, shop ident.Fact
	scans       int
}

// String is the version as pages and streams carry it; it tells nobody anything.
func (s stamp) String() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", s.order, s.shop, s.scans))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

func subjectOf(m ident.Merchant) flow.Subject {
	return flow.Subject{Merchant: m, Name: string(m)}
}

func orderOf(o tracking.Whole) flow.Subject {
	return flow.Subject{Merchant: o.Merchant, Name: string(o.Order)}
}

// stamps reads the versions of the pages of orders.
func stamps(tx *db.Tx, of []tracking.Whole) (map[tracking.Whole]stamp, error) {
	subjects, shops := make([]flow.Subject, 0, len(of)+1), map[ident.Merchant]bool{}
	for _, o := range of {
		subjects = append(subjects, orderOf(o))
		if !shops[o.Merchant] { // most pages that are looked at are of a few shops
			shops[o.Merchant] = true
			subjects = append(subjects, subjectOf(o.Merchant))
		}
	}
	newest, err := flow.Newest(tx, subjects)
	if err != nil {
		return nil, err
	}
	scans, err := tracking.Scans(tx, of)
	out := make(map[tracking.Whole]stamp, len(of))
	for _, o := range of {
		out[o] = stamp{newest[orderOf(o)], newest[subjectOf(o.Merchant)], scans[o]}
	}
	return out, err
}

// address is what a print is kept under: the hash of its link, so that the
// memory holds no link, and the language asked for.
type address struct {
	hash   string
	locale lang.Locale
}

// print is an order's page as printed, and until when it is true.
type print struct {
	page    *ui.Printed
	of      tracking.Whole
	stamp   stamp
	until   civil.Instant // world time at which its words change by themselves
	commits uint64        // of this process, when the stamp was read
	asked   civil.Instant // machine time, likewise
}

// The bounds of a shelf.
const (
	maxPrints = 2000        // of about 5 KB each
	maxAge    = time.Second // a print is sent unasked for no longer: other nodes write too
)

// shelf keeps pages printed. A print is sent again without a question while
// nothing was committed in this process, and for a second at most; then the
// stamp is asked for, which is two short reads; only another one makes a new
// print. It is safe for concurrent use.
type shelf struct {
	flow    *flow.Flow
	office  *returns.Office
	changes *lastmile.Office
	desk    *counter.Desk    // makes the codes of what waits at counters; nil: none is shown
	rounds  *lastmile.Rounds // makes the codes that couriers are told; nil: none is shown
	mu      sync.Mutex
	prints  map[address]*print
}

func newShelf(f *flow.Flow, o *returns.Office) *shelf {
	return &shelf{flow: f, office: o, changes: &lastmile.Office{Flow: f}, prints: map[address]*print{}}
}

// get answers the page of a link, printed now or before. A link that has died
// has no print: its answer says so.
func (s *shelf) get(ctx context.Context, link ident.Link, loc lang.Locale) (ui.Answer, error) {
	a := address{ident.Hash(string(link)), loc}
	commits, wall, now := s.flow.Commits(), s.flow.Clock().Wall(), s.flow.Clock().Now()
	old := s.kept(a)
	if old != nil && now < old.until {
		if old.commits == commits && wall.Sub(old.asked) < maxAge {
			return ui.Answer{Printed: old.page}, nil
		}
		same, err := s.still(ctx, old)
		if err != nil {
			return ui.Answer{}, err
		}
		if same {
			again := *old
			again.commits, again.asked = commits, wall
			s.keep(a, &again)
			return ui.Answer{Printed: old.page}, nil
		}
	}
	d, err := s.read(ctx, link, loc)
	if err != nil {
		s.drop(a)
		return ui.Answer{}, err
	}
	if d.expired() {
		return ui.Answer{Status: http.StatusNotFound, Page: linkOver(d.over())}, nil
	}
	p := d.page()
	fresh := &print{of: d.whose(), stamp: d.stamp, until: d.changes, commits: commits, asked: wall}
	if fresh.page, err = ui.Print(ctx, order(p)); err != nil {
		return ui.Answer{}, err
	}
	s.keep(a, fresh)
	return ui.Answer{Printed: fresh.page}, nil
}

func (s *shelf) read(ctx context.Context, link ident.Link, loc lang.Locale) (d *lived, err error) {
	err = s.flow.Read(ctx, func(tx *db.Tx) error {
		if d, err = readOrder(tx, link, loc); err != nil {
			return err
		}
		if err := d.readFetch(tx, s.desk); err != nil {
			return err
		}
		if err := d.readDoor(tx, s.rounds); err != nil {
			return err
		}
		if err := d.readTalks(tx); err != nil {
			return err
		}
		if err := d.readClaims(tx); err != nil {
			return err
		}
		if err := d.readChange(tx, s.changes); err != nil {
			return err
		}
		return d.readBack(tx, s.office)
	})
	return d, err
}

// still reports whether a print's stamp is what it was.
func (s *shelf) still(ctx context.Context, p *print) (same bool, err error) {
	err = s.flow.Read(ctx, func(tx *db.Tx) error {
		now, err := stamps(tx, []tracking.Whole{p.of})
		same = now[p.of] == p.stamp
		return err
	})
	return same, err
}

func (s *shelf) kept(a address) *print {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.prints[a]
}

// drop forgets a page, such as that of an order that was erased.
func (s *shelf) drop(a address) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.prints, a)
}

// keep makes room by forgetting any other print: those that are asked for often
// come back at once.
func (s *shelf) keep(a address, p *print) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.prints[a]; !there && len(s.prints) >= maxPrints {
		for other := range s.prints {
			delete(s.prints, other)
			break
		}
	}
	s.prints[a] = p
}
