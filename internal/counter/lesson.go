package counter

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Lesson is one of the short lessons in the practice mode.
type Lesson string

// The lessons, in their order.
const (
	LessonDeposit  Lesson = "deposit"
	LessonNoLabel  Lesson = "no_label"
	LessonWrong    Lesson = "wrong_parcel"
	LessonHandOver Lesson = "hand_over"
	LessonOffline  Lesson = "offline"
)

// Lessons lists them.
var Lessons = []Lesson{LessonDeposit, LessonNoLabel, LessonWrong, LessonHandOver, LessonOffline}

// Learn notes that a clerk has done a lesson. Nothing else of the practice mode
// is written anywhere.
func Learn(tx *flow.Tx, s crew.Shift, l Lesson) error {
	return tx.Do(sqlLearn, s.Merchant, s.Member, l, tx.Now)
}

// Learned is which lessons a clerk has done, and when.
func Learned(tx *db.Tx, s crew.Shift) (map[Lesson]civil.Instant, error) {
	type mark struct {
		lesson Lesson
		at     civil.Instant
	}
	rows, err := db.All(tx, sqlLearned, func(r db.Row) (d mark, err error) {
		err = r.Scan(&d.lesson, &d.at)
		return d, err
	}, s.Merchant, s.Member)
	of := map[Lesson]civil.Instant{}
	for _, d := range rows {
		of[d.lesson] = d.at
	}
	return of, err
}

const (
	sqlLearn = `insert into counter_lesson (merchant, clerk, lesson, done) values ($1, $2, $3, $4)
		on conflict (merchant, clerk, lesson) do nothing`
	sqlLearned = `select lesson, done from counter_lesson where merchant = $1 and clerk = $2`
)
