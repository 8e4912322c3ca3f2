package shopper

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/phone"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// messagesPage is how the shopper is told, subject by subject, and all that was
// written about the order or not, and why.
type messagesPage struct {
	ui.Frame
	Back    string
	Wrong   []wrong
	Intro   string
	Saved   bool
	Form    string
	Prove   string // leads to where the hand is given; empty: the choices can be made
	Ways    []way
	Groups  []subjects
	Always  string
	Phone   string
	Stopped bool // a box lets SMS through again
	Devices string
	Pushes  bool   // there is a browser to forget
	Enrol   string // the form that a script fills in; empty: nobody carries pushes
	Key     string // by which browsers know us
	From    string // quiet hours, as a field of time has them
	Until   string
	Log     []string
}

// way is a channel's name, and as the head of a column.
type way struct{ Name, Brief string }

// subjects are topics that belong together.
type subjects struct {
	Title string
	Rows  []subjectRow
}

type subjectRow struct {
	Name  string
	Cells []subjectCell
}

// subjectCell is a box: a topic on a channel.
type subjectCell struct {
	Name, Label string
	Checked     bool
	Shut        bool // nobody can be reached that way, or the hand is missing
}

// groups part the topics for the reader; those that stand in none come last.
var groups = []struct {
	title  string
	topics []fact.Topic
}{
	{"messages_page.group_progress", []fact.Topic{fact.TopicShipped, fact.TopicOut, fact.TopicReady, fact.TopicDelivered}},
	{"messages_page.group_trouble", []fact.Topic{
		fact.TopicAtRisk, fact.TopicEarly, fact.TopicNewDate, fact.TopicBroken, fact.TopicRepaired, fact.TopicCorrected, fact.TopicDemand,
	}},
	{"messages_page.group_back", []fact.Topic{
		fact.TopicReturnAccepted, fact.TopicReturnExpiring, fact.TopicReturnExpired, fact.TopicPickupMissed, fact.TopicReturnDeposited, fact.TopicReturnReceived,
		fact.TopicReturnLost, fact.TopicReturnDecided, fact.TopicRefundSent, fact.TopicDisputeSettled,
	}},
}

// posted is all that the page is made of.
type posted struct {
	acting
	said    []notify.Preference
	quiet   notify.Quiet
	devices []notify.Device
	number  phone.Number
	stopped bool
	log     []notify.Message
}

func (s *site) posted(r *http.Request) (t posted, err error) {
	if t.acting, err = s.acting(r); err != nil {
		return t, err
	}
	m, who := t.shop.ID, t.order.Shopper
	t.number, _ = phone.Read(t.who.Phone, t.shop.Country)
	err = s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		if t.said, err = notify.Preferences(tx, m, who); err != nil {
			return err
		}
		if t.quiet, err = notify.QuietOf(tx, m, who); err != nil {
			return err
		}
		if t.devices, err = notify.Devices(tx, m, who); err != nil {
			return err
		}
		if t.stopped, err = notify.Stopped(tx, m, t.number.E164); err != nil {
			return err
		}
		of, err := notify.OfOrders(tx, m, []ident.Order{t.order.ID})
		t.log = of[t.order.ID]
		return err
	})
	return t, err
}

// messages shows the page.
func (s *site) messages(r *http.Request) (ui.Answer, error) {
	t, err := s.posted(r)
	if err != nil {
		return ui.Answer{}, err
	}
	p := s.messagesPage(t)
	p.Saved = r.URL.Query().Has("note")
	return ui.Answer{Page: messages(p)}, nil
}

func (s *site) messagesPage(t posted) messagesPage {
	args := map[string]any{"Shop": t.brand.Shown}
	p := messagesPage{
		Frame: t.frame(t.T("messages_page.title", nil)), Back: t.back(), Intro: t.T("messages_page.intro", args), Form: t.beside("messages"),
		Phone: t.phoneWords(), Stopped: t.stopped, Devices: t.T("messages_page.devices_none", nil), Pushes: len(t.devices) > 0,
		From: clockField(t.quiet.From), Until: clockField(t.quiet.Until),
	}
	if !t.trusted {
		p.Prove = t.toProve("messages")
	}
	if len(t.devices) > 0 {
		p.Devices = lang.N(t.Locale, "messages_page.devices", len(t.devices), nil)
	}
	if t.trusted && s.pushKey != "" {
		p.Enrol, p.Key, p.Scripts = t.beside("navigateur"), s.pushKey, []string{"../../assets/push.js" + pushModule.Query()}
	}
	for _, ch := range notify.Ways {
		w := way{letters.Channel(t.Reading, ch), letters.Channel(t.Reading, ch)}
		if ch == notify.Push {
			w.Brief = t.T("messages_page.push_brief", nil)
		}
		p.Ways = append(p.Ways, w)
	}
	t.subjects(&p)
	for _, msg := range t.log {
		p.Log = append(p.Log, t.logged(msg))
	}
	return p
}

