package api

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/merchant"
)

// A shopper chooses a date, a point among those that can hold the parcel, and
// orders: the order says where it is collected.
func TestAnOrderIsCollectedWhereItsShopperChose(t *testing.T) {
	s := open(t).shop()
	owner, dev := s.as(merchant.Owner), s.as(merchant.Developer)
	near, shut := s.store("near"), Point{}
	owner.must(200, "PUT", "/api/v1/stores", strings.Replace(storeBody("shut"), "Mo-Sa 10:00-19:00", "Mo-Su off", 1), &shut)
	var to Service
	owner.must(201, "POST", "/api/v1/services", strings.NewReplacer("À domicile", "Au magasin", `"home"`, `"store"`).Replace(s.serviceBody()), &to)
	owner.must(201, "POST", "/api/v1/tariffs", fmt.Sprintf(`{"service":%q,"price":{"minor":0,"currency":"EUR"}}`, to.ID), nil)

	date := func(point string) (q Quote, o Option) {
		t.Helper()
		dev.must(200, "POST", "/api/v1/quotes", strings.Replace(quoteBody("FR", "69003"), "{", "{"+point, 1), &q)
		for _, o := range q.Options {
			if o.Service == to.ID {
				return q, o
			}
		}
		return q, Option{}
	}
	_, o := date("")
	if o.Network != string(s.id) {
		t.Fatalf("points of %q are to choose from", o.Network)
	}
	var found Points
	owner.must(200, "GET", "/api/v1/points?"+url.Values{
		"text": {"69003"}, "kind": {"store"}, "service": {"collect"}, "hold_from": {o.HandOver.String() + "T18:00:00+01:00"}, "hold_until": {o.Until.String()},
	}.Encode(), "", &found)
	if len(found.Items) != 1 || found.Items[0].ID != near.ID || len(found.Passed) != 1 || found.Passed[0].Reason != "closed_all_hold" {
		t.Errorf("found %+v, passed %+v", found.Items, found.Passed)
	}

	place := func(reference string, more string) string {
		return orderBody(reference, fmt.Sprintf(`"token":%q,%s`, o.Token, more))
	}
	at := func(p Point) string { return fmt.Sprintf(`"point":%q,`, p.ID) }
	for law, body := range map[string]struct{ more, code string }{
		"no point":     {"", "point_required"},
		"a closed one": {at(shut), "point_closed"},
		"a made up":    {`"point":"pnt_00000000000000000000000000",`, "point_unknown"},
	} {
		c := dev.saying(keyHeader, "k-"+body.code)
		if answer := c.call("POST", "/api/v1/orders", place("E-1", body.more)); !strings.Contains(answer.Body.String(), `"code":"`+body.code+`"`) || !strings.Contains(answer.Body.String(), `"field":"point"`) {
			t.Errorf("%s: %d %s", law, answer.Code, answer.Body)
		}
	}
	if q, o := date(at(shut)); o.Token != "" || q.Hidden[0].Code != "point_closed" || !strings.Contains(q.Hidden[0].Text, "fermé") || q.Point == nil {
		t.Errorf("quoted for a closed point: %+v", q)
	}

	var placed Order
	dev.saying(keyHeader, "k-1").must(201, "POST", "/api/v1/orders", place("E-1", at(near)), &placed)
	var d OrderDetail
	dev.must(200, "GET", "/api/v1/orders/"+string(placed.ID), "", &d)
	if placed.Point != near.ID || d.CollectAt == nil || d.CollectAt.Name != near.Name || d.Commitments[0].Until != o.Until {
		t.Errorf("placed %+v, shown %+v", placed, d)
	}
}
