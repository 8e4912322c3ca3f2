package story

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// expect reads an expectation and looks whether it holds now.
func (w *world) expect(ctx context.Context, ws *words) error {
	if err := w.flow.Settle(ctx); err != nil {
		return err
	}
	absent := ws.is("no")
	switch {
	case ws.is("message"):
		return w.expectMessage(ctx, ws, absent)
	case ws.is("promise"):
		return w.expectPromise(ctx, ws, absent)
	case absent:
		return fmt.Errorf("only a message or a promise can be expected not to be there")
	case ws.is("remedy"):
		return w.expectRemedy(ctx, ws)
	case ws.is("page"):
		return w.expectPage(ctx, ws)
	case ws.is("quote"):
		return w.expectQuote(ctx, ws)
	}
	if look, ok := w.looks()[ws.next()]; ok {
		*ws = (*ws)[1:]
		return look(ctx, ws)
	}
	return fmt.Errorf("a message, promise, remedy, page or quote is expected; of returns a return, decision, dispute, refund, option, right, refusal or file; or a conversation")
}

// of reads "of E-1".
func (w *world) of(ws *words) (*bought, error) {
	if err := ws.need("of"); err != nil {
		return nil, err
	}
	return w.named(ws)
}

// expectMessage: `message to camille about E-1 says "16:31" before 16:00`.
func (w *world) expectMessage(ctx context.Context, ws *words, absent bool) error {
	if err := w.rest(ctx); err != nil {
		return err
	}
	if err := ws.need("to"); err != nil {
		return err
	}
	who, err := ws.take("who is told")
	if err != nil {
		return err
	}
	about := ""
	if ws.is("about") {
		o, err := w.named(ws)
		if err != nil {
			return err
		}
		about = o.page
	}
	said := ""
	if ws.is("says") {
		if said, err = ws.quoted("what it says"); err != nil {
			return err
		}
	}
	before, limit := w.now+1, ""
	if ws.is("before") {
		if before, err = ws.moment(w.now, w.zone); err != nil {
			return err
		}
		limit = " before " + w.at(before)
	}
	letters := w.letters(email(who), before)
	found := slices.ContainsFunc(letters, func(l letter) bool {
		return (about == "" || strings.Contains(l.Text, about) || strings.Contains(l.HTML, about)) && says(l.Subject+"\n"+l.Text, said)
	})
	if found == absent {
		want := fmt.Sprintf("a message to %s that says %q%s", who, said, limit)
		if absent {
			want = "no " + strings.TrimPrefix(want, "a ")
		}
		return &different{want, w.written(letters)}
	}
	return nil
}

// written is what letters say, for a difference.
func (w *world) written(letters []letter) string {
	if len(letters) == 0 {
		return "no message at all"
	}
	var b strings.Builder
	for _, l := range letters {
		fmt.Fprintf(&b, "%s · %s\n%s\n", w.at(l.at), l.Subject, strings.TrimSpace(l.Text))
	}
	return strings.TrimSpace(b.String())
}

// says reports whether a text holds words, whatever its case and spaces.
func says(text, wanted string) bool { return strings.Contains(plain(text), plain(wanted)) }