// subjects fills in the boxes.
func (t posted) subjects(p *messagesPage) {
	left := slices.DeleteFunc(slices.Clone(fact.Topics), notify.ByLetter)
	for _, g := range groups {
		p.Groups = append(p.Groups, subjects{t.T(g.title, nil), t.rows(g.topics)})
		left = slices.DeleteFunc(left, func(topic fact.Topic) bool { return slices.Contains(g.topics, topic) })
	}
	p.Groups = append(p.Groups, subjects{t.T("messages_page.group_more", nil), t.rows(left)})
	var always []string
	for _, topic := range fact.Topics {
		if notify.ByLetter(topic) {
			always = append(always, t.Topic(topic))
		}
	}
	p.Always = t.T("messages_page.always_text", map[string]any{"Topics": strings.Join(always, ", ")})
}

func (t posted) rows(topics []fact.Topic) (rows []subjectRow) {
	for _, topic := range topics {
		row := subjectRow{Name: t.Topic(topic)}
		for _, ch := range notify.Ways {
			args := map[string]any{"Channel": letters.Channel(t.Reading, ch), "Topic": row.Name}
			row.Cells = append(row.Cells, subjectCell{
				Name: tick(topic, ch), Label: t.T("messages_page.cell", args),
				Checked: notify.Wanted(t.said, topic, ch) && t.reaches(ch), Shut: !t.trusted || !t.reaches(ch),
			})
		}
		rows = append(rows, row)
	}
	return rows
}

// tick is the name of the field of a topic on a channel.
func tick(t fact.Topic, ch notify.Channel) string { return string(t) + "." + string(ch) }

// reaches reports whether anything could be sent on a channel.
func (t posted) reaches(ch notify.Channel) bool {
	switch ch {
	case notify.SMS:
		return t.number.Text && !t.stopped
	case notify.Push:
		return len(t.devices) > 0
	default:
		return true
	}
}

func (t posted) phoneWords() string {
	args := map[string]any{"Number": t.number.Masked()}
	switch {
	case t.number.E164 == "":
		return t.T("messages_page.phone_none", nil)
	case t.stopped:
		return t.T("messages_page.phone_stopped", args)
	case !t.number.Text:
		return t.T("messages_page.phone_landline", args)
	default:
		return t.T("messages_page.phone_known", args)
	}
}

// logged is one decision in a line.
func (t posted) logged(msg notify.Message) string {
	state := ""
	switch {
	case msg.State == notify.Sent:
		state = t.T("messages_page.log_sent", map[string]any{"When": t.When(msg.Accepted, fact.Minute)})
	case msg.State == notify.Queued && !msg.NotBefore.IsZero():
		state = t.T("messages_page.log_waiting", map[string]any{"When": t.When(msg.NotBefore, fact.Minute)})
	case msg.State == notify.Queued:
		state = t.T("messages_page.log_queued", nil)
	case msg.State == notify.Failed:
		state = t.T("messages_page.log_failed", nil)
	case msg.State == notify.Bounced:
		state = t.T("messages_page.log_bounced", nil)
	default:
		state = t.T("messages_page.log_skipped", nil)
	}
	line := t.T("messages_page.log_line", map[string]any{"Topic": t.Topic(msg.Topic), "Channel": letters.Channel(t.Reading, msg.Channel), "State": state})
	why, known := letters.WhyNot(t.Reading, msg.Reason)
	if msg.Reason == notify.OptedOut {
		why = t.T("messages_page.log_unwanted", nil)
	}
	if !known || msg.State == notify.Sent || msg.State == notify.Queued {
		return line
	}
	return t.T("messages_page.log_why", map[string]any{"Line": line, "Why": why})
}

