package story

import (
	"context"
	"fmt"
)

// colleagueOf is somebody of the shop that a return came back to, and the return.
func (w *world) colleagueOf(ctx context.Context, who string, ws *words) (*client, *sent, error) {
	r, err := w.sending(ws)
	if err != nil {
		return nil, nil, err
	}
	c, err := r.of.shop.colleague(ctx, who)
	return c, r, err
}

// simply is a verb of the shop's people that needs no more than the return.
func (w *world) simply(verb string, body any) act {
	return func(ctx context.Context, who string, ws *words) error {
		c, r, err := w.colleagueOf(ctx, who, ws)
		if err == nil {
			_, err = c.call(ctx, "POST", "returns/"+r.id+"/"+verb, body)
		}
		return err
	}
}

func (w *world) decline(ctx context.Context, who string, ws *words) error {
	if _, is := w.orders[ws.next()]; is {
		return w.wontDeliver(ctx, who, ws)
	}
	c, r, err := w.colleagueOf(ctx, who, ws)
	if err != nil {
		return err
	}
	if err := ws.need("because"); err != nil {
		return err
	}
	code, err := ws.take("a reason")
	if err == nil {
		_, err = c.call(ctx, "POST", "returns/"+r.id+"/decline", object{"reasons": []object{{"code": code}}})
	}
	return err
}

// inspect: `inspects R-1 [1 x "vase" damaged recycle]`; what is not named came
// back opened and goes on sale again. A fourth word is one more unit of another
// article, and so on.
func (w *world) inspect(ctx context.Context, who string, ws *words) error {
	c, r, err := w.colleagueOf(ctx, who, ws)
	if err != nil {
		return err
	}
	full, err := r.read(ctx)
	if err != nil {
		return err
	}
	var found []object
	told := map[string]int64{}
	for !ws.done() {
		one, err := w.finding(ctx, ws, r)
		if err != nil {
			return err
		}
		units := number64(one, "units")
		told[text(one, "line")] += units
		delete(one, "units")
		for range units {
			found = append(found, one)
		}
	}
	for _, i := range list(full, "items") {
		for range number(i, "units") - told[text(i, "line")] {
			found = append(found, object{"line": text(i, "line"), "condition": "opened", "outcome": "restock"})
		}
	}
	_, err = c.call(ctx, "POST", "returns/"+r.id+"/inspect", object{"findings": found})
	return err
}

// finding reads `1 x "vase" damaged recycle`.
func (w *world) finding(ctx context.Context, ws *words, r *sent) (object, error) {
	lines, err := w.missing(ctx, ws, r.of)
	if err != nil {
		return nil, err
	}
	out := lines[0]
	if out["condition"], err = ws.take("a condition, such as damaged"); err != nil {
		return nil, err
	}
	out["outcome"], err = ws.take("what becomes of it, such as recycle")
	return out, err
}

// number64 reads a number that was never JSON.
func number64(o object, name string) int64 {
	n, _ := o[name].(int64)
	return n
}

// ruling reads `full`, `refused because used`, or `partial 1 x "vase" 7.00
// because damaged photo`.
func (w *world) ruling(ctx context.Context, ws *words, r *sent) (object, error) {
	outcome, err := ws.take("full, partial or refused")
	if err != nil {
		return nil, err
	}
	out := object{"outcome": outcome}
	if outcome == "partial" {
		if out["lines"], err = w.paidLines(ctx, ws, r); err != nil {
			return nil, err
		}
	}
	if !ws.is("because") {
		return out, nil
	}
	because := object{}
	if because["code"], err = ws.take("a reason"); err != nil {
		return nil, err
	}
	if ws.is("photo") {
		id, err := r.of.shop.client.photo(ctx)
		if err != nil {
			return nil, err
		}
		because["photos"] = []string{id}
	}
	out["reasons"] = []object{because}
	return out, nil
}

func (w *world) paidLines(ctx context.Context, ws *words, r *sent) (out []object, err error) {
	for len(out) == 0 || ws.next() != "" && ws.next() != "because" {
		lines, err := w.missing(ctx, ws, r.of)
		if err != nil {
			return nil, err
		}
		amount, err := read(ws, "amount", cents)
		if err != nil {
			return nil, err
		}
		line := lines[0]
		line["amount"] = euros(amount)
		out = append(out, line)
	}
	return out, nil
}

