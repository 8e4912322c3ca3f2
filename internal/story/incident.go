package story

import (
	"context"
	"fmt"
)

// declare is an incident of the shop's:
// `shop declares strike from 2026-11-24 until 2026-11-25 in 75 92 "The depot is blocked."`.
func (w *world) declare(ctx context.Context, ws *words) error {
	trouble, err := ws.take("a kind of incident")
	if err != nil {
		return err
	}
	body := object{"trouble": trouble}
	for _, x := range []struct{ word, field string }{{"from", "from"}, {"until", "last"}} {
		if err := ws.need(x.word); err != nil {
			return err
		}
		if body[x.field], err = ws.take("a day"); err != nil {
			return err
		}
	}
	if ws.is("in") {
		places := []string{}
		for !ws.done() && !(*ws)[0].quoted {
			place, err := ws.take("a place")
			if err != nil {
				return err
			}
			places = append(places, place)
		}
		body["places"] = places
	}
	if !ws.done() {
		said, err := ws.quoted("what shoppers read")
		if err != nil {
			return err
		}
		body["words"] = object{"fr": said}
	}
	declared, err := w.last.client.call(ctx, "POST", "incidents", body)
	if err == nil {
		w.last.incident = text(declared, "id")
	}
	return err
}

// end is that the shop's last incident is over: `shop ends strike`.
func (w *world) end(ctx context.Context, ws *words) error {
	if _, err := ws.take("a kind of incident"); err != nil {
		return err
	}
	if w.last.incident == "" {
		return fmt.Errorf("the shop declared no incident")
	}
	_, err := w.last.client.call(ctx, "POST", "incidents/"+w.last.incident+"/close", nil)
	return err
}

// enters opens a conversation for what somebody wrote about an order in public:
// `nadia enters F-1 "https://avis.example/1" "Never delivered!"`.
func (w *world) enters(ctx context.Context, _ string, ws *words) error {
	o, err := w.named(ws)
	if err != nil {
		return err
	}
	link, err := ws.quoted("an address")
	if err != nil {
		return err
	}
	said, err := ws.quoted("what was written")
	if err != nil {
		return err
	}
	_, err = o.shop.client.call(ctx, "POST", "conversations", object{"order": o.id, "source": link, "words": said})
	return err
}
