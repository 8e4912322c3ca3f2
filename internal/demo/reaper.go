package demo

import (
	"cmp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// cut is how a process ends.
type cut int

const (
	uncommitted  cut = iota // at a commit, of which nothing is kept
	unanswered              // at a commit, which is kept, and nobody is told
	unsettled               // between the post's yes to a letter and our writing it down
	cutsThereAre = 3
)

// death is planned: at the first fitting commit after an instant, once some
// others have passed.
type death struct {
	at    civil.Instant
	how   cut
	spare int // fitting commits that pass before
}

// reaper ends the process at the instants of its list.
type reaper struct {
	now    civil.Instant
	list   []death
	mailed bool // the post took a letter since the last commit
	dead   bool
	deaths int
	d      dice
}

// newReaper plans one death of each kind and perhaps one more, on days on which people order.
func newReaper(d dice, start civil.Instant, days int) *reaper {
	r := &reaper{now: start, d: d}
	for n := range cutsThereAre + d.IntN(2) {
		how := cut(n)
		if n >= cutsThereAre {
			how = cut(d.IntN(cutsThereAre))
		}
		at := start.Add(d.between(24*time.Hour, time.Duration(max(2, days))*20*time.Hour)) // leaving time for it to happen
		r.list = append(r.list, death{at: at, how: how, spare: d.IntN(12)})
	}
	slices.SortFunc(r.list, func(a, b death) int { return cmp.Compare(a.at, b.at) })
	return r
}

// comes is the database's question at each commit.
func (r *reaper) comes(p db.Point) bool {
	mailed := r.mailed
	if p == db.AfterCommit {
		r.mailed = false
	}
	if r.dead || len(r.list) == 0 || r.now < r.list[0].at || !r.list[0].fits(p, mailed) {
		return false
	}
	if r.list[0].spare > 0 {
		r.list[0].spare--
		return false
	}
	r.dead = true
	return true
}

func (d death) fits(p db.Point, mailed bool) bool {
	switch d.how {
	case uncommitted:
		return p == db.BeforeCommit
	case unanswered:
		return p == db.AfterCommit
	default:
		return p == db.BeforeCommit && mailed
	}
}

// bury ends a death, and says after how long somebody starts the process again.
func (r *reaper) bury() time.Duration {
	r.dead, r.mailed, r.deaths, r.list = false, false, r.deaths+1, r.list[1:]
	return r.d.between(5*time.Second, 10*time.Minute)
}