func (w *world) decide(ctx context.Context, who string, ws *words) error {
	c, r, err := w.colleagueOf(ctx, who, ws)
	if err != nil {
		return err
	}
	ruling, err := w.ruling(ctx, ws, r)
	if err == nil {
		_, err = c.call(ctx, "POST", "returns/"+r.id+"/decide", ruling)
	}
	return err
}

// second is the word of a second person on the decision that waits: `confirms R-1`,
// with a reason of their own after it, or without.
func (w *world) second(verb string) act {
	return func(ctx context.Context, who string, ws *words) error {
		c, r, err := w.colleagueOf(ctx, who, ws)
		if err != nil {
			return err
		}
		full, err := r.read(ctx)
		if err != nil {
			return err
		}
		for _, d := range list(full, "decisions") {
			if text(d, "state") == "waiting" {
				_, err := c.call(ctx, "POST", "decisions/"+text(d, "id")+"/"+verb, object{"reason": reasonIn(ws)})
				return err
			}
		}
		return fmt.Errorf("no decision about %s waits", r.name)
	}
}

// approve lets a held return pass: `approves R-1`.
func (w *world) approve(ctx context.Context, who string, ws *words) error {
	c, r, err := w.colleagueOf(ctx, who, ws)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, "POST", "returns/"+r.id+"/approve", object{"reason": reasonIn(ws)})
	return err
}

// protest notes the letter that somebody of the shop sent to the carrier:
// `protests R-1 "RK 12"`.
func (w *world) protest(ctx context.Context, who string, ws *words) error {
	c, r, err := w.colleagueOf(ctx, who, ws)
	if err != nil {
		return err
	}
	reference, err := ws.quoted("the letter's reference")
	if err != nil {
		return err
	}
	_, err = c.call(ctx, "POST", "returns/"+r.id+"/protest", object{"reference": reference})
	return err
}

// reasonIn is the reason that a story gives, or the one that goes without saying.
func reasonIn(ws *words) string {
	if len(*ws) == 0 || !(*ws)[0].quoted {
		return "Seen."
	}
	said := (*ws)[0].text
	*ws = (*ws)[1:]
	return said
}

// contest: `contests R-1 "it was whole"`.
func (w *world) contest(ctx context.Context, who string, ws *words) error {
	r, err := w.sending(ws)
	if err != nil {
		return err
	}
	if r.of.by != who {
		return fmt.Errorf("%s is not %s's", r.name, who)
	}
	said, err := ws.quoted("what she says")
	if err == nil {
		_, err = r.call(ctx, "POST", "contest", object{"by": "shopper", "words": said})
	}
	return err
}

// disputed is the dispute about a return that is not settled.
func (r *sent) disputed(ctx context.Context) (string, error) {
	full, err := r.read(ctx)
	for _, d := range list(full, "disputes") {
		if s := text(d, "state"); s == "open" || s == "asked" {
			return text(d, "id"), err
		}
	}
	if err == nil {
		err = fmt.Errorf("nothing about %s is disputed", r.name)
	}
	return "", err
}

// answerDispute: `answers R-1 "a photo, please"`, the shopper or somebody of the shop.
func (w *world) answerDispute(ctx context.Context, who string, ws *words) error {
	r, err := w.sending(ws)
	if err != nil {
		return err
	}
	c, by := &r.of.shop.client, "shopper"
	if r.of.by != who {
		by = "merchant"
		if c, err = r.of.shop.colleague(ctx, who); err != nil {
			return err
		}
	}
	id, err := r.disputed(ctx)
	if err != nil {
		return err
	}
	said, err := ws.quoted("what is answered")
	if err == nil {
		_, err = c.call(ctx, "POST", "disputes/"+id+"/answer", object{"by": by, "words": said})
	}
	return err
}

// settle: `upholds R-1 full "she is right"`, `rejects R-1 "it is worn"`.
func (w *world) settle(upheld bool) act {
	return func(ctx context.Context, who string, ws *words) error {
		c, r, err := w.colleagueOf(ctx, who, ws)
		if err != nil {
			return err
		}
		id, err := r.disputed(ctx)
		if err != nil {
			return err
		}
		body := object{"upheld": upheld}
		if upheld && ws.next() != "" {
			if body["ruling"], err = w.ruling(ctx, ws, r); err != nil {
				return err
			}
		}
		if body["words"], err = ws.quoted("why"); err != nil {
			return err
		}
		_, err = c.call(ctx, "POST", "disputes/"+id+"/settle", body)
		return err
	}
}
