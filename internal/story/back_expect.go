package story

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// looks are the expectations about returns.
func (w *world) looks() map[string]func(context.Context, *words) error {
	return map[string]func(context.Context, *words) error{
		"return": w.expectReturn, "decision": w.expectPart("decisions", decisionWords), "dispute": w.expectPart("disputes", disputeWords),
		"refund": w.expectPart("refunds", refundWords), "option": w.expectOption, "right": w.expectRight, "refusal": w.expectRefusal, "file": w.expectFile, "conversation": w.expectTalk,
	}
}

// owing is who owes what to whom: the promises of an order, or about a return.
type owing struct {
	by   *shop
	list func(context.Context) ([]object, error)
}

// owed reads "of E-1" or "of R-1": what is owed on the way out and in answer, or
// about a return and the withdrawal it follows from.
func (w *world) owed(ws *words) (owing, error) {
	if err := ws.need("of"); err != nil {
		return owing{}, err
	}
	if r, ok := w.returns[ws.next()]; ok {
		*ws = (*ws)[1:]
		w.recent = r.of
		return owing{r.of.shop, func(ctx context.Context) ([]object, error) { return w.aboutReturn(ctx, r) }}, nil
	}
	o, err := w.named(ws)
	if err != nil {
		return owing{}, err
	}
	return owing{o.shop, func(ctx context.Context) ([]object, error) {
		full, err := o.shop.client.call(ctx, "GET", "orders/"+string(o.id), nil)
		if err != nil {
			return nil, err
		}
		answers, err := o.answersOwed(ctx)
		return append(slices.DeleteFunc(list(full, "commitments"), func(c object) bool { return text(c, "about") != "" }), answers...), err
	}}, nil
}

func (w *world) aboutReturn(ctx context.Context, r *sent) ([]object, error) {
	about := map[string]bool{r.id: r.id != "", w.statements[r.name]: w.statements[r.name] != ""}
	if r.id != "" {
		full, err := r.read(ctx)
		if err != nil {
			return nil, err
		}
		for _, d := range list(full, "decisions") {
			about[text(d, "id")] = true
		}
	}
	all, err := r.of.shop.client.call(ctx, "GET", "commitments?limit=100", nil)
	return slices.DeleteFunc(list(all, "items"), func(c object) bool { return !about[text(c, "about")] }), err
}

// lastDay is the last day before an instant that the API wrote, which is
// exclusive; with its hour when it is no day's end. Empty when there is none.
func (w *world) lastDay(until string) string {
	at, err := civil.ParseInstant(until)
	if err != nil || at == 0 {
		return ""
	}
	if at == at.Day(w.zone).Start(w.zone) {
		return (at.Day(w.zone) - 1).String()
	}
	return at.In(w.zone).Format("2006-01-02T15:04:05")
}

// matches reads the rest of an expectation, each pair or word of which must be
// among those that there are. Words that stand alone are listed.
func (ws *words) wanted(alone ...string) (want []string, err error) {
	for !ws.done() {
		quoted := (*ws)[0].quoted
		name, err := ws.take("more")
		if err != nil {
			return nil, err
		}
		if quoted || slices.Contains(alone, name) || ws.done() {
			want = append(want, name)
			continue
		}
		value, err := ws.take(name)
		if err != nil {
			return nil, err
		}
		want = append(want, name+" "+value)
	}
	return want, nil
}

// lacks is the first word wanted that is not there.
func lacks(have, want []string) (string, bool) {
	for _, one := range want {
		if !slices.Contains(have, one) {
			return one, true
		}
	}
	return "", false
}

// expectReturn: `return R-1 received process_by 2026-05-18 refund_by 2026-05-08`.
// A day is the last one that counts.
func (w *world) expectReturn(ctx context.Context, ws *words) error {
	r, err := w.sending(ws)
	if err != nil {
		return err
	}
	state, err := ws.take("a state")
	if err != nil {
		return err
	}
	want, err := ws.wanted("late", "legal", "withheld", "unset")
	if err != nil {
		return err
	}
	full, err := r.read(ctx)
	if err != nil {
		return err
	}
	have := w.returnWords(full)
	if _, no := lacks(have, append(want, state)); no {
		return &different{"a return that is " + strings.Join(append([]string{state}, want...), " "), strings.Join(have, "\n")}
	}
	return nil
}

