package shopper

import (
	_ "embed"
	"net/http"
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/survey"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// opinionRoutes are the page of the two questions. The link is enough.
func (s *site) opinionRoutes() []ui.Route {
	const path = "/p/{token}/avis"
	return []ui.Route{
		{Method: http.MethodGet, Path: path, Access: ui.ByLink, Summary: "How it went: a score, and why", Serve: s.askOpinion},
		{Method: http.MethodPost, Path: path, Access: ui.ByLink, Files: 1 << 20, Summary: "Say how it went", Serve: s.giveOpinion},
		{Method: http.MethodGet, Path: "/assets/avis.js", Access: ui.Anybody, Summary: "The module that keeps a score tapped in a letter", Stream: opinionModule.Serve},
	}
}

//go:embed survey.js
var opinionText []byte

var opinionModule = ui.NewModule(opinionText)

// opinion is an order, and what was asked and answered about it.
type opinion struct {
	*lived
	about  fact.SurveyKind
	asked  bool // there is something to ask about
	before survey.Answer
	talk   helpdesk.Conversation // opened by the last answer; its ID is empty when none was
}

// opinionPage is the two questions before they are HTML.
type opinionPage struct {
	ui.Frame
	Back   string
	Form   string
	None   string // why nothing is asked; empty: something is
	Ask    string
	Scale  string
	Scores []pick
	Words  string
	Tapped bool // in a letter, and not sent yet
	Thanks []string
	Talk   string // path of the conversation that the answer opened; empty: none
	Wrong  []wrong
}

func (s *site) opinion(r *http.Request) (d opinion, err error) {
	d.about = fact.AfterDelivery
	if r.FormValue("q") == string(fact.AfterRefund) {
		d.about = fact.AfterRefund
	}
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		if d.lived, err = readLiving(tx, link, wanted(r)); err != nil {
			return err
		}
		if _, d.asked, err = survey.Of(tx, d.shop.ID, d.order.ID, d.about); err != nil {
			return err
		}
		if d.before, _, err = survey.LastAnswer(tx, d.shop.ID, d.order.ID, d.about); err != nil {
			return err
		}
		if err := d.readTalks(tx); err != nil {
			return err
		}
		for _, c := range d.talks {
			if c.Key == d.talkKey(d.before) {
				d.talk = c
			}
		}
		return nil
	})
	return d, err
}

// talkKey names the conversation that an answer opens.
func (d opinion) talkKey(a survey.Answer) string {
	return "survey/" + string(d.order.ID) + "/" + string(d.about) + "/" + strconv.Itoa(a.Version)
}

// askOpinion shows the questions, with the score that was tapped in a letter. It
// keeps nothing: programs that scan letters open links too.
func (s *site) askOpinion(r *http.Request) (ui.Answer, error) {
	d, err := s.opinion(r)
	if err != nil {
		return ui.Answer{}, err
	}
	tapped, err := strconv.Atoi(r.URL.Query().Get("note"))
	if err != nil {
		tapped = -1
	}
	return ui.Answer{Page: opinionView(d.page(tapped, ""))}, nil
}

func (d opinion) page(tapped int, words string) opinionPage {
	args := map[string]any{"Shop": d.brand.Shown, "Reference": d.order.Reference}
	p := opinionPage{Frame: d.frame(d.T("survey_page.title", nil)), Back: d.back(), Form: d.beside("avis"), Words: words}
	p.Look = backLook
	if !d.asked {
		p.None = d.T("survey_page.not_yet", nil)
		return p
	}
	p.Ask, p.Scale = d.T("survey_page.easy", args), d.T("survey_page.scale", nil)
	if d.about == fact.AfterRefund {
		p.Title, p.Ask, p.Scale = d.T("survey_page.title_refund", args), d.T("survey_page.refund", args), d.T("survey_page.scale_refund", nil)
	}
	low, high := survey.Scores(d.about)
	p.Tapped = tapped >= low && tapped <= high && (d.before.Version == 0 || d.before.Score != tapped)
	if d.before.Version > 0 {
		p.Thanks = append(p.Thanks, d.T("survey_page.thanks", map[string]any{"Score": d.before.Score, "Most": high}), d.T("survey_page.change", nil))
		if words == "" {
			p.Words = d.before.Words
		}
		if !p.Tapped {
			tapped = d.before.Score
		}
	}
	if d.talk.ID != "" {
		p.Talk = "ecrire/" + string(d.talk.ID) + query(d.chosen)
		p.Thanks = append(p.Thanks, d.T("survey_page.talk", map[string]any{"Due": d.Due(d.talk.AnswerBy)}))
	}
	for n := low; n <= high; n++ {
		p.Scores = append(p.Scores, pick{strconv.Itoa(n), strconv.Itoa(n), n == tapped})
	}
	p.Scripts = []string{"../assets/avis.js" + opinionModule.Query()}
	return p
}

// giveOpinion keeps an answer. A bad score with words opens a conversation in the
// same breath, so that nobody complains to a form.
func (s *site) giveOpinion(r *http.Request) (ui.Answer, error) {
	d, err := s.opinion(r)
	if err != nil {
		return ui.Answer{}, err
	}
	score, words := r.PostFormValue("note"), r.PostFormValue("words")
	n, err := strconv.Atoi(score)
	if err != nil {
		p := d.page(-1, words)
		p.Wrong = []wrong{{"note", d.T("survey_page.choose", nil)}}
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: opinionView(p)}, nil
	}
	err = s.flow.One(r.Context(), flow.ByShopper(d.order.Shopper), d.shop.ID, func(tx *flow.Tx) error { return d.say(tx, n, words) })
	if err == nil {
		return ui.Answer{To: d.again()}, nil
	}
	p := d.page(n, words)
	p.Wrong, err = d.unwritten(err)
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: opinionView(p)}, err
}

// again is the path of the page itself.
func (d opinion) again() string {
	path := d.beside("avis")
	if d.about != fact.AfterRefund {
		return path
	}
	if d.chosen == "" {
		return path + "?q=" + string(d.about)
	}
	return path + "&q=" + string(d.about)
}

// say keeps the answer and, where it is bad and says why, asks a person to answer it.
func (d opinion) say(tx *flow.Tx, score int, words string) error {
	a, fresh, err := survey.Say(tx, d.shop.ID, survey.Saying{Order: d.order.ID, About: d.about, Score: score, Words: words})
	if err != nil || !fresh || !a.Low() || a.Words == "" {
		return err
	}
	_, err = helpdesk.Ask(tx, d.shop.ID, helpdesk.Question{Key: d.talkKey(a), Order: d.order.ID, Via: fact.ViaSurvey, Words: a.Words})
	if fault.KindOf(err) == fault.TooMany {
		return nil // enough of theirs waits for an answer already
	}
	return err
}
