package shopper

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// claimRoutes are the pages on which a shopper says that something went wrong and
// a person decides. Reading takes the link; a claim takes the hand of prove.go, for
// it may have a promise judged anew.
func (s *site) claimRoutes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	of := func(path string) string { return "/p/{token}/reclamation" + path }
	return []ui.Route{
		{Method: get, Path: of(""), Access: ui.ByLink, Summary: "Where something wrong is reported, and by when a person decides", Serve: s.claims},
		{Method: post, Path: of(""), Access: ui.ByLink, Files: maxUpload, Summary: "Claim, by one-time code", Serve: s.claim},
		{Method: get, Path: of("/{claim}"), Access: ui.ByLink, Summary: "A claim: where it stands, what was said and decided", Serve: s.showClaim},
		{Method: post, Path: of("/{claim}"), Access: ui.ByLink, Files: maxUpload, Summary: "Add to a claim, or contest what was decided, by one-time code", Serve: s.addToClaim},
		{Method: get, Path: of("/{claim}/photo/{photo}"), Access: ui.ByLink, Summary: "A photo of a claim", Stream: s.claimPhoto},
	}
}

// claiming is an order, and what was claimed about it.
type claiming struct {
	acting
	due      civil.Instant // by when a person decides on what is sent now
	of       helpdesk.Claim
	file     []helpdesk.ClaimEntry
	who      map[ident.Staff]merchant.Staff
	given    []returns.Redress
	mediator string
}

// readClaims reads the claims about the order.
func (d *lived) readClaims(tx *db.Tx) error {
	of, err := helpdesk.ClaimsOf(tx, d.shop.ID, []ident.Order{d.order.ID})
	d.claims = of[d.order.ID]
	return err
}

// claiming reads the order of a link and its claims.
func (s *site) claiming(r *http.Request) (c claiming, err error) {
	if c.acting, err = s.acting(r); err != nil {
		return c, err
	}
	err = s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		if err = c.readClaims(tx); err != nil {
			return err
		}
		c.due, err = helpdesk.Due(tx, c.shop.ID)
		return err
	})
	return c, err
}

// claimed reads the claim that a page is about. The fault is not_found, for one
// about another order too.
func (s *site) claimed(r *http.Request) (c claiming, err error) {
	if c, err = s.claiming(r); err != nil {
		return c, err
	}
	i := slices.IndexFunc(c.claims, func(x helpdesk.Claim) bool { return string(x.ID) == r.PathValue("claim") })
	if i < 0 {
		return c, fault.New(fault.NotFound, "not_found", "claim")
	}
	c.of = c.claims[i]
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		if c.file, err = helpdesk.ClaimFile(tx, c.shop.ID, c.of.ID); err != nil {
			return err
		}
		conditions, err := returns.ConditionsOf(tx, c.shop.ID)
		if err != nil {
			return err
		}
		c.mediator = conditions.Mediator
		if c.given, err = returns.RedressFor(tx, c.shop.ID, helpdesk.Questions(c.file)); err != nil {
			return err
		}
		c.who, err = merchant.Colleagues(tx, c.shop.ID, c.deciders())
		return err
	})
	return c, err
}

func (c claiming) deciders() (ids []ident.Staff) {
	for _, e := range c.file {
		if id, is := strings.CutPrefix(string(e.Actor), "staff:"); is {
			ids = append(ids, ident.Staff(id))
		}
	}
	return ids
}

// claims shows the form, and what was claimed before.
func (s *site) claims(r *http.Request) (ui.Answer, error) {
	c, err := s.claiming(r)
	if err != nil {
		return ui.Answer{}, err
	}
	what := fact.ClaimKind(shortly(r.URL.Query().Get("quoi")))
	return ui.Answer{Page: claimForm(c.formPage(claimDraft{what: what, key: rand.Text()}))}, nil
}

// claimDraft is what was typed into the form.
type claimDraft struct {
	what       fact.ClaimKind
	parcel     ident.Parcel
	words, key string
}

