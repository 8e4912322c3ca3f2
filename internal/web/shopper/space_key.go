package shopper

import (
	_ "embed"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/pass"
	"github.com/promesse-dev/promesse/internal/web/passkey"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

//go:embed key.js
var keyText []byte

// keyModule has the browser make a key, or answer with one.
var keyModule = ui.NewModule(keyText)

func (s *site) spaceKeyRoutes() []ui.Route {
	post := http.MethodPost
	return []ui.Route{
		{Method: post, Path: "/espace/cle", Access: ui.Anybody, Summary: "Enter one's space with a passkey", Serve: s.enterByKey},
		{Method: post, Path: "/espace/donnees/cle", Access: ui.ByShopper, Summary: "Keep a passkey for one's space", Serve: s.keepKey},
		{Method: post, Path: "/espace/donnees/cle/retirer", Access: ui.ByShopper, Summary: "Forget a passkey", Serve: s.dropKey},
		{Method: http.MethodGet, Path: "/assets/cle.js", Access: ui.Anybody, Summary: "The module that speaks to a browser's passkeys", Stream: keyModule.Serve},
	}
}

// keyOffer is the form by which a browser makes a key, or answers with one. It shows
// where there is script and the browser has keys.
type keyOffer struct {
	Options, Note string
	Shown         bool // without script too: to be looked at
}

// keyRow is a key that is kept.
type keyRow struct{ ID, Name, Text string }

// keyForm fills a form with a challenge.
func (s *site) keyForm(f *ui.Frame, make func(until civil.Instant) (passkey.Offer, error)) (*keyOffer, error) {
	o, err := make(s.flow.Clock().Wall().Add(shopper.PasskeyLife))
	if err != nil {
		return nil, err
	}
	f.Scripts = append(f.Scripts, "/assets/cle.js"+keyModule.Query())
	return &keyOffer{Options: o.Options, Note: o.Note}, nil
}

// browsed are the passkeys of an address, as the desk reads them.
func browsed(all []shopper.Passkey) (keys []passkey.Key) {
	for _, k := range all {
		keys = append(keys, passkey.Key{ID: k.ID, Handle: k.Handle, Record: k.Record})
	}
	return keys
}

// fillKeys shows the passkeys of whoever is in their space, and where another is made.
// No shop's clock is theirs, so days are told in UTC.
func (s *site) fillKeys(p *spaceData, all []shopper.Passkey, now civil.Instant) (err error) {
	read := ui.Reading{Locale: p.Locale, Now: now, Zone: time.UTC}
	for _, k := range all {
		row := keyRow{ID: k.ID, Name: k.Name, Text: read.T("passkey.unused", map[string]any{"Made": read.When(k.Made, fact.ADay)})}
		if k.Used != 0 {
			row.Text = read.T("passkey.used", map[string]any{"Made": read.When(k.Made, fact.ADay), "Used": read.When(k.Used, fact.ADay)})
		}
		p.Keys = append(p.Keys, row)
	}
	if p.Locked || s.keys == nil {
		return nil
	}
	p.Key, err = s.keyForm(&p.Frame, func(until civil.Instant) (passkey.Offer, error) {
		return s.keys.Create(p.Address, browsed(all), until)
	})
	return err
}

const maxKeyAnswer = 16 << 10 // bytes

// keyAnswer is what the browser sent. The fault is passkey_refused.
func (s *site) keyAnswer(r *http.Request) (passkey.Answer, error) {
	a := passkey.Answer{Note: r.PostFormValue("note"), Body: r.PostFormValue("answer")}
	if s.keys == nil || len(a.Note)+len(a.Body) > maxKeyAnswer {
		return a, keyRefused()
	}
	return a, nil
}

func keyRefused() error { return fault.New(fault.Conflict, "passkey_refused", "passkey") }

// refusedKey makes what the desk does not take a fault.
func refusedKey(err error) error {
	if errors.Is(err, passkey.ErrRefused) {
		return keyRefused()
	}
	return err
}

// keyFault is what is wrong with an answer, to be said; nil where it is none of that.
func keyFault(err error) *fault.Error {
	if f := faultOf(err, fault.Invalid); f != nil {
		return f
	}
	return faultOf(err, fault.Conflict)
}

// keepKey keeps the key that a browser made, and tells the mailbox of it.
func (s *site) keepKey(r *http.Request) (ui.Answer, error) {
	if a, ok := s.fresh(r); !ok {
		return a, nil
	}
	email, loc := inSpace(r).Email, ui.Reader(r)
	err := s.keep(r, email, loc)
	if f := keyFault(err); f != nil {
		return s.dataWrong(r, http.StatusUnprocessableEntity, wrong{"device", lang.Fault(loc, f)})
	}
	return ui.Answer{To: spaceHome + "?note=cle"}, err
}

func (s *site) keep(r *http.Request, email string, loc lang.Locale) error {
	answer, err := s.keyAnswer(r)
	if err != nil {
		return err
	}
	k, challenge, err := s.keys.Created(answer, email, s.flow.Clock().Wall())
	if err != nil {
		return refusedKey(err)
	}
	kept := shopper.Passkey{ID: k.ID, Email: email, Handle: k.Handle, Record: k.Record, Name: r.PostFormValue("device")}
	return s.flow.Write(r.Context(), by, nil, func(tx *flow.Tx) error {
		if err := shopper.KeepPasskey(tx, kept, challenge); err != nil {
			return err
		}
		return s.tell(tx, pass.Asked{What: letters.KeyMade, Other: kept.Name, Email: email, Locale: loc})
	})
}

// dropKey forgets a key, and tells the mailbox of it.
func (s *site) dropKey(r *http.Request) (ui.Answer, error) {
	if a, ok := s.fresh(r); !ok {
		return a, nil
	}
	email, id := inSpace(r).Email, r.PostFormValue("key")
	err := s.flow.Write(r.Context(), by, nil, func(tx *flow.Tx) error {
		k, _, err := shopper.PasskeyOf(tx.Tx, id)
		if err != nil {
			return err
		}
		dropped, err := shopper.DropPasskey(tx, email, id)
		if err != nil || !dropped {
			return err
		}
		return s.tell(tx, pass.Asked{What: letters.KeyGone, Other: k.Name, Email: email, Locale: ui.Reader(r)})
	})
	return ui.Answer{To: spaceHome + "?note=cle-retiree"}, err
}

// enterByKey lets in whoever answers the door's challenge.
func (s *site) enterByKey(r *http.Request) (ui.Answer, error) {
	p, err := s.entrance(r)
	if err != nil {
		return ui.Answer{}, err
	}
	if _, ok := s.asking.Take(visitor.Of(r, s.back.proxies)); !ok {
		p.KeyWrong = lang.T(p.Locale, "space.enter_later", nil)
		return ui.Answer{Status: http.StatusTooManyRequests, Page: enterSpace(p)}, nil
	}
	session, err := s.unlock(r)
	if f := keyFault(err); f != nil {
		p.KeyWrong = lang.Fault(p.Locale, f)
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: enterSpace(p)}, nil
	}
	return ui.Answer{To: spacePath, Cookies: []*http.Cookie{s.spaceCookie(session, shopper.SpaceIdle)}}, err
}

