package counter

import (
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// exercise is a lesson: a situation, and what is right in it. A code is typed
// where there is one, else one of three ways is chosen.
type exercise struct {
	lesson    counter.Lesson
	title     string // keys of sentences
	situation string
	code      string // printed on the parcel of the exercise, or said by its shopper
	right     string
	wrong     string
	ways      []string // keys; the first is the right one
	order     []int    // in which they are shown
}

// exercises are the lessons. Their parcels exist nowhere.
var exercises = []exercise{
	{
		lesson: counter.LessonDeposit, title: "counter.learn_deposit", situation: "counter.learn_deposit_text", code: "EXERCICE-1001",
		right: "counter.learn_deposit_right", wrong: "counter.learn_deposit_wrong",
	},
	{
		lesson: counter.LessonNoLabel, title: "counter.learn_label", situation: "counter.learn_label_text",
		right: "counter.learn_label_right", wrong: "counter.learn_label_wrong",
		ways: []string{"counter.learn_label_1", "counter.learn_label_2", "counter.learn_label_3"}, order: []int{1, 0, 2},
	},
	{
		lesson: counter.LessonWrong, title: "counter.learn_foreign", situation: "counter.learn_foreign_text",
		right: "counter.learn_foreign_right", wrong: "counter.learn_foreign_wrong",
		ways: []string{"counter.learn_foreign_1", "counter.learn_foreign_2", "counter.learn_foreign_3"}, order: []int{2, 1, 0},
	},
	{
		lesson: counter.LessonHandOver, title: "counter.learn_hand", situation: "counter.learn_hand_text", code: "482 913",
		right: "counter.learn_hand_right", wrong: "counter.learn_hand_wrong",
	},
	{
		lesson: counter.LessonOffline, title: "counter.learn_offline", situation: "counter.learn_offline_text",
		right: "counter.learn_offline_right", wrong: "counter.learn_offline_wrong",
		ways: []string{"counter.learn_offline_1", "counter.learn_offline_2", "counter.learn_offline_3"}, order: []int{0, 2, 1},
	},
}

// learning is the list of lessons.
type learning struct {
	ui.Frame
	Rows []lessonRow
}

type lessonRow struct {
	Path, Title string
	Done        bool
}

func lessonPath(l counter.Lesson) string {
	return "/comptoir/apprendre/" + strings.ReplaceAll(string(l), "_", "-")
}

func (s *site) lessons(r *http.Request) (ui.Answer, error) {
	v := visitOf(r)
	p := learning{Frame: frame(r, v, lang.T(ui.Reader(r), "counter.learn_title", nil))}
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		done, err := counter.Learned(tx, v.Shift)
		for _, e := range exercises {
			_, is := done[e.lesson]
			p.Rows = append(p.Rows, lessonRow{lessonPath(e.lesson), lang.T(p.Locale, e.title, nil), is})
		}
		return err
	})
	return ui.Answer{Page: learningView(p)}, err
}

// lessonPage is one lesson.
type lessonPage struct {
	ui.Frame
	Path, Situation, Code string
	Ways                  []way
	Tried, Right          bool
	Says                  string
	Next                  string // the lesson that follows; empty after the last
}

type way struct{ Value, Words string }

func (s *site) lesson(r *http.Request) (ui.Answer, error) {
	at, err := exerciseOf(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: lessonView(lessonOf(r, at))}, nil
}

func exerciseOf(r *http.Request) (int, error) {
	at := slices.IndexFunc(exercises, func(e exercise) bool { return lessonPath(e.lesson) == r.URL.Path })
	if at < 0 {
		return 0, fault.New(fault.NotFound, "not_found", "")
	}
	return at, nil
}

func lessonOf(r *http.Request, at int) lessonPage {
	e := exercises[at]
	p := lessonPage{Frame: frame(r, visitOf(r), lang.T(ui.Reader(r), e.title, nil)), Path: lessonPath(e.lesson), Code: e.code}
	p.Situation = lang.T(p.Locale, e.situation, nil)
	for _, i := range e.order {
		p.Ways = append(p.Ways, way{e.ways[i], lang.T(p.Locale, e.ways[i], nil)})
	}
	if at+1 < len(exercises) {
		p.Next = lessonPath(exercises[at+1].lesson)
	}
	return p
}

// answered tells whether an answer is right, and notes a lesson done.
func (s *site) answered(r *http.Request) (ui.Answer, error) {
	at, err := exerciseOf(r)
	if err != nil {
		return ui.Answer{}, err
	}
	e, p := exercises[at], lessonOf(r, at)
	p.Tried, p.Right = true, e.rightly(r)
	if !p.Right {
		p.Says = lang.T(p.Locale, e.wrong, nil)
		return ui.Answer{Page: lessonView(p)}, nil
	}
	p.Says = lang.T(p.Locale, e.right, nil)
	v := visitOf(r)
	err = s.Flow.One(r.Context(), v.Shift.By(), v.Shift.Merchant, func(tx *flow.Tx) error { return counter.Learn(tx, v.Shift, e.lesson) })
	return ui.Answer{Page: lessonView(p)}, err
}

func (e exercise) rightly(r *http.Request) bool {
	if e.code == "" {
		return r.PostFormValue("way") == e.ways[0]
	}
	squeezed := func(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }
	return squeezed(r.PostFormValue("code")) == squeezed(e.code)
}
