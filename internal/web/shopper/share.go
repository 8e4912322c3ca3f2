package shopper

import (
	"net/http"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/lookup"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// How long a shared link opens: after the parcel came, or was lost, and at most.
const (
	sharedAfter = 7 * 24 * time.Hour
	sharedMost  = 90 * 24 * time.Hour
)

// shareRoutes are the pages by which others see where a parcel is. No code is asked
// for: a shared link says less than the one that makes it, and does nothing.
func (s *site) shareRoutes() []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/p/{token}/partager", Access: ui.ByLink, Summary: "The links by which others see where a parcel is", Serve: s.shares},
		{Method: http.MethodPost, Path: "/p/{token}/partager", Access: ui.ByLink, Summary: "Make such a link, shown once, or take one back", Serve: s.share},
		{Method: http.MethodGet, Path: "/partage/{token}", Access: ui.ByLink, Summary: "A parcel's milestone and its day, and nothing else", Serve: s.shared},
	}
}

// sharePage is the links of an order.
type sharePage struct {
	ui.Frame
	Back, Form string
	Parcels    []pair // words and id
	Fresh      string // the link that was just made; empty: none was
	Made       []sharedLink
	Noted      string
	Wrong      string
}

// sharedLink is one that was made.
type sharedLink struct {
	ID           ident.Share
	Words, Ended string // Ended: when it was taken back; empty: it was not
}

// sharing is an order, and the links that show its parcels.
type sharing struct {
	*lived
	made []orders.Share
}

func (s *site) readSharing(r *http.Request) (d sharing, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		if d.lived, err = readLiving(tx, link, wanted(r)); err != nil {
			return err
		}
		d.made, err = orders.Shares(tx, d.shop.ID, d.order.ID)
		return err
	})
	return d, err
}

func (s *site) shares(r *http.Request) (ui.Answer, error) {
	d, err := s.readSharing(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: shareView(d.sharePage())}, nil
}

func (d sharing) sharePage() sharePage {
	p := sharePage{Frame: d.frame(d.T("share.title", nil)), Back: d.back(), Form: d.beside("partager")}
	numbers := map[ident.Parcel]string{}
	for _, x := range d.outgoing() {
		numbers[x.ID] = x.Number
		p.Parcels = append(p.Parcels, pair{What: d.T("share.parcel", map[string]any{"Number": x.Number}), Value: string(x.ID)})
	}
	for _, x := range slices.Backward(d.made) {
		l := sharedLink{ID: x.ID, Words: d.T("share.made_at", map[string]any{"When": d.When(x.Made, fact.Minute), "Number": numbers[x.Parcel]})}
		if x.Ended != 0 {
			l.Ended = d.T("share.ended", map[string]any{"When": d.When(x.Ended, fact.Minute)})
		}
		p.Made = append(p.Made, l)
	}
	return p
}

// share makes a link, or takes one back. The link is in the answer and nowhere else,
// so the answer is the page and no way to it.
func (s *site) share(r *http.Request) (ui.Answer, error) {
	d, err := s.readSharing(r)
	if err != nil {
		return ui.Answer{}, err
	}
	back := ident.Share(r.PostFormValue("reprendre"))
	var link ident.Link
	err = s.flow.One(r.Context(), by, d.shop.ID, func(tx *flow.Tx) (err error) {
		if back != "" {
			return orders.Unshare(tx, d.shop.ID, d.order, back)
		}
		link, err = orders.ShareParcel(tx, d.shop.ID, d.order, ident.Parcel(r.PostFormValue("colis")))
		return err
	})
	full := fault.Is(err, "shares_full")
	if err != nil && !full {
		return ui.Answer{}, err
	}
	if d, err = s.readSharing(r); err != nil {
		return ui.Answer{}, err
	}
	p := d.sharePage()
	switch {
	case full:
		p.Wrong = d.T("share.full", nil)
		return ui.Answer{Status: http.StatusConflict, Page: shareView(p)}, nil
	case back != "":
		p.Noted = d.T("share.taken_back", nil)
	default:
		p.Fresh = s.base + "/partage/" + string(link)
	}
	return ui.Answer{Page: shareView(p)}, nil
}

// sharedPage is what a shared link shows.
type sharedPage struct {
	ui.Frame
	lookup.Told
}

// shared shows a milestone and its day. A link that has gone out, was taken back or
// was never made gets one answer.
func (s *site) shared(r *http.Request) (ui.Answer, error) {
	link, err := token(r)
	if err != nil {
		return ui.Answer{}, err
	}
	loc := ui.Reader(r)
	p := sharedPage{Frame: ui.Frame{Locale: loc, Title: lang.T(loc, "share.page", nil), Private: true, Look: look}}
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		m, x, err := orders.SharedBy(tx, link)
		if err != nil {
			return err
		}
		p.Told, err = lookup.Tell(tx, m, x.Parcel, loc)
		if err == nil && (tx.Now >= x.Made.Add(sharedMost) || p.Ended != 0 && tx.Now >= p.Ended.Add(sharedAfter)) {
			err = fault.New(fault.NotFound, "not_found", "")
		}
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		p.Title, p.Told = lang.T(loc, "share.over", nil), lookup.Told{}
		return ui.Answer{Status: http.StatusNotFound, Page: sharedView(p)}, nil
	}
	return ui.Answer{Page: sharedView(p)}, err
}
