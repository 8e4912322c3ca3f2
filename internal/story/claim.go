package story

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// either is a verb of returns that means claims where an order is named.
func (w *world) either(back, claim act) act {
	return func(ctx context.Context, who string, ws *words) error {
		if _, is := w.orders[ws.next()]; is {
			return claim(ctx, who, ws)
		}
		return back(ctx, who, ws)
	}
}

// claims says that something went wrong: `claims E-1 not_received "I got nothing."`;
// without a kind, in words alone.
func (w *world) claims(ctx context.Context, who string, ws *words) error {
	o, err := w.ownNamed(who, ws)
	if err != nil {
		return err
	}
	body := object{}
	if len(*ws) > 1 {
		if body["what"], err = ws.take("a kind, such as not_received"); err != nil {
			return err
		}
	}
	if body["words"], err = ws.quoted("what went wrong"); err != nil {
		return err
	}
	_, err = o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/claims", body)
	return err
}

// claim is the last claim about an order.
func (o *bought) claim(ctx context.Context) (object, error) {
	all, err := o.shop.client.call(ctx, "GET", "claims?order="+string(o.id), nil)
	found := list(all, "items")
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("nobody claimed about %s", o.reference)
	}
	if err != nil {
		return nil, err
	}
	return found[len(found)-1], nil
}

// contestClaim: `contests E-1 "That is not my door."`.
func (w *world) contestClaim(ctx context.Context, who string, ws *words) error {
	o, c, err := w.claimed(ctx, ws)
	if err != nil {
		return err
	}
	if o.by != who {
		return fmt.Errorf("%s is not %s's", o.reference, who)
	}
	said, err := ws.quoted("why")
	if err != nil {
		return err
	}
	_, err = o.shop.client.call(ctx, "POST", "claims/"+text(c, "id")+"/contest", object{"words": said})
	return err
}

func (w *world) claimed(ctx context.Context, ws *words) (*bought, object, error) {
	name, err := ws.take("an order")
	if err != nil {
		return nil, nil, err
	}
	o, err := w.named(&words{{text: name}})
	if err != nil {
		return nil, nil, err
	}
	c, err := o.claim(ctx)
	return o, c, err
}

// rule is a person's word on a claim, the first or the second: `decides E-1 full
// liable carrier "The photo shows another door."`, `upholds E-1 liable carrier "…"`,
// `rejects E-1 "…"`. verb is that of the API, outcome empty where it is said.
func (w *world) rule(verb, outcome string) act {
	return func(ctx context.Context, who string, ws *words) error {
		o, c, err := w.claimed(ctx, ws)
		if err != nil {
			return err
		}
		email, err := w.person(ctx, o.shop, who)
		if err != nil {
			return err
		}
		body := object{"by": email, "outcome": outcome}
		if outcome == "" {
			if body["outcome"], err = ws.take("full, partial or refused"); err != nil {
				return err
			}
		}
		if ws.is("liable") {
			if body["liable"], err = ws.take("who answers for it"); err != nil {
				return err
			}
		}
		if body["words"], err = ws.quoted("the reasons"); err != nil {
			return err
		}
		name, err := w.givenGoods(ctx, ws, o, body)
		if err != nil {
			return err
		}
		if _, err = o.shop.client.call(ctx, "POST", "claims/"+text(c, "id")+"/"+verb, body); err != nil || name == "" {
			return err
		}
		full, err := o.shop.client.call(ctx, "GET", "claims/"+text(c, "id"), nil)
		if err != nil {
			return err
		}
		given, _ := full["returns"].([]any)
		if len(given) == 0 {
			return fmt.Errorf("the claim about %s paid no goods back", o.reference)
		}
		w.christen(name, fmt.Sprint(given[len(given)-1]), o)
		return nil
	}
}

// givenGoods are the articles that a decision pays back, and the name of the return
// under which it does: `goods 1 x "atlas" as R-1`.
func (w *world) givenGoods(ctx context.Context, ws *words, o *bought, body object) (name string, err error) {
	if !ws.is("goods") {
		return "", nil
	}
	if body["goods"], err = w.missing(ctx, ws, o); err != nil || !ws.is("as") {
		return "", err
	}
	return w.fresh(ws)
}

// expectClaimFile: `file of E-1 says "I was at home"`: what a mediator is given.
func (w *world) expectClaimFile(ctx context.Context, ws *words) error {
	o, c, err := w.claimed(ctx, ws)
	if err != nil {
		return err
	}
	full, err := o.shop.client.call(ctx, "GET", "claims/"+text(c, "id")+"/mediation", nil)
	if err != nil {
		return err
	}
	body, err := json.Marshal(full)
	if err != nil {
		return err
	}
	for !ws.done() {
		if err := ws.need("says"); err != nil {
			return err
		}
		said, err := ws.quoted("what it says")
		if err != nil {
			return err
		}
		if !strings.Contains(string(body), said) {
			return &different{"a file that says " + said, string(body)}
		}
	}
	return nil
}
