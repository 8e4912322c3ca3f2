package shopper

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/photo"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// askRoutes are the pages on which a shopper writes to a person. The link is
// enough: nothing is changed by words.
func (s *site) askRoutes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	of := func(path string) string { return "/p/{token}/ecrire" + path }
	return []ui.Route{
		{Method: get, Path: of(""), Access: ui.ByLink, Summary: "A box to write to a person, and by when they answer", Serve: s.askPerson},
		{Method: post, Path: of(""), Access: ui.ByLink, Files: maxUpload, Summary: "Write to a person about the order", Serve: s.writeFirst},
		{Method: get, Path: of("/{talk}"), Access: ui.ByLink, Summary: "What was written and answered", Serve: s.showTalk},
		{Method: post, Path: of("/{talk}"), Access: ui.ByLink, Files: maxUpload, Summary: "Write on in a conversation", Serve: s.writeOn},
		{Method: get, Path: of("/{talk}/photo/{photo}"), Access: ui.ByLink, Summary: "A photo of a conversation", Stream: s.talkPhoto},
		{Method: post, Path: of("/{talk}/clore"), Access: ui.ByLink, Summary: "No answer is needed any more", Serve: s.closeTalk},
	}
}

// enquiry is an order and what was written about it.
type enquiry struct {
	*lived
	due  civil.Instant // by when a person answers whoever writes now
	talk helpdesk.Conversation
	said []helpdesk.Said
	who  map[ident.Staff]helpdesk.Voice
	desk string // the network whose desk answers in the shop's name; empty: the shop's own does
}

// writePage is the box, and what was written before.
type writePage struct {
	ui.Frame
	Back   string // path of the order's page
	Form   string
	Key    string
	Due    string // by when a person answers
	How    string
	Words  string
	Wrong  []wrong
	Talks  []choice
	Mail   string // opens a letter to the shop; empty: it gave no address
	At     string // that address
	Times  string
	Button string
}

// talkPage is a conversation.
type talkPage struct {
	writePage
	Badge  string
	Tone   ui.Tone
	State  string
	Handed string // who answers in the shop's name; empty: the shop does
	Said   []utterance
	Close  string // path of the form that says no answer is needed; empty: none is awaited
	Other  string // path of the box for another matter
	Number string
}

// utterance is one message, as it was written.
type utterance struct {
	Who, When string
	Ours      bool     // by the shop
	Lines     []string // paragraphs
	Photos    []string // paths
}

// askOrder reads the order that somebody writes about.
func (s *site) askOrder(r *http.Request) (d enquiry, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		if d.lived, err = readLiving(tx, link, wanted(r)); err != nil {
			return err
		}
		if err := d.readTalks(tx); err != nil {
			return err
		}
		d.due, err = helpdesk.Due(tx, d.shop.ID)
		return err
	})
	return d, err
}

// readTalks reads the conversations about the order.
func (d *lived) readTalks(tx *db.Tx) error {
	of, err := helpdesk.OfOrders(tx, d.shop.ID, []ident.Order{d.order.ID})
	d.talks = of[d.order.ID]
	return err
}

// askPerson shows the box.
func (s *site) askPerson(r *http.Request) (ui.Answer, error) {
	d, err := s.askOrder(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: writeView(d.writePage("", rand.Text()))}, nil
}

func (d enquiry) writePage(words, key string) writePage {
	args := map[string]any{"Shop": d.brand.Shown, "Due": d.Due(d.due), "Reference": d.order.Reference}
	p := writePage{
		Frame: d.frame(d.T("ask_page.title", args)), Back: d.back(), Form: d.beside("ecrire"), Key: key,
		Due: d.T("ask_page.due", args), How: d.T("ask_page.how", args), Words: words, Button: d.T("ask_page.send", nil),
		Times: d.T("order_page.times", map[string]any{"Zone": lang.Zone(d.Locale, d.Zone.String())}),
	}
	p.Look = backLook
	p.Mail, p.At = d.mailTo(d.T("order_page.order", args)), d.brand.Contact
	for _, c := range slices.Backward(d.talks) {
		p.Talks = append(p.Talks, choice{d.talkName(c), d.talkState(c), "ecrire/" + string(c.ID) + query(d.chosen)})
	}
	return p
}

// talkChoices are the ways to the conversations about the order, the last first.
func (d *lived) talkChoices() (all []choice) {
	for _, c := range slices.Backward(d.talks) {
		all = append(all, choice{d.talkName(c), d.talkState(c), d.below("ecrire/" + string(c.ID))})
	}
	return all
}