// returnWords are a return as words to compare.
func (w *world) returnWords(full object) []string {
	have := []string{text(full, "state"), "by " + text(full, "route"), "as " + text(full, "settlement"), "ground " + text(full, "ground")}
	for _, field := range []string{"look_by", "deposit_by", "receive_by", "process_by", "refund_by", "contest_by", "stock_by"} {
		if d := w.lastDay(text(full, field)); d != "" {
			have = append(have, field+" "+d)
		}
	}
	for _, flag := range []string{"late", "legal"} {
		if is, _ := full[flag].(bool); is {
			have = append(have, flag)
		}
	}
	if why := text(full, "why"); why != "" {
		have = append(have, "why "+why)
	}
	if p, ok := full["protest"].(object); ok {
		have = append(have, protestWords(w, p)...)
	}
	if law, ok := full["law"].(object); ok {
		have = append(have, "alarm "+w.lastDay(text(law, "alarm")), "due "+w.lastDay(text(law, "due")))
		if held, _ := law["withheld"].(bool); held {
			have = append(have, "withheld")
		}
	}
	if s, ok := full["surcharge"].(object); ok {
		have = append(have, fmt.Sprint("days ", number(s, "days_late")), "band "+text(s, "band"), "booked "+inEuros(s["booked"]))
		if known, _ := s["known"].(bool); !known {
			have = append(have, "unset")
		}
	}
	return have
}

// protestWords are what the carrier is to be told of damage, by when.
func protestWords(w *world, p object) []string {
	have := []string{}
	for word, field := range map[string]string{"protest_by": "by", "unchecked_by": "unchecked_by", "action_by": "action_by"} {
		have = append(have, word+" "+w.lastDay(text(p, field)))
	}
	if ref := text(p, "reference"); ref != "" {
		have = append(have, "protested "+ref)
	}
	return have
}

// expectFile: `file of R-1 outstanding 30.00 says "never opened"`: what a mediator
// is given.
func (w *world) expectFile(ctx context.Context, ws *words) error {
	if err := ws.need("of"); err != nil {
		return err
	}
	if _, is := w.orders[ws.next()]; is {
		return w.expectClaimFile(ctx, ws)
	}
	r, err := w.sending(ws)
	if err != nil {
		return err
	}
	want, err := ws.wanted()
	if err != nil {
		return err
	}
	full, err := r.of.shop.client.call(ctx, "GET", "returns/"+r.id+"/mediation", nil)
	if err != nil {
		return err
	}
	have := append(w.returnWords(full), "outstanding "+inEuros(full["outstanding"]))
	body, err := json.Marshal(full)
	if err != nil {
		return err
	}
	for _, one := range want {
		said, says := strings.CutPrefix(one, "says ")
		if !slices.Contains(have, one) && (!says || !strings.Contains(string(body), said)) {
			return &different{"a file with " + one, strings.Join(have, "\n") + "\n" + string(body)}
		}
	}
	return nil
}

func inEuros(v any) string {
	o, _ := v.(object)
	minor := number(o, "minor")
	return fmt.Sprintf("%d.%02d", minor/100, minor%100)
}

// expectPart: `decision of R-1 final partial 7.00`, `refund of R-1 done 7.00 once`,
// `dispute of R-1 upheld rule`: one of them says all of it; once means that there
// is no other.
func (w *world) expectPart(field string, say func(*world, object) []string) func(context.Context, *words) error {
	return func(ctx context.Context, ws *words) error {
		if err := ws.need("of"); err != nil {
			return err
		}
		r, err := w.sending(ws)
		if err != nil {
			return err
		}
		want := []string{}
		once := false
		for !ws.done() {
			one, _ := ws.take("more")
			once = once || one == "once"
			if one != "once" {
				want = append(want, one)
			}
		}
		full, err := r.read(ctx)
		if err != nil {
			return err
		}
		return compare(strings.TrimSuffix(field, "s"), mappedWords(w, list(full, field), say), want, once)
	}
}

func mappedWords(w *world, all []object, say func(*world, object) []string) (out [][]string) {
	for _, o := range all {
		out = append(out, say(w, o))
	}
	return out
}

func compare(what string, have [][]string, want []string, once bool) error {
	none := slices.Equal(want, []string{"none"})
	holds := slices.ContainsFunc(have, func(h []string) bool { _, no := lacks(h, want); return !no })
	if none && len(have) == 0 || holds && (!once || len(have) == 1) {
		return nil
	}
	var all []string
	for _, h := range have {
		all = append(all, strings.Join(h, " "))
	}
	if len(all) == 0 {
		all = []string{"no " + what}
	}
	if once {
		want = append(want, "and no other")
	}
	return &different{"a " + what + " " + strings.Join(want, " "), strings.Join(all, "\n")}
}

func decisionWords(w *world, d object) []string {
	out := []string{text(d, "state"), text(d, "outcome"), inEuros(d["amount"]), "as", text(d, "settlement")}
	if why := text(d, "why"); why != "" {
		out = append(out, why)
	}
	for _, b := range list(d, "reasons") {
		out = append(out, text(b, "code"))
		if photos, _ := b["photos"].([]any); len(photos) > 0 {
			out = append(out, "photo")
		}
	}
	if by := w.lastDay(text(d, "refund_by")); by != "" {
		out = append(out, by)
	}
	return out
}