func plain(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// expectPromise: "promise deliver_in_slot of E-1 broken late 31m liable carrier told".
func (w *world) expectPromise(ctx context.Context, ws *words, absent bool) error {
	kind, err := ws.take("a kind of promise")
	if err != nil {
		return err
	}
	owed, err := w.owed(ws)
	if err != nil {
		return err
	}
	want := []string{kind}
	if !absent || !ws.done() {
		state, err := ws.take("a state")
		if err != nil {
			return err
		}
		want = append(want, state)
	}
	for !ws.done() {
		name, err := ws.take("more of the verdict")
		if err != nil {
			return err
		}
		if name == "told" || name == "silent" || name == "contested" {
			want = append(want, name)
			continue
		}
		value, err := ws.take(name)
		if err != nil {
			return err
		}
		if d, err := time.ParseDuration(value); err == nil {
			value = short(d)
		}
		want = append(want, name+" "+value)
	}
	have, err := w.promises(ctx, owed)
	if err != nil {
		return err
	}
	holds := slices.ContainsFunc(have, func(p []string) bool {
		return !slices.ContainsFunc(want, func(one string) bool { return !slices.Contains(p, one) })
	})
	if holds != absent {
		return nil
	}
	var all []string
	for _, p := range have {
		all = append(all, strings.Join(p, " "))
	}
	what := "a promise "
	if absent {
		what = "no promise "
	}
	return &different{what + strings.Join(want, " "), strings.Join(all, "\n")}
}

// promises is what is owed, each as words to compare.
func (w *world) promises(ctx context.Context, owed owing) (out [][]string, err error) {
	all, err := owed.list(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		c, err := owed.by.client.call(ctx, "GET", "commitments/"+text(c, "id"), nil)
		if err != nil {
			return nil, err
		}
		p := []string{text(c, "owed"), text(c, "state")}
		if last := w.lastDay(text(c, "until")); last != "" {
			p = append(p, "until "+last)
		}
		if vs := list(c, "verdicts"); len(vs) > 0 {
			p = append(p, verdict(vs[len(vs)-1])...)
		}
		if text(c, "contested_at") != "" {
			p = append(p, "contested")
		}
		out = append(out, p)
	}
	return out, nil
}

func verdict(v object) (p []string) {
	if late := time.Duration(number(v, "late_by_seconds")) * time.Second; late > 0 {
		p = append(p, "late "+short(late))
	}
	if early := time.Duration(number(v, "early_by_seconds")) * time.Second; early > 0 {
		p = append(p, "early "+short(early))
	}
	if n := number(v, "missing_units"); n > 0 {
		p = append(p, fmt.Sprint("missing ", n))
	}
	if told, _ := v["told"].(bool); told {
		p = append(p, "told")
	} else {
		p = append(p, "silent")
	}
	return append(p, "liable "+text(v, "liable"), "because "+text(v, "reason"))
}

// short writes a duration without what is zero: 31m, 30m1s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// expectRemedy: "remedy of E-1 granted 5.90 once", "remedy of E-1 refused within_tolerance".
func (w *world) expectRemedy(ctx context.Context, ws *words) error {
	o, err := w.of(ws)
	if err != nil {
		return err
	}
	state, err := ws.take("a state")
	if err != nil {
		return err
	}
	full, err := o.shop.client.call(ctx, "GET", "orders/"+string(o.id), nil)
	if err != nil {
		return err
	}
	remedies := list(full, "remedies")
	got := given(remedies)
	switch state {
	case "none":
		if len(remedies) > 0 {
			return &different{"no remedy", got}
		}
		return nil
	case "granted":
		return expectGrant(ws, remedies, got)
	}
	want := state
	reason := ""
	if !ws.done() {
		reason, _ = ws.take("a reason")
		want += " " + reason
	}
	if !slices.ContainsFunc(remedies, func(r object) bool {
		return text(r, "state") == state && (reason == "" || text(r, "reason") == reason)
	}) {
		return &different{"a remedy " + want, got}
	}
	return nil
}

// expectGrant looks for an amount among all that was granted for the order; once
// means that nothing else was.
func expectGrant(ws *words, remedies []object, got string) error {
	amount, err := read(ws, "price", cents)
	if err != nil {
		return err
	}
	once := ws.is("once")
	var sums []int64
	for _, r := range remedies {
		var sum int64
		for _, g := range list(r, "grants") {
			price, _ := g["amount"].(object)
			sum += number(price, "minor")
		}
		if text(r, "state") == "granted" {
			sums = append(sums, sum)
		}
	}
	if !slices.Contains(sums, amount) || once && len(sums) > 1 {
		want := fmt.Sprintf("a remedy of %d.%02d", amount/100, amount%100)
		if once {
			want += " and no other"
		}
		return &different{want, got}
	}
	return nil
}

func given(remedies []object) string {
	var all []string
	for _, r := range remedies {
		line := text(r, "state") + " " + text(r, "reason")
		for _, g := range list(r, "grants") {
			price, _ := g["amount"].(object)
			minor := number(price, "minor")
			line += fmt.Sprintf(" %d.%02d by rule %s", minor/100, minor%100, text(g, "rule"))
		}
		all = append(all, strings.TrimSpace(line))
	}
	if len(all) == 0 {
		return "no remedy"
	}
	return strings.Join(all, "\n")
}

// expectPage: `page tracking of E-1 shows "livraison offerte"`.
func (w *world) expectPage(ctx context.Context, ws *words) error {
	if err := ws.need("tracking"); err != nil {
		return err
	}
	o, err := w.of(ws)
	if err != nil {
		return err
	}
	hides := ws.is("hides")
	if !hides {
		if err := ws.need("shows"); err != nil {
			return err
		}
	}
	wanted, err := ws.quoted("what it shows")
	if err != nil {
		return err
	}
	_, page := w.client.page(ctx, o.page, nil)
	if text := visible(page); says(text, wanted) == hides {
		want := fmt.Sprintf("a page that shows %q", wanted)
		if hides {
			want = fmt.Sprintf("a page without %q", wanted)
		}
		return &different{want, text}
	}
	return nil
}

// visible is what a page says, without its markup and style.
func visible(page string) string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return page
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "style" || n.Data == "script" || n.Data == "head") {
			return
		}
		if n.Type == html.TextNode {
			if s := strings.TrimSpace(n.Data); s != "" {
				b.WriteString(s + "\n")
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return strings.TrimSpace(b.String())
}

// expectQuote: `quote to 69003 says "mercredi 25 novembre"`, of the soonest option.
func (w *world) expectQuote(ctx context.Context, ws *words) error {
	if w.last == nil {
		return fmt.Errorf("a quote needs a shop before it")
	}
	if err := ws.need("to"); err != nil {
		return err
	}
	to, err := ws.take("a postcode")
	if err != nil {
		return err
	}
	if err := ws.need("says"); err != nil {
		return err
	}
	wanted, err := ws.quoted("what it says")
	if err != nil {
		return err
	}
	b := wantedOne(w.last, to)
	quote, err := w.quote(ctx, b)
	if err != nil {
		return err
	}
	got := offered(quote)
	if options := list(quote, "options"); len(options) > 0 {
		got = text(options[0], "text")
	}
	if !says(got, wanted) {
		return &different{fmt.Sprintf("a quote that says %q", wanted), got}
	}
	return nil
}

// wantedOne is one article, to ask a date for.
func wantedOne(s *shop, to string) wanted {
	return wanted{shop: s, to: to, lines: []object{{"sku": "one", "name": "one", "units": 1, "unit_price": euros(1200), "grams": 500}}}
}
