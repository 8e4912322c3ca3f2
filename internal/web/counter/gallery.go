package counter

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// stand is an invented counter, in a language.
type stand struct {
	loc  lang.Locale
	v    visit
	read ui.Reading
}

// Gallery is the pages of a counter in each of their states, from invented data.
func Gallery(loc lang.Locale) []ui.Exhibit {
	paris, err := civil.Zone("Europe/Paris")
	if err != nil {
		paris = time.UTC
	}
	s := stand{
		loc: loc,
		v: visit{
			Visit: device.Visit{Device: crew.Device{ID: "dev_1", Name: "La tablette"}, Shift: crew.Shift{ID: "shf_1", Name: "Nadia"}},
			point: relay.Point{Name: "Tabac du Port", City: "Concarneau", Zone: "Europe/Paris"},
		},
		read: ui.Reading{Locale: loc, Zone: paris, Now: civil.At(time.Date(2026, time.November, 24, 10, 12, 0, 0, paris))},
	}
	var all []ui.Exhibit
	for _, part := range [][]ui.Exhibit{s.entries(), s.starts(), s.results(), s.papers(), s.lists(), s.lessons()} {
		all = append(all, part...)
	}
	return all
}

// at is a request for a page, by whoever works there.
func (s stand) at(path string) *http.Request {
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}, Header: http.Header{"Accept-Language": {string(s.loc)}}}
	return device.With(r, s.v)
}

func (s stand) t(key string, args map[string]any) string { return lang.T(s.loc, key, args) }

func (s stand) entries() []ui.Exhibit {
	return entrance(Config{}).Gallery(s.at("/comptoir/service"), s.t("counter.enrol_says", map[string]any{"Place": s.v.place()}))
}

func (s stand) starts() []ui.Exhibit {
	p := started{Frame: frame(s.at("/comptoir/"), s.v, s.t("counter.scan_title", nil)), Field: s.field()}
	p.Who = s.t("counter.on_shift", map[string]any{"Name": "Nadia", "When": s.read.When(s.read.Now.Add(8*time.Hour), fact.Minute)})
	p.Waits = s.t("counter.waits", map[string]any{"Count": 12})
	wrong := p
	wrong.Field.Wrong = lang.Fault(s.loc, fault.New(fault.Invalid, "field_required", "code"))
	shell := shellPage{Frame: ui.Frame{Locale: s.loc, Title: s.t("counter.shell_title", nil), Private: true, Inside: true, Look: look}, Field: field{Locale: s.loc}}
	return []ui.Exhibit{{Name: "scan", Page: startView(p)}, {Name: "scan-refused", Page: startView(wrong)}, {Name: "no-network", Page: shellView(shell)}}
}

func (s stand) field() field {
	return field{Locale: s.loc, Client: "1", Shift: s.v.Shift.ID, Place: s.v.place(), Clerk: s.v.Shift.Name}
}

// result is a page of a scan with an outcome.
func (s stand) result(r counter.Result) result {
	t := toldOf(s.read, r)
	p := result{Frame: frame(s.at("/comptoir/lecture/scn_1"), s.v, t.badge), Path: "/comptoir/lecture/scn_1", Tone: t.tone, Badge: t.badge, Says: t.says, Field: s.field(), Faces: faces(s.loc)}
	if !r.Outcome.Done() {
		p.Ask = r.Outcome
	}
	if r.Outcome != counter.Foreign {
		p.Facts = []pair{{s.t("counter.who", nil), "Marie D."}, {s.t("counter.number", nil), "6A 0412 7788"}}
	}
	return p
}

// refusals are the reasons that a scan is refused for; the last one stands for all others.
var refusals = []string{
	"deposit_back_dated", "scan_outside_shift", "label_void", "label_used", "label_unknown", "return_state", "parcel_collected", "code_needed", "parcel_elsewhere", "other",
}