func (d *lived) talkName(c helpdesk.Conversation) string {
	return d.T("ask_page.talk", map[string]any{"Day": d.Day(c.Opened.Day(d.Zone))})
}

// talkState is where a conversation stands.
func (d *lived) talkState(c helpdesk.Conversation) string {
	args := map[string]any{"Due": d.Due(c.AnswerBy)}
	switch {
	case c.State == helpdesk.Closed:
		return d.T("ask_page.state_closed", nil)
	case !c.Waits():
		return d.T("ask_page.state_answered", nil)
	case d.Now >= c.AnswerBy:
		return d.T("ask_page.state_late", args)
	default:
		d.changesAt(c.AnswerBy)
		return d.T("ask_page.state_waiting", args)
	}
}

// askKey is what a question is known by: no key of a form meets one of a program's.
func askKey(o ident.Order, key string) string {
	return "page/" + ident.Hash(string(o) + "/" + key)[:40]
}

// writeFirst opens a conversation, and shows it.
func (s *site) writeFirst(r *http.Request) (ui.Answer, error) {
	d, err := s.askOrder(r)
	if err != nil {
		return ui.Answer{}, err
	}
	words, key := r.PostFormValue("words"), typed(r, "key", maxShort)
	var c helpdesk.Conversation
	err = s.illustrated(r, d.lived, func(tx *flow.Tx, photos []ident.Blob) (err error) {
		c, err = helpdesk.Ask(tx, d.shop.ID, helpdesk.Question{
			Key: askKey(d.order.ID, key), Order: d.order.ID, Via: fact.ViaPage, Words: words, Photos: photos,
		})
		return err
	})
	if err == nil {
		return ui.Answer{To: "ecrire/" + string(c.ID) + query(d.chosen)}, nil
	}
	p := d.writePage(words, key)
	p.Wrong, err = d.unwritten(err)
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: writeView(p)}, err
}

// illustrated runs a verb in the shopper's name with the photos of a form, which
// are cleaned before anything is written.
func (s *site) illustrated(r *http.Request, d *lived, verb func(*flow.Tx, []ident.Blob) error) error {
	var photos []photo.Photo
	if files := ui.Uploads(r, "photos"); len(files) > 0 {
		var err error
		if photos, err = s.back.develop(r.Context(), d.link, "photos", files); err != nil {
			return err
		}
	}
	return s.flow.One(r.Context(), flow.ByShopper(d.order.Shopper), d.shop.ID, func(tx *flow.Tx) error {
		ids, err := blob.PutPhotos(tx, d.shop.ID, photos)
		if err != nil {
			return err
		}
		return verb(tx, ids)
	})
}

// unwritten is why words were not taken, beside their box; what the writer can not
// mend stays an error.
func (d *lived) unwritten(err error) ([]wrong, error) {
	mendable := []fault.Kind{fault.Invalid, fault.Conflict, fault.TooMany, fault.TooLarge, fault.Unsupported}
	if !slices.Contains(mendable, fault.KindOf(err)) {
		return nil, err
	}
	var all []wrong
	for _, f := range fault.All(err) {
		at := "words"
		switch {
		case f.Field == "words":
			f.Field = "message" // as the label calls it
		case strings.HasPrefix(f.Field, "photos"):
			at = "photos"
		}
		all = append(all, wrong{at, d.sentence(f)})
	}
	return all, nil
}

// talking reads the conversation that a page is about. The fault is not_found,
// for one about another order too.
func (s *site) talking(r *http.Request) (d enquiry, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		if d.lived, err = readLiving(tx, link, wanted(r)); err != nil {
			return err
		}
		m := d.shop.ID
		if d.talk, err = helpdesk.Get(tx, m, ident.Conversation(r.PathValue("talk"))); err != nil {
			return err
		}
		if d.talk.Order != d.order.ID {
			return fault.New(fault.NotFound, "not_found", "conversation")
		}
		if d.said, err = helpdesk.Thread(tx, m, d.talk.ID); err != nil {
			return err
		}
		if d.due, err = helpdesk.Due(tx, m); err != nil {
			return err
		}
		if d.who, err = helpdesk.Voices(tx, m, d.said); err != nil || d.talk.Network == "" {
			return err
		}
		network, err := merchant.Get(tx, d.talk.Network)
		d.desk = network.Name
		return err
	})
	return d, err
}

// showTalk shows a conversation.
func (s *site) showTalk(r *http.Request) (ui.Answer, error) {
	d, err := s.talking(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: talkView(d.talkPage(""))}, nil
}