func (s *site) unlock(r *http.Request) (session string, err error) {
	answer, err := s.keyAnswer(r)
	if err != nil {
		return "", err
	}
	var k shopper.Passkey
	var lanes []ident.Merchant
	find := func(id string) (passkey.Key, bool, error) {
		ok := false
		err := s.flow.Read(r.Context(), func(tx *db.Tx) error {
			if k, ok, err = shopper.PasskeyOf(tx, id); err != nil || !ok {
				return err
			}
			places, err := shopper.Places(tx, k.Email)
			for _, p := range places {
				lanes = append(lanes, p.Merchant)
			}
			return err
		})
		return passkey.Key{ID: k.ID, Handle: k.Handle, Record: k.Record}, ok, err
	}
	now, challenge, err := s.keys.Entered(answer, s.flow.Clock().Wall(), find)
	if err != nil {
		return "", refusedKey(err)
	}
	k.Record = now.Record
	err = s.flow.Write(r.Context(), by, lanes, func(tx *flow.Tx) error {
		session, err = shopper.EnterByPasskey(tx, k, challenge)
		return err
	})
	return session, err
}

// keyDesk is the desk of an installation's passkeys; nil where it has none.
func keyDesk(address string, v *vault.Vault) (*passkey.Desk, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	desk, _ := passkey.New(base, v)
	return desk, nil
}
