package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const irritantsPath = "/console/board/irritants"

func irritantsRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: irritantsPath, Access: ui.BySession, Needs: readReports, Summary: "What troubles shoppers, in their own words, and what it takes them", Serve: c.irritants},
	}
}

// The bounds of the board: words that are read, and those shown of one topic.
const (
	maxVerbatims = 1000
	shownOfTopic = 5
)

// irritantsPage is the board before it is HTML.
type irritantsPage struct {
	ui.Frame
	Tabs    []choice
	Choices []choice
	Empty   string
	Figures []figure
	Tables  []table
	Topics  []block
}

func (c Config) irritants(r *http.Request) (a ui.Answer, err error) {
	days := periodOf(r)
	var p irritantsPage
	err = c.see(r, func(tx *db.Tx, v visit) error {
		since := tx.Now.Add(-time.Duration(days) * 24 * time.Hour)
		found, err := insight.IrritantsOf(tx, v.Merchant, since, tx.Now, maxVerbatims)
		if err != nil {
			return err
		}
		s, err := helpdesk.SettingsOf(tx, v.Merchant)
		p = troubles{found, s.Topics, v.may(merchant.ReadOrders)}.page(r, reading(r, tx.Now), days)
		return err
	})
	a.Page = irritantsView(p)
	return a, err
}

// troubles is what the board is made of.
type troubles struct {
	insight.Irritants
	topics []helpdesk.Topic
	orders bool // the reader may see the orders that words are about
}

func (t troubles) page(r *http.Request, rd ui.Reading, days int) irritantsPage {
	p := irritantsPage{Frame: frame(r, rd.T("irritants.title", nil)), Tabs: boardTabs(rd, irritantsPath), Choices: boardPeriods(rd, irritantsPath, days)}
	if len(t.Causes) == 0 && len(t.Scores) == 0 && len(t.Words) == 0 {
		p.Empty = rd.T("irritants.empty", nil)
		return p
	}
	p.Figures = append(t.scored(rd), t.effort(rd)...)
	p.Tables = []table{t.causes(rd), t.scores(rd)}
	p.Tables = slices.DeleteFunc(p.Tables, func(x table) bool { return len(x.Rows) == 0 })
	p.Topics = t.grouped(rd)
	return p
}

// average is a share of tenths as people read it: "4,2".
func average(rd ui.Reading, sum, n int) string {
	tenths := int64((10*sum + n/2) / n)
	return rd.T("irritants.tenths", map[string]any{"Whole": tenths / 10, "Tenth": tenths % 10})
}

// scored is how easy deliveries were, with their promise kept and broken.
func (t troubles) scored(rd ui.Reading) (out []figure) {
	for _, x := range []struct {
		key   string
		state fact.State
		tone  ui.Tone
	}{{"irritants.score_all", "", ui.Calm}, {"irritants.score_kept", fact.Kept, ui.Good}, {"irritants.score_broken", fact.Broken, ui.Bad}} {
		sum, n := 0, 0
		for _, s := range t.Scores {
			if x.state == "" || s.Promise == x.state {
				sum, n = sum+s.Score*s.N, n+s.N
			}
		}
		if n > 0 {
			out = append(out, figure{rd.T(x.key, nil), average(rd, sum, n), lang.N(rd.Locale, "irritants.answers", n, nil), x.tone})
		}
	}
	return out
}

// effort is what a delivery took whoever awaited it.
func (t troubles) effort(rd ui.Reading) []figure {
	e := t.Effort
	if e.Deliveries == 0 {
		return nil
	}
	per := func(n int) string { return average(rd, n, e.Deliveries) }
	out := []figure{
		{rd.T("irritants.contacts", nil), per(e.Contacts), rd.T("irritants.contacts_text", map[string]any{"Number": e.Contacts, "Deliveries": e.Deliveries}), ""},
		{rd.T("irritants.changes", nil), per(e.Changes), rd.T("irritants.changes_text", map[string]any{"Number": e.Changes, "Deliveries": e.Deliveries}), ""},
	}
	if e.Answers > 0 {
		out = append(out, figure{rd.T("irritants.waited", nil), rd.Long(roughly(e.Waited / time.Duration(e.Answers))), lang.N(rd.Locale, "irritants.waited_text", e.Answers, nil), ""})
	}
	return out
}

