package insight

import (
	_ "embed"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/speed"
)

// Speed is how fast a kind of page showed, as visitors' browsers measured it.
type Speed struct {
	Page   speed.Page
	Visits int
	P75    time.Duration // three visits of four took at most so long
	Good   float64       // share of visits that took at most speed.Good
	Narrow Narrow        // those on telephones
}

// Narrow is the part of the visits on narrow screens.
type Narrow struct {
	Visits int
	P75    time.Duration // zero without visits
}

//go:embed speeds.sql
var speedsSQL string

// SpeedsOf reports on the visits of a merchant's pages from one day to another,
// both counted, in the order in which a shopper meets the pages. A page that
// nobody visited is not in the answer.
func SpeedsOf(tx *db.Tx, m ident.Merchant, since, until civil.Day) (all []Speed, err error) {
	rows, err := db.All(tx, speedsSQL, scanStep, m, since, until)
	every, narrow := map[speed.Page]steps{}, map[speed.Page]steps{}
	for _, r := range rows {
		every[r.page] = every[r.page].and(r.step)
		if r.width == speed.Narrow {
			narrow[r.page] = narrow[r.page].and(r.step)
		}
	}
	for _, p := range speed.Pages() {
		if s := every[p]; len(s) > 0 {
			n := narrow[p]
			all = append(all, Speed{
				Page: p, Visits: s.visits(), P75: s.quantile(0.75), Good: s.within(speed.Good), Narrow: Narrow{n.visits(), n.quantile(0.75)},
			})
		}
	}
	return all, err
}

// step is visits that took at most so long, and longer than speed.Below.
type step struct {
	within time.Duration
	visits int
}

// steps are sorted, the fastest first.
type steps []step

// and adds a step that is not faster than the last one.
func (s steps) and(more step) steps {
	if i := len(s) - 1; i >= 0 && s[i].within == more.within {
		s[i].visits += more.visits
		return s
	}
	return append(s, more)
}

func (s steps) visits() (n int) {
	for _, one := range s {
		n += one.visits
	}
	return n
}

// quantile is the time that a share of the visits took at most. Within a step
// they are taken to be spread evenly. It is zero when there are none.
func (s steps) quantile(share float64) time.Duration {
	left := share * float64(s.visits())
	for _, one := range s {
		if n := float64(one.visits); left > n {
			left -= n
			continue
		}
		from := speed.Below(one.within)
		return from + time.Duration(left/float64(one.visits)*float64(one.within-from))
	}
	return 0
}

// within is the share of the visits that took at most so long; it must end a step.
func (s steps) within(most time.Duration) float64 {
	n := 0
	for _, one := range s {
		if one.within <= most {
			n += one.visits
		}
	}
	share, _ := ratio(n, s.visits())
	return share
}

type widthStep struct {
	page  speed.Page
	width speed.Width
	step
}

func scanStep(r db.Row) (s widthStep, err error) {
	var millis int64
	err = r.Scan(&s.page, &s.width, &millis, &s.visits)
	s.within = time.Duration(millis) * time.Millisecond
	return s, err
}