func draftOf(r *http.Request) claimDraft {
	return claimDraft{
		what: fact.ClaimKind(shortly(r.PostFormValue("what"))), parcel: ident.Parcel(typed(r, "parcel", maxShort)),
		words: r.PostFormValue("words"), key: typed(r, "key", maxShort),
	}
}

// claim raises a claim and shows it. Whoever has not proved the hand keeps the
// words that were typed.
func (s *site) claim(r *http.Request) (ui.Answer, error) {
	c, err := s.claiming(r)
	if err != nil {
		return ui.Answer{}, err
	}
	draft := draftOf(r)
	if !c.trusted {
		p := c.formPage(draft)
		p.Wrong = []wrong{{"unlock", c.T("claim_page.code_first", nil)}}
		return ui.Answer{Status: http.StatusForbidden, Page: claimForm(p)}, nil
	}
	var raised helpdesk.Claim
	err = s.illustrated(r, c.lived, func(tx *flow.Tx, photos []ident.Blob) (err error) {
		raised, err = helpdesk.Raise(tx, c.shop.ID, helpdesk.Raising{
			Key: askKey(c.order.ID, "claim/"+draft.key), Order: c.order.ID, Parcel: draft.parcel, What: draft.what, Via: fact.ViaPage,
			Words: draft.words, Photos: photos,
		})
		return err
	})
	if err == nil {
		return ui.Answer{To: "reclamation/" + string(raised.ID) + query(c.chosen)}, nil
	}
	p := c.formPage(draft)
	p.Wrong, err = c.unwritten(err)
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: claimForm(p)}, err
}

// showClaim shows a claim.
func (s *site) showClaim(r *http.Request) (ui.Answer, error) {
	c, err := s.claimed(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: claimView(c.claimPage(""))}, nil
}

// addToClaim adds to a claim that waits, and contests one that was decided.
func (s *site) addToClaim(r *http.Request) (ui.Answer, error) {
	c, err := s.claimed(r)
	if err != nil {
		return ui.Answer{}, err
	}
	words := r.PostFormValue("words")
	if !c.trusted {
		p := c.claimPage(words)
		p.Wrong = []wrong{{"unlock", c.T("claim_page.code_first", nil)}}
		return ui.Answer{Status: http.StatusForbidden, Page: claimView(p)}, nil
	}
	err = s.illustrated(r, c.lived, func(tx *flow.Tx, photos []ident.Blob) error {
		said := helpdesk.Statement{By: fact.ByShopper, Via: fact.ViaPage, Words: words, Photos: photos}
		if c.of.Waits() {
			_, err := helpdesk.Tell(tx, c.shop.ID, c.of.ID, said)
			return err
		}
		_, err := helpdesk.ContestClaim(tx, c.shop.ID, c.of.ID, said)
		return err
	})
	if err == nil {
		return ui.Answer{To: string(c.of.ID) + query(c.chosen)}, nil
	}
	p := c.claimPage(words)
	p.Wrong, err = c.unwritten(err)
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: claimView(p)}, err
}

// claimPhoto sends a photo that the shopper put into a claim, and no other.
func (s *site) claimPhoto(w http.ResponseWriter, r *http.Request) {
	c, err := s.claimed(r)
	if err != nil {
		refuse(w, err)
		return
	}
	id := ident.Blob(r.PathValue("photo"))
	if !slices.ContainsFunc(c.file, func(e helpdesk.ClaimEntry) bool { return readable(e) && slices.Contains(e.Photos, id) }) {
		id = ""
	}
	s.handOut(w, r, c.shop.ID, id, "photo")
}

// readable reports whether the shopper reads the words of an entry: what the carrier
// and the shop say of it to one another is for whoever decides.
func readable(e helpdesk.ClaimEntry) bool {
	return e.Act != helpdesk.ActAsked && e.Act != helpdesk.ActGiven
}