// roughly is a duration as exactly as a figure has room for.
func roughly(d time.Duration) time.Duration {
	if d >= time.Hour {
		return d.Round(time.Hour)
	}
	return d.Round(time.Minute)
}

// causes is why promises were not kept, the most frequent first.
func (t troubles) causes(rd ui.Reading) table {
	x := table{Title: rd.T("irritants.causes", nil), Meaning: rd.T("irritants.causes_text", nil), Head: []string{
		rd.T("irritants.cause", nil), rd.T("irritants.promise", nil), rd.T("irritants.who", nil), rd.T("irritants.times", nil),
	}}
	for _, c := range t.Causes {
		x.Rows = append(x.Rows, []string{groundWords(rd, c.Reason), owedWords(rd, c.Owed), party(rd, c.Liable), lang.Number(rd.Locale, int64(c.N))})
	}
	return x
}

// scores is each score, with what became of the promise.
func (t troubles) scores(rd ui.Reading) table {
	x := table{Title: rd.T("irritants.scores", nil), Meaning: rd.T("irritants.scores_text", nil), Head: []string{
		rd.T("irritants.score", nil), rd.T("console.badge_kept", nil), rd.T("console.badge_broken", nil), rd.T("irritants.other_state", nil),
	}}
	for score := 5; score >= 1; score-- {
		var n [3]int
		for _, s := range t.Scores {
			switch {
			case s.Score != score:
			case s.Promise == fact.Kept:
				n[0] += s.N
			case s.Promise == fact.Broken:
				n[1] += s.N
			default:
				n[2] += s.N
			}
		}
		if n != [3]int{} {
			x.Rows = append(x.Rows, []string{number(score), number(n[0]), number(n[1]), number(n[2])})
		}
	}
	return x
}

// grouped are the shoppers' words by the merchant's topics, those that come up most
// first; what holds no word of any is a group of its own, the last.
func (t troubles) grouped(rd ui.Reading) (out []block) {
	of := map[string][]insight.Verbatim{}
	for _, w := range t.Words {
		about := helpdesk.About(t.topics, w.Words)
		for _, x := range about {
			of[x.Name] = append(of[x.Name], w)
		}
		if len(about) == 0 {
			of[""] = append(of[""], w)
		}
	}
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if (a == "") != (b == "") {
			return cmp.Compare(b, a) // without a topic last
		}
		return cmp.Or(cmp.Compare(len(of[b]), len(of[a])), cmp.Compare(a, b))
	})
	for i, name := range names {
		out = append(out, t.topic(rd, i, cmp.Or(name, rd.T("irritants.no_topic", nil)), of[name]))
	}
	return out
}

// topic is a group: how often it comes up, and the newest words.
func (t troubles) topic(rd ui.Reading, i int, name string, all []insight.Verbatim) block {
	b := block{ID: fmt.Sprint("topic-", i), Title: name, Says: []string{lang.N(rd.Locale, "irritants.messages", len(all), nil)}}
	for _, w := range all[:min(len(all), shownOfTopic)] {
		when := rd.T("irritants.said", map[string]any{"When": rd.When(w.At, fact.ADay), "Words": beginning(w.Words)})
		if w.Score >= 0 {
			when = rd.T("irritants.said_score", map[string]any{"When": rd.When(w.At, fact.ADay), "Words": beginning(w.Words), "Score": w.Score})
		}
		switch {
		case t.orders && w.Conversation != "":
			b.Links = append(b.Links, pair{when, talkPath(w.Conversation)})
		case t.orders && w.Order != "":
			b.Links = append(b.Links, pair{when, orderPath(w.Order)})
		default:
			b.Notes = append(b.Notes, when)
		}
	}
	return b
}
