package console

import (
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func newKey() string { return rand.Text() }

// talking is a conversation with all that whoever answers must know.
type talking struct {
	*lived  // the order it is about; only its reading without one
	of      helpdesk.Conversation
	said    []helpdesk.Said
	voices  map[ident.Staff]helpdesk.Voice
	root    string                  // path of the conversation
	desk    merchant.Organisation   // the network it was handed to; its ID is empty while it is the shop's own
	desks   []merchant.Organisation // networks it may be handed to
	shopper shopper.Contact
	past    []helpdesk.Conversation // of the same shopper, the last first
	owed    []promise.Commitment    // the answers, the first first
	replies []helpdesk.Reply
	topics  []helpdesk.Topic // that the shopper's last words hold words of
}

// maxPast is how many earlier conversations are in view.
const maxPast = 10

func readTalking(tx *db.Tx, m ident.Merchant, id ident.Conversation, rd ui.Reading) (t *talking, err error) {
	t = &talking{lived: &lived{Reading: rd}, root: talkPath(id)}
	if t.of, err = helpdesk.Get(tx, m, id); err != nil {
		return t, err
	}
	if t.of.Order != "" {
		if t.lived, err = readOrder(tx, m, t.of.Order, rd); err != nil {
			return t, err
		}
	}
	for _, part := range []func(*db.Tx, ident.Merchant) error{t.readThread, t.readPast, t.readHelp, t.readDesks} {
		if err := part(tx, m); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (t *talking) readThread(tx *db.Tx, m ident.Merchant) (err error) {
	if t.said, err = helpdesk.Thread(tx, m, t.of.ID); err != nil {
		return err
	}
	var abouts []string
	for _, s := range t.said {
		abouts = append(abouts, string(s.ID))
	}
	if t.voices, err = helpdesk.Voices(tx, m, t.said); err != nil {
		return err
	}
	of, err := promise.About(tx, m, abouts)
	for _, s := range t.said {
		t.owed = append(t.owed, of[string(s.ID)]...)
	}
	return err
}

func (t *talking) readPast(tx *db.Tx, m ident.Merchant) (err error) {
	if t.of.Shopper == "" {
		return nil
	}
	if t.shopper, err = shopper.Get(tx, m, t.of.Shopper); err != nil {
		return err
	}
	all, err := helpdesk.OfShopper(tx, m, t.of.Shopper, maxPast+1)
	slices.Reverse(all)
	t.past = slices.DeleteFunc(all, func(c helpdesk.Conversation) bool { return c.ID == t.of.ID })
	return err
}

// readHelp reads the saved answers, and which of them the words ask for.
func (t *talking) readHelp(tx *db.Tx, m ident.Merchant) (err error) {
	if t.replies, err = helpdesk.Replies(tx, m); err != nil {
		return err
	}
	s, err := helpdesk.SettingsOf(tx, m)
	for _, x := range slices.Backward(t.said) {
		if x.By == fact.ByShopper {
			t.topics = helpdesk.About(s.Topics, x.Words)
			break
		}
	}
	return err
}

// talkPage is a conversation before it is HTML.
type talkPage struct {
	formPage
	State  block
	Said   []block
	Answer *deed
}

func (c Config) talk(r *http.Request) (ui.Answer, error) { return c.talkPage(r, typedAnswer{}) }

// typedAnswer is an answer that was not sent, and why.
type typedAnswer struct {
	words string
	wrong error
}

func (c Config) talkPage(r *http.Request, typed typedAnswer) (a ui.Answer, err error) {
	var p talkPage
	err = c.see(r, func(tx *db.Tx, v visit) error {
		t, err := readTalking(tx, v.Merchant, ident.Conversation(r.PathValue("id")), reading(r, tx.Now))
		if err != nil {
			return err
		}
		p = t.page(frame(r, talkTitle(t.Reading, t.of, t.order.Reference)), v, typed)
		p.Done = done(r, p.Locale)
		return nil
	})
	if typed.wrong != nil {
		a.Status, p.Done = http.StatusUnprocessableEntity, ""
	}
	a.Page = talkView(p)
	return a, err
}

func (t *talking) page(f ui.Frame, v visit, typed typedAnswer) talkPage {
	p := talkPage{formPage: formPage{Frame: f, Back: pair{t.T("talks.to_list", nil), talksHere}}, State: t.stateBlock(v), Said: t.sayings()}
	if v.may(merchant.PlaceOrders) {
		p.Answer = t.answerForm(typed)
	}
	p.Blocks = append(p.Blocks, t.inView()...)
	return p
}

// stateBlock is where it stands, by when somebody is to answer, and what may be
// done about it.
func (t *talking) stateBlock(v visit) block {
	b := block{Title: t.T("talks.heading", nil)}
	var due string
	if b.Tone, b.Badge, due = talkState(t.Reading, t.of); due != "" {
		b.Says = append(b.Says, due)
	}
	b.Facts = []pair{{t.T("talks.via", nil), t.viaWords(t.of.Via)}, {t.T("talks.number", nil), string(t.of.ID)}}
	if t.of.Source != "" {
		b.Links = append(b.Links, pair{t.T("talks.public_see", nil), t.of.Source})
	}
	for _, x := range t.topics {
		b.Notes = append(b.Notes, t.T("talks.topic", map[string]any{"Topic": x.Name}))
	}
	for _, c := range t.owed {
		if c.State == fact.Open {
			continue // what is due says it
		}
		tone, state := stateWords(t.Reading, c, false)
		b.Notes = append(b.Notes, t.T("talks.owed", map[string]any{"Due": t.Due(c.Until), "State": state}))
		if tone == ui.Bad {
			b.Tone = ui.Bad
		}
	}
	if !v.may(merchant.PlaceOrders) {
		return b
	}
	if t.of.Strange != 0 {
		b.Deeds = append(b.Deeds, deed{Path: talkPath(t.of.ID) + "/read", Button: t.T("talks.read", nil), Style: "second"})
	}
	t.handing(&b)
	if t.of.State == helpdesk.Answered {
		b.Deeds = append(b.Deeds, deed{Path: talkPath(t.of.ID) + "/close", Button: t.T("talks.close", nil), Style: "second"})
	}
	return b
}

func (t *talking) viaWords(v fact.Via) string {
	switch v {
	case fact.ViaMail:
		return t.T("talks.via_mail", nil)
	case fact.ViaAPI:
		return t.T("talks.via_api", nil)
	case fact.ViaPublic:
		return t.T("talks.via_public", nil)
	case fact.ViaSurvey:
		return t.T("talks.via_survey", nil)
	default:
		return t.T("talks.via_page", nil)
	}
}

// sayings are the messages, the first first.
func (t *talking) sayings() (out []block) {
	for _, s := range t.said {
		args := map[string]any{"Who": named(t.shopper), "When": t.When(s.At, fact.Minute), "From": s.Source}
		b := block{ID: string(s.ID), Quote: s.Words}
		for n, id := range s.Photos {
			b.Photos = append(b.Photos, picture{t.root + "/photo/" + string(id), t.T("returns_desk.photo", map[string]any{"Number": n + 1})})
		}
		staff, _ := staffBehind(s.Actor)
		switch {
		case s.By == fact.ByUnknown:
			b.Title, b.Tone, b.Badge = t.T("talks.said_unknown", args), ui.Care, t.T("talks.unknown", nil)
		case s.By == fact.ByMerchant:
			args["Who"], args["House"] = t.voices[staff].Name, t.voices[staff].House
			b.Title = t.T("talks.said_by", args)
			if t.voices[staff].House != "" {
				b.Title = t.T("handed.said_by", args)
			}
		case s.Via == fact.ViaPublic:
			b.Title = t.T("talks.said_public", args)
		default:
			b.Title = t.T("talks.said_by", args)
		}
		out = append(out, b)
	}
	return out
}

// answerForm is the box, with the saved answers: those that the topics suggest first.
func (t *talking) answerForm(typed typedAnswer) *deed {
	words := input{ID: "answer", Name: "words", Kind: "area", Label: t.T("talks.words", nil), Value: typed.words}
	if typed.wrong != nil {
		words.Fault = misdone(t.Locale, typed.wrong)
	}
	d := &deed{
		Path: t.root + "/answer", Button: t.T("talks.send", nil), Name: "do", Value: "send", Files: true, How: t.T("talks.send_how", nil),
		Keep: []pair{{"seen", number(len(t.said))}}, Fields: []input{words, {Name: "close", Kind: "check", Label: t.T("talks.and_close", nil)}},
	}
	if t.of.Shopper == "" {
		d.How = t.T("talks.send_how_public", nil)
	}
	if len(t.replies) == 0 {
		return d
	}
	pick := input{Name: "reply", Kind: "select", Label: t.T("talks.replies", nil), Options: []option{{"", t.T("talks.no_reply", nil), true}}}
	for _, r := range t.suggested() {
		pick.Options = append(pick.Options, option{Value: string(r.ID), Words: r.Title})
	}
	d.Lead = []input{pick}
	d.Other, d.OtherName = t.T("talks.insert", nil), "insert"
	return d
}

// suggested are the saved answers, those of the message's topics first and marked.
func (t *talking) suggested() (out []helpdesk.Reply) {
	suggests := func(r helpdesk.Reply) bool {
		return slices.ContainsFunc(t.topics, func(x helpdesk.Topic) bool { return x.Reply == r.ID })
	}
	for _, r := range t.replies {
		if suggests(r) {
			r.Title = t.T("talks.suggested", map[string]any{"Title": r.Title})
			out = append(out, r)
		}
	}
	for _, r := range t.replies {
		if !suggests(r) {
			out = append(out, r)
		}
	}
	return out
}

// inView is what whoever answers must know: the order, what was promised, where
// the parcels are, and what was written before.
func (t *talking) inView() (out []block) {
	if t.of.Order != "" {
		out = append(out, t.orderBlock())
		for _, x := range t.promises() {
			b := block{Title: x.Title, Tone: x.Tone, Badge: x.Badge, Facts: x.Facts}
			for _, y := range x.Verdicts {
				b.Says = append(b.Says, y.Why)
			}
			out = append(out, b)
		}
		for _, x := range t.parcels {
			box := t.parcel(x)
			out = append(out, block{Title: box.Title, Tone: box.Tone, Badge: box.Status, Says: []string{box.Carried}, Notes: append([]string{box.News}, box.Disputes...)})
		}
		for _, x := range t.repairs() {
			b := block{Title: t.T("console.remedy", nil), Tone: x.Tone, Badge: x.Badge, Facts: x.Lines}
			if x.Words != "" {
				b.Says = []string{x.Words}
			}
			out = append(out, b)
		}
	}
	if len(t.past) == 0 {
		return out
	}
	past := block{ID: "past", Title: t.T("talks.past", nil)}
	for _, c := range t.past {
		_, badge, _ := talkState(t.Reading, c)
		past.Links = append(past.Links, pair{t.T("talks.past_one", map[string]any{"Day": t.Day(c.Opened.Day(t.Zone)), "State": badge}), talkPath(c.ID)})
	}
	return append(out, past)
}

func (t *talking) orderBlock() block {
	tone, badge, _ := standing(t.Reading, t.order, t.lived.owed, t.warnings)
	b := block{
		ID: "order", Title: t.T("talks.about", map[string]any{"Reference": t.order.Reference}), Path: orderPath(t.order.ID), Tone: tone, Badge: badge,
		Facts: append(t.summary(), pair{t.T("talks.value", nil), lang.Amount(t.Locale, t.order.Value)}),
	}
	for _, l := range t.goods() {
		b.Notes = append(b.Notes, l.Units+" × "+l.Name)
	}
	return b
}

// answerTalk sends an answer in the reader's name, or shows the form with a saved
// answer in it.
func (c Config) answerTalk(r *http.Request) (ui.Answer, error) {
	id, words := ident.Conversation(r.PathValue("id")), r.PostFormValue("words")
	if r.PostFormValue("do") == "insert" {
		return c.insertReply(r, words)
	}
	seen, _ := wholeNumber(r.PostFormValue("seen"))
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := helpdesk.Answer(tx, v.Merchant, id, helpdesk.Answering{
			By: v.Staff.ID, Seen: seen, Words: words, Close: r.PostFormValue("close") == "yes",
		})
		return err
	})
	if !denied(err) {
		return ui.Answer{To: talkPath(id) + "?done=talk_answered"}, err
	}
	return c.talkPage(r, typedAnswer{words, err})
}

// insertReply puts a saved answer below what was typed so far.
func (c Config) insertReply(r *http.Request, words string) (ui.Answer, error) {
	err := c.see(r, func(tx *db.Tx, v visit) error {
		all, err := helpdesk.Replies(tx, v.Merchant)
		for _, x := range all {
			if string(x.ID) != r.PostFormValue("reply") {
				continue
			}
			if words != "" {
				words += "\n\n"
			}
			words += x.Words
		}
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	return c.talkPage(r, typedAnswer{words: words})
}

// talkPhoto sends a photo that a conversation shows, and no other.
func (c Config) talkPhoto(w http.ResponseWriter, r *http.Request) {
	id := ident.Blob(r.PathValue("photo"))
	var doc blob.Blob
	err := c.see(r, func(tx *db.Tx, v visit) error {
		said, err := helpdesk.Thread(tx, v.Merchant, ident.Conversation(r.PathValue("id")))
		if err != nil {
			return err
		}
		doc, err = photoOf(tx, v.Merchant, said, id)
		return err
	})
	sendPhoto(w, doc, err)
}

// closeTalk closes a conversation.
func (c Config) closeTalk(r *http.Request) (ui.Answer, error) {
	id := ident.Conversation(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := helpdesk.Close(tx, v.Merchant, id, fact.ByMerchant)
		return err
	})
	if denied(err) {
		return c.talkPage(r, typedAnswer{wrong: err})
	}
	return ui.Answer{To: talkPath(id) + "?done=talk_closed"}, err
}

// readTalk takes a conversation off the list of what came from unknown addresses.
func (c Config) readTalk(r *http.Request) (ui.Answer, error) {
	id := ident.Conversation(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error { return helpdesk.Read(tx, v.Merchant, id) })
	return ui.Answer{To: talkPath(id)}, err
}