// prefer keeps the choices.
func (s *site) prefer(r *http.Request) (ui.Answer, error) {
	t, err := s.posted(r)
	switch {
	case err != nil:
		return ui.Answer{}, err
	case !t.trusted:
		return ui.Answer{To: t.toProve("messages")}, nil
	}
	quiet, faults := quietHours(r)
	if err := faults.Err(); err != nil {
		p := s.messagesPage(t)
		for _, f := range faults {
			p.Wrong = append(p.Wrong, wrong{f.Field, lang.Fault(t.Locale, f)})
		}
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: messages(p)}, nil
	}
	err = s.flow.One(r.Context(), flow.ByShopper(t.order.Shopper), t.shop.ID, func(tx *flow.Tx) error {
		return t.keep(tx, r, quiet)
	})
	to := t.beside("messages")
	if strings.Contains(to, "?") {
		return ui.Answer{To: to + "&note=1"}, err
	}
	return ui.Answer{To: to + "?note=1"}, err
}

// keep writes down what differs from what was said before. A box that nobody could
// tick says nothing.
func (t posted) keep(tx *flow.Tx, r *http.Request, quiet notify.Quiet) error {
	m, who := t.shop.ID, t.order.Shopper
	if quiet != t.quiet {
		if err := notify.Hush(tx, m, who, quiet); err != nil {
			return err
		}
	}
	if t.stopped && r.PostFormValue("resume") != "" {
		return notify.Resume(tx, m, t.number.E164)
	}
	if r.PostFormValue("forget") != "" {
		for _, d := range t.devices {
			if err := notify.Forget(tx, m, d.ID); err != nil {
				return err
			}
		}
		return nil
	}
	for _, topic := range fact.Topics {
		for _, ch := range notify.Ways {
			wants := r.PostFormValue(tick(topic, ch)) != ""
			if notify.ByLetter(topic) || !t.reaches(ch) || wants == notify.Wanted(t.said, topic, ch) {
				continue
			}
			if err := notify.Prefer(tx, m, notify.Preference{Shopper: who, Topic: topic, Channel: ch, Allowed: wants}); err != nil {
				return err
			}
		}
	}
	return nil
}

// quietHours reads two fields of time.
func quietHours(r *http.Request) (q notify.Quiet, faults fault.List) {
	for field, at := range map[string]*int{"quiet_from": &q.From, "quiet_until": &q.Until} {
		typed := r.PostFormValue(field)
		hour, minute, _ := strings.Cut(typed, ":")
		h, err := strconv.Atoi(hour)
		m, bad := strconv.Atoi(minute)
		if err != nil || bad != nil || h < 0 || h > 23 || m < 0 || m > 59 {
			faults.Add(fault.Invalid, "clock_invalid", field, "value", shortly(typed))
		}
		*at = h*60 + m
	}
	return q, faults
}

func clockField(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// enrol keeps a browser that asked to be told; a script of ours fills in the form.
func (s *site) enrol(r *http.Request) (ui.Answer, error) {
	t, err := s.posted(r)
	switch {
	case err != nil:
		return ui.Answer{}, err
	case !t.trusted:
		return ui.Answer{To: t.toProve("messages")}, nil
	}
	d := notify.Device{Endpoint: r.PostFormValue("endpoint"), P256dh: r.PostFormValue("p256dh"), Auth: r.PostFormValue("auth")}
	if err := s.pushable(d.Endpoint); err != nil {
		return ui.Answer{}, fault.New(fault.Invalid, "push_endpoint_refused", "endpoint")
	}
	err = s.flow.One(r.Context(), flow.ByShopper(t.order.Shopper), t.shop.ID, func(tx *flow.Tx) error {
		return notify.Enrol(tx, t.shop.ID, t.order.Shopper, d)
	})
	return ui.Answer{To: t.beside("messages")}, err
}

//go:embed push.js
var pushText []byte

var pushModule = ui.NewModule(pushText)

//go:embed pushed.js
var pushedText []byte

// pushed is the worker that shows what was pushed, and keeps orders' pages at hand:
// there is one worker a scope.
var pushed = ui.NewModule(slices.Concat(pushedText, offlineText))
