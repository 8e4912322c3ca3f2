package story

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// choosesTogether has deliveries of several shops come on one day to the address that
// they share: `chooses E-1 with P-1 on 2026-11-26`. It is asked for in the shopper's
// space, which each of the shops is let into first. What the page said of it before
// is kept for an expectation of a refusal: those that can not stay as they are.
func (w *world) choosesTogether(ctx context.Context, who string, first *bought, ws *words) error {
	all := []*bought{first}
	for !ws.is("on") {
		o, err := w.ownNamed(who, ws)
		if err != nil {
			return err
		}
		all = append(all, o)
	}
	on, err := read(ws, "date", civil.ParseDay)
	if err != nil {
		return err
	}
	for _, o := range all {
		if err := w.consent(ctx, who, o); err != nil {
			return err
		}
	}
	session, err := w.enter(ctx, who)
	if err != nil {
		return err
	}
	w.asked++
	form := url.Values{"lieu": {"adresse"}, "jour": {on.String()}, "key": {fmt.Sprint("story ", w.asked)}}
	for _, o := range all {
		form.Add("o", string(o.id))
	}
	seen := w.visit(ctx, base+"/espace/regrouper?"+form.Encode(), nil, session)
	w.refusal = visible(seen.Body.String())
	done := w.visit(ctx, base+"/espace/regrouper", form, session)
	if done.Code >= 400 {
		return fmt.Errorf("it answered %d: %s", done.Code, visible(done.Body.String()))
	}
	return nil
}

// consent has the shop of an order known in its shopper's space.
func (w *world) consent(ctx context.Context, who string, o *bought) error {
	of, err := o.shop.client.call(ctx, "GET", "orders/"+string(o.id), nil)
	if err != nil {
		return err
	}
	if _, err := o.shop.client.call(ctx, "POST", "shoppers/"+text(of, "shopper")+"/invitation", object{}); err != nil {
		return err
	}
	link, err := w.lastLink(ctx, who, "/lien/")
	if err != nil {
		return err
	}
	return w.tap(ctx, link, url.Values{})
}

// enter signs in to the shopper's space, and gives the cookie.
func (w *world) enter(ctx context.Context, who string) (cookie string, err error) {
	if err := w.tap(ctx, base+"/espace/entrer", url.Values{"email": {email(who)}}); err != nil {
		return "", err
	}
	link, err := w.lastLink(ctx, who, "/espace/entrer/")
	if err != nil {
		return "", err
	}
	in := w.visit(ctx, link, url.Values{}, "")
	cookie, _, _ = strings.Cut(in.Header().Get("Set-Cookie"), ";")
	if cookie == "" {
		err = fmt.Errorf("%s is not let in: %d %s", link, in.Code, visible(in.Body.String()))
	}
	return cookie, err
}

// lastLink is that of the last letter to somebody that leads there.
func (w *world) lastLink(ctx context.Context, who, to string) (string, error) {
	if err := w.rest(ctx); err != nil {
		return "", err
	}
	address := regexp.MustCompile(regexp.QuoteMeta(base+to) + `[0-9a-zA-Z_-]+`)
	all := w.letters(email(who), w.now+1)
	for i := range all {
		if link := address.FindString(all[len(all)-1-i].Text); link != "" {
			return link, nil
		}
	}
	return "", fmt.Errorf("no letter to %s leads to %s", who, to)
}

// visit is a browser with a cookie.
func (w *world) visit(ctx context.Context, address string, form url.Values, cookie string) *httptest.ResponseRecorder {
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r := httptest.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("Cookie", cookie)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	out := httptest.NewRecorder()
	w.client.handler.ServeHTTP(out, r)
	return out
}