func (d enquiry) talkPage(words string) talkPage {
	p := talkPage{writePage: d.writePage(words, ""), State: d.talkState(d.talk), Number: d.T("ask_page.number", map[string]any{"Number": string(d.talk.ID)})}
	id := string(d.talk.ID)
	p.Talks, p.Title = nil, d.talkName(d.talk)
	p.Back, p.Form, p.Other = "../"+d.back(), id+query(d.chosen), "../ecrire"+query(d.chosen)
	p.Button = d.T("ask_page.reply", nil)
	switch {
	case d.talk.State == helpdesk.Closed:
		p.Tone, p.Badge = ui.Mute, d.T("ask_page.badge_closed", nil)
		p.How = d.T("ask_page.how_again", nil)
	case !d.talk.Waits():
		p.Tone, p.Badge = ui.Good, d.T("ask_page.badge_answered", nil)
		p.How = d.T("ask_page.how_reply", nil)
	default:
		p.Tone, p.Badge, p.Due = ui.Calm, d.T("ask_page.badge_waiting", nil), ""
		if d.Now >= d.talk.AnswerBy {
			p.Tone, p.Badge = ui.Bad, d.T("ask_page.badge_late", nil)
		}
		p.How, p.Button = d.T("ask_page.how_add", nil), d.T("ask_page.add", nil)
		p.Close = id + "/clore" + query(d.chosen)
	}
	if d.desk != "" && d.talk.State != helpdesk.Closed {
		p.Handed = d.T("ask_page.handed", map[string]any{"House": d.desk, "Shop": d.brand.Shown})
	}
	for _, s := range d.said {
		p.Said = append(p.Said, d.utterance(s))
	}
	return p
}

// utterance puts a message with its writer and its date.
func (d enquiry) utterance(s helpdesk.Said) utterance {
	out := utterance{When: d.When(s.At, fact.Minute), Ours: s.By == fact.ByMerchant, Lines: strings.Split(s.Words, "\n")}
	for _, id := range s.Photos {
		out.Photos = append(out.Photos, string(d.talk.ID)+"/photo/"+string(id))
	}
	staff, _ := strings.CutPrefix(string(s.Actor), "staff:")
	who := d.who[ident.Staff(staff)]
	switch {
	case s.By == fact.ByShopper:
		out.Who = d.T("ask_page.by_you", nil)
	case s.By == fact.ByUnknown:
		out.Who = d.T("ask_page.by_unknown", nil)
	case who.Name == "":
		out.Who = d.brand.Shown
	case who.House != "":
		out.Who = d.T("ask_page.by_house", map[string]any{"Person": who.Name, "House": who.House, "Shop": d.brand.Shown})
	default:
		out.Who = d.T("ask_page.by_person", map[string]any{"Person": who.Name, "Shop": d.brand.Shown})
	}
	return out
}

// writeOn adds to a conversation.
func (s *site) writeOn(r *http.Request) (ui.Answer, error) {
	d, err := s.talking(r)
	if err != nil {
		return ui.Answer{}, err
	}
	words := r.PostFormValue("words")
	err = s.illustrated(r, d.lived, func(tx *flow.Tx, photos []ident.Blob) error {
		_, err := helpdesk.Write(tx, d.shop.ID, d.talk.ID, helpdesk.Further{Via: fact.ViaPage, Words: words, Photos: photos})
		return err
	})
	if err == nil {
		return ui.Answer{To: string(d.talk.ID) + query(d.chosen) + "#last"}, nil
	}
	p := d.talkPage(words)
	p.Wrong, err = d.unwritten(err)
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: talkView(p)}, err
}

// talkPhoto sends a photo that a conversation shows, and no other.
func (s *site) talkPhoto(w http.ResponseWriter, r *http.Request) {
	d, err := s.talking(r)
	if err != nil {
		refuse(w, err)
		return
	}
	id := ident.Blob(r.PathValue("photo"))
	if !slices.ContainsFunc(d.said, func(x helpdesk.Said) bool { return slices.Contains(x.Photos, id) }) {
		id = ""
	}
	s.handOut(w, r, d.shop.ID, id, "photo")
}

// closeTalk says that no answer is needed.
func (s *site) closeTalk(r *http.Request) (ui.Answer, error) {
	d, err := s.talking(r)
	if err != nil {
		return ui.Answer{}, err
	}
	err = s.flow.One(r.Context(), flow.ByShopper(d.order.Shopper), d.shop.ID, func(tx *flow.Tx) error {
		_, err := helpdesk.Close(tx, d.shop.ID, d.talk.ID, fact.ByShopper)
		return err
	})
	return ui.Answer{To: "../" + string(d.talk.ID) + query(d.chosen)}, err
}