func (s stand) results() (all []ui.Exhibit) {
	add := func(name string, p result) { all = append(all, ui.Exhibit{Name: name, Page: resultView(p)}) }
	for _, o := range []counter.Outcome{counter.Kept, counter.Foreign, counter.AskDeposit, counter.AskArrival, counter.AskCode, counter.Held} {
		add("scan-"+string(o), s.result(counter.Result{Outcome: o}))
	}
	for _, code := range refusals {
		add("refused-"+strings.ReplaceAll(code, "_", "-"), s.result(counter.Result{Outcome: counter.Refused, Refusal: code}))
	}
	for name, print := range map[string]printing{
		"label-ready": {Ready: true}, "label-made": {Made: true}, "label-to-make": {Offer: true},
		"label-failed": {Failed: s.t("counter.label_failed", map[string]any{"Text": "Poids trop élevé"})},
	} {
		p := s.result(counter.Result{Outcome: counter.AskDeposit})
		p.Print = print
		add(name, p)
	}
	wrong, locked, pass := s.result(counter.Result{Outcome: counter.AskCode}), s.result(counter.Result{Outcome: counter.AskCode}), s.result(counter.Result{Outcome: counter.AskCode})
	wrong.Wrong = s.t("counter.code_wrong", map[string]any{"Count": 4})
	locked.Ask, locked.Tone, locked.Says = "", ui.Bad, s.t("counter.locked_says", nil)
	pass.Passed, pass.Tone, pass.Badge, pass.Says = true, ui.Good, s.t("counter.pass_right", nil), s.t("counter.pass_right_says", nil)
	add("code-wrong", wrong)
	add("code-locked", locked)
	add("code-shown", pass)
	deposited, again, handed := s.result(counter.Result{Outcome: counter.Deposited}), s.result(counter.Result{Outcome: counter.Again}), s.result(counter.Result{Outcome: counter.HandedOver})
	deposited.Proof, again.Proof = s.proved(), s.proved()
	deposited.Rate, handed.Rated = true, true
	add("deposited", deposited)
	add("deposited-before", again)
	add("handed-over", handed)
	return all
}

func (s stand) proved() []pair {
	return proofOf(s.read, returns.Proof{Number: "D-000042-7KQ2", At: s.read.Now, Place: s.v.place(), Clerk: "Nadia", Hash: strings.Repeat("0a1b2c3d", 8)})
}

func (s stand) papers() []ui.Exhibit {
	p := paperPage{Frame: frame(s.at("/comptoir/lecture/scn_1/preuve"), s.v, s.t("counter.proof_title", nil)), Shop: "Épicerie du Canal", Rows: s.proved(), Back: "/comptoir/"}
	p.Later = s.t("counter.proof_later", nil)
	return []ui.Exhibit{{Name: "proof", Page: paperView(p)}}
}

func (s stand) lists() []ui.Exhibit {
	empty := shelfPage{Frame: frame(s.at("/comptoir/colis"), s.v, s.t("counter.shelf_title", nil))}
	full := empty
	since := s.read.When(s.read.Now.Add(-50*time.Hour), fact.ADay)
	full.Rows = []shelfRow{{"6A 0412 7788", "Marie D.", since, false}, {"6A 0412 7789", counter.Mask(strings.Repeat("Maximilienne", 4) + " Zwaan"), since, true}}
	full.More = true
	return []ui.Exhibit{{Name: "shelf", Page: shelfView(full)}, {Name: "shelf-empty", Page: shelfView(empty)}}
}

func (s stand) lessons() (all []ui.Exhibit) {
	list := learning{Frame: frame(s.at("/comptoir/apprendre"), s.v, s.t("counter.learn_title", nil))}
	for i, e := range exercises {
		list.Rows = append(list.Rows, lessonRow{lessonPath(e.lesson), s.t(e.title, nil), i < 2})
		asked := lessonOf(s.at(lessonPath(e.lesson)), i)
		right, wrong := asked, asked
		right.Tried, right.Right, right.Says = true, true, s.t(e.right, nil)
		wrong.Tried, wrong.Says = true, s.t(e.wrong, nil)
		name := "lesson-" + strings.ReplaceAll(string(e.lesson), "_", "-")
		all = append(all, ui.Exhibit{Name: name, Page: lessonView(asked)}, ui.Exhibit{Name: name + "-right", Page: lessonView(right)}, ui.Exhibit{Name: name + "-wrong", Page: lessonView(wrong)})
	}
	return append(all, ui.Exhibit{Name: "lessons", Page: learningView(list)})
}