func disputeWords(w *world, d object) []string {
	by := "person"
	if rule, _ := d["by_rule"].(bool); rule {
		by = "rule"
	}
	return []string{text(d, "state"), by, w.lastDay(text(d, "answer_by"))}
}

func refundWords(w *world, r object) []string {
	out := []string{text(r, "state"), inEuros(r["money"]), "credit", inEuros(r["credit"]), text(r, "arrives_by")}
	return append(out, w.lastDay(text(r, "due")))
}

// expectOption: `option relay of E-1 1 x "poêle" receive_by 2026-05-04`, or
// `option relay of E-1 1 x "poêle" hidden too_heavy instead pickup own_way`.
func (w *world) expectOption(ctx context.Context, ws *words) error {
	route, err := ws.take("a way back")
	if err != nil {
		return err
	}
	o, err := w.of(ws)
	if err != nil {
		return err
	}
	x, err := w.wished(ctx, ws, o)
	if err != nil {
		return err
	}
	offered, err := o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/returns/options", object{"items": x.items})
	if err != nil {
		return err
	}
	if ws.is("hidden") {
		return hiddenWay(offered, route, ws)
	}
	want, err := ws.wanted("free")
	if err != nil {
		return err
	}
	for _, way := range list(offered, "options") {
		if text(way, "route") != route {
			continue
		}
		have := w.optionWords(way)
		if _, no := lacks(have, want); no {
			return &different{route + " " + strings.Join(want, " "), strings.Join(have, "\n")}
		}
		return nil
	}
	return &different{route + " among the ways back", routesOf(offered)}
}

func (w *world) optionWords(way object) []string {
	have := []string{"price " + inEuros(way["price"]), fmt.Sprintf("days %d-%d", number(way, "least_days"), number(way, "most_days"))}
	if price, _ := way["price"].(object); number(price, "minor") == 0 {
		have = append(have, "free")
	}
	for _, field := range []string{"deposit_by", "receive_by", "refund_by"} {
		if d := w.lastDay(text(way, field)); d != "" {
			have = append(have, field+" "+d)
		}
	}
	return have
}

// hiddenWay looks why a way is hidden, and that all that are named are instead.
func hiddenWay(offered object, route string, ws *words) error {
	code, err := ws.take("why it is hidden")
	if err != nil {
		return err
	}
	var instead []string
	for ws.is("instead") || len(instead) > 0 && !ws.done() {
		one, err := ws.take("a way back")
		if err != nil {
			return err
		}
		instead = append(instead, one)
	}
	for _, h := range list(offered, "hidden") {
		others, _ := h["instead"].([]any)
		there := func(name string) bool { return slices.Contains(others, any(name)) }
		missing := slices.ContainsFunc(instead, func(name string) bool { return !there(name) })
		if text(h, "route") == route && text(h, "code") == code && !missing {
			return nil
		}
	}
	return &different{fmt.Sprintf("%s hidden: %s, instead %s", route, code, strings.Join(instead, " ")), routesOf(offered)}
}

func routesOf(offered object) string {
	var all []string
	for _, o := range list(offered, "options") {
		all = append(all, text(o, "route"))
	}
	for _, h := range list(offered, "hidden") {
		all = append(all, fmt.Sprint("not ", text(h, "route"), ": ", text(h, "code"), ", instead ", h["instead"]))
	}
	return strings.Join(all, "\n")
}

// expectRight: `right of E-1 "poêle" withdraw 2026-05-18 until 2026-06-03 left 1`.
func (w *world) expectRight(ctx context.Context, ws *words) error {
	o, err := w.of(ws)
	if err != nil {
		return err
	}
	article, err := ws.quoted("an article")
	if err != nil {
		return err
	}
	want, err := ws.wanted()
	if err != nil {
		return err
	}
	e, err := o.shop.client.call(ctx, "GET", "orders/"+string(o.id)+"/returns/eligibility", nil)
	if err != nil {
		return err
	}
	for _, l := range list(e, "lines") {
		if text(l, "name") != article {
			continue
		}
		have := []string{
			fmt.Sprint("left ", number(l, "left")), "until " + w.lastDay(text(l, "until")), "withdraw " + w.lastDay(text(l, "withdraw_until")),
			"conformity " + w.lastDay(text(l, "conformity_until")), "excluded " + text(l, "excluded"),
		}
		if _, no := lacks(have, want); no {
			return &different{strings.Join(want, " "), strings.Join(have, "\n")}
		}
		return nil
	}
	return fmt.Errorf("%s holds no %q", o.reference, article)
}

// expectRefusal: `refusal says "delay"`, of what was last tried in vain.
func (w *world) expectRefusal(_ context.Context, ws *words) error {
	if err := ws.need("says"); err != nil {
		return err
	}
	wanted, err := ws.quoted("what it says")
	if err != nil {
		return err
	}
	if !says(w.refusal, wanted) {
		return &different{fmt.Sprintf("a refusal that says %q", wanted), w.refusal}
	}
	return nil
}
