package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// printer is a carrier that makes a label of whatever it is asked for.
type printer struct{}

func (printer) Offer(carrier.Account, fact.Route, string) (carrier.Offer, bool) {
	return carrier.Offer{Formats: carrier.LabelFormats, MaxGrams: 30_000, MaxInsured: money.Of(500_00, money.EUR), Points: true}, true
}

func (printer) Label(_ context.Context, _ *egress.Client, _ carrier.Connection, _ carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	if r.Format == carrier.ZPL {
		return carrier.Issued{}, carrier.Refusal{Why: carrier.RefusedRequest, Text: "pas d'imprimante", Final: true}
	}
	number := "BACK" + strings.ToUpper(ident.Hash(r.Key)[:12])
	return carrier.Issued{Number: number, Format: r.Format, Document: []byte("%PDF-1.4 " + number), ContentType: blob.PDF}, nil
}

func (printer) Void(context.Context, *egress.Client, carrier.Connection, carrier.Account, string) error {
	return nil
}

func (printer) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{{Name: "login", Required: true}, {Name: "password", Required: true, Secret: true}, {Name: "agency"}}
}

// seller is a shop's own system: it takes all that it hears, but at /gone, which
// wants nothing any more.
type seller struct{}

func (seller) RoundTrip(r *http.Request) (*http.Response, error) {
	status := http.StatusNoContent
	if r.URL.Path == "/gone" {
		status = http.StatusGone
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// takesBack has the shop take articles back: over a carrier that makes labels, at
// stores, and those of the wrong size once somebody looked.
func (s *shop) takesBack() {
	s.w.T.Helper()
	if s.printer.ID != "" {
		return
	}
	owner := s.as(merchant.Owner)
	owner.must(201, "POST", "/api/v1/connections", `{"adapter":"printer","name":"Le Retour","zone":"Europe/Paris"}`, &s.printer)
	owner.must(200, "PUT", "/api/v1/connections/"+string(s.printer.ID)+"/account", account, nil)
	var c ReturnConditions
	owner.must(200, "GET", "/api/v1/returns/conditions", "", &c)
	c.Limits = []Limit{{merchant.Owner, 500_000, 0}, {merchant.Agent, 20_000, 0}, {merchant.Developer, 20_000, 0}}
	c.Carriers = []ReturnCarrier{{fact.BackByPost, s.printer.ID}, {fact.BackByRelay, s.printer.ID}}
	c.Covers = []RouteCover{{fact.BackByPost, 10000, 150}, {fact.BackByPost, 50000, 400}}
	c.Stores = true
	c.Warehouse = &Warehouse{Address{Name: "Retours", Street: "1 rue Basse", Postcode: "69007", City: "Lyon", Country: "FR"}, "retours@example.com"}
	owner.must(200, "PUT", "/api/v1/returns/conditions", jsonOf(s, c), nil)
	rule := strings.Replace(returns.Default, `"approve": `, `"approve": reason == "wrong_size" ? "fitting" : `, 1)
	owner.must(200, "PUT", "/api/v1/policies/returns", fmt.Sprintf(`{"source":%q}`, rule), nil)
	s.clerk = s.w.key(s.id, merchant.NewKey{Set: merchant.Agent, Label: "comptoir"})
}

const account = `{"account":{"login":"aubepin","password":"s3cret-and-shown-to-nobody"}}`

// jsonOf writes a value of the contract as JSON.
func jsonOf(s *shop, v any) string {
	s.w.T.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		s.w.T.Fatal(err)
	}
	return string(b)
}

// counter is a colleague who asks, inspects and decides, so that the others are
// second persons.
func (s *shop) counter() caller { return s.w.with(s.clerk) }

// had is an order that is in the hands of a shopper of its own: somebody who sent
// many things back would be looked at.
func (s *shop) had(reference string) (o Order) {
	s.w.T.Helper()
	s.takesBack()
	body := strings.Replace(orderBody(reference, ""), "camille@", strings.ToLower(reference)+"@", 1)
	s.as(merchant.Developer).saying(keyHeader, "order-"+reference).must(201, "POST", "/api/v1/orders", body, &o)
	s.parcel(o, "OUT-"+reference)
	s.scan("OUT-"+reference, "delivered", s.w.Clock().Now().String())
	return o
}

// wish is one bottle of an order, for a reason.
func (s *shop) wish(o Order, reason string) string {
	return fmt.Sprintf(`"items":[{"line":%q,"units":1,"reason":%q,"condition":"opened"}]`, lineOf(s, o), reason)
}

// wants asks for a return of one bottle, by post; more is further fields, each
// after a comma.
func (s *shop) wants(reference, reason, more string) (r Return) {
	s.w.T.Helper()
	o := s.had(reference)
	s.counter().saying(keyHeader, "back-"+reference).
		must(201, "POST", "/api/v1/orders/"+string(o.ID)+"/returns", "{"+s.wish(o, reason)+`,"route":"post"`+more+"}", &r)
	return r
}

// damaged asks for a return of one bottle that arrived broken, with a photo.
func (s *shop) damaged(reference string) (r Return) {
	s.w.T.Helper()
	o := s.had(reference)
	items := strings.Replace(s.wish(o, "damaged"), `"units":1`, fmt.Sprintf(`"units":1,"photos":[%q]`, s.photo().ID), 1)
	s.counter().saying(keyHeader, "back-"+reference).must(201, "POST", "/api/v1/orders/"+string(o.ID)+"/returns", "{"+items+`,"route":"post"}`, &r)
	return r
}

// fetched asks for a return of one bottle that is fetched at the door on the first
// day there is, and has its label made.
func (s *shop) fetched(reference string) Return {
	s.w.T.Helper()
	o := s.had(reference)
	var c ReturnConditions
	s.as(merchant.Owner).must(200, "GET", "/api/v1/returns/conditions", "", &c)
	c.Carriers = []ReturnCarrier{{fact.BackByPost, s.printer.ID}, {fact.BackByRelay, s.printer.ID}, {fact.BackByPickup, s.printer.ID}}
	s.as(merchant.Owner).must(200, "PUT", "/api/v1/returns/conditions", jsonOf(s, c), nil)
	var options ReturnOptions
	root := "/api/v1/orders/" + string(o.ID) + "/returns"
	s.counter().must(200, "POST", root+"/options", "{"+s.wish(o, "no_longer_needed")+"}", &options)
	i := slices.IndexFunc(options.Options, func(o ReturnOption) bool { return o.Route == fact.BackByPickup })
	var r Return
	body := fmt.Sprintf(`{%s,"route":"pickup","pickup":%q}`, s.wish(o, "no_longer_needed"), options.Options[i].Pickups[0])
	s.counter().saying(keyHeader, "back-"+reference).must(201, "POST", root, body, &r)
	s.counter().must(202, "POST", path(r, "/label"), `{"format":"qr"}`, nil)
	s.w.Quiet()
	return r
}

// labelled is a return with its label.
func (s *shop) labelled(reference string) Return {
	s.w.T.Helper()
	r := s.wants(reference, "no_longer_needed", "")
	s.counter().must(202, "POST", path(r, "/label"), `{"format":"qr"}`, nil)
	s.w.Quiet()
	return r
}

// inspected is a return at the warehouse, in which all is well.
func (s *shop) inspected(reference string) Return {
	s.w.T.Helper()
	r := s.labelled(reference)
	s.counter().must(200, "POST", path(r, "/inspect"), s.allWell(r), &r)
	return r
}

func (s *shop) allWell(r Return) string {
	s.w.T.Helper()
	var d ReturnDetail
	s.as(merchant.Owner).must(200, "GET", path(r, ""), "", &d)
	return fmt.Sprintf(`{"findings":[{"line":%q,"condition":"opened","outcome":"second_hand"}]}`, d.Items[0].Line)
}

// waits is a decision that waits for a second person.
func (s *shop) waits(reference string) (d Decision) {
	s.w.T.Helper()
	s.counter().must(201, "POST", path(s.inspected(reference), "/decide"), `{"outcome":"full"}`, &d)
	return d
}

// contested is a refusal that the shopper does not accept.
func (s *shop) contested(reference string) (d Dispute) {
	s.w.T.Helper()
	r := s.refused(reference)
	s.counter().must(201, "POST", path(r, "/contest"), objection, &d)
	return d
}

const objection = `{"by":"shopper","words":"La bouteille était pleine."}`

func (s *shop) refused(reference string) Return {
	s.w.T.Helper()
	r := s.inspected(reference)
	s.counter().must(201, "POST", path(r, "/decide"), `{"outcome":"refused","reasons":[{"code":"used","note":"vide"}]}`, nil)
	return r
}

// owed is a refund that the shop is to pay.
func (s *shop) owed(reference string) Refund {
	s.w.T.Helper()
	d := s.waits(reference)
	owner := s.as(merchant.Owner)
	owner.must(200, "POST", "/api/v1/decisions/"+string(d.ID)+"/confirm", `{"reason":"Seen."}`, nil)
	s.w.Quiet()
	var of ReturnDetail
	owner.must(200, "GET", "/api/v1/returns/"+string(d.Return), "", &of)
	return of.Refunds[0]
}

// changed alters a refund by hand, as time or a provider would.
func (s *shop) changed(r Refund, sql string) {
	s.w.T.Helper()
	s.w.Do(s.id, func(tx *flow.Tx) error { return tx.Do(sql, s.id, r.ID) })
}

// overdue is a refund of which the money should have come.
func (s *shop) overdue(reference string) Refund {
	s.w.T.Helper()
	r := s.owed(reference)
	s.as(merchant.Owner).must(200, "POST", "/api/v1/refunds/"+string(r.ID)+"/confirm", fmt.Sprintf(`{"reference":"V %s"}`, r.ID), nil)
	s.changed(r, `update payment_refund set arrives_by = '2026-01-02' where merchant = $1 and id = $2`)
	return r
}

func (s *shop) withdrawn(reference string) (w Withdrawal) {
	s.w.T.Helper()
	o := s.had(reference)
	s.as(merchant.Developer).must(201, "POST", "/api/v1/orders/"+string(o.ID)+"/withdrawal", renouncing, &w)
	s.w.Quiet()
	return w
}

const renouncing = `{"name":"Camille Durand","contract":"Ma commande","email":"camille@example.com"}`

func path(r Return, rest string) string { return "/api/v1/returns/" + string(r.ID) + rest }

// picture is a file that a camera could have made.
func picture() string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 8, 6))); err != nil {
		panic(err)
	}
	return b.String()
}

// photo keeps one.
func (s *shop) photo() (p Photo) {
	s.w.T.Helper()
	s.as(merchant.Developer).must(201, "POST", "/api/v1/photos", picture(), &p)
	return p
}

// endpoint has an address hear of orders. No shop has many: older ones go.
func (s *shop) endpoint(url string) (e Endpoint) {
	s.w.T.Helper()
	s.w.Do(s.id, func(tx *flow.Tx) error {
		all, err := webhook.List(tx.Tx, s.id)
		for _, old := range all {
			if len(all) > 5 && err == nil {
				err = webhook.Remove(tx, s.id, old.ID)
			}
		}
		return err
	})
	var opened OpenedEndpoint
	s.as(merchant.Owner).must(201, "POST", "/api/v1/webhooks", fmt.Sprintf(`{"url":%q,"kinds":["order.placed","returns.decided"]}`, url), &opened)
	return opened.Endpoint
}

const system = "https://systeme.example.com/promesse"

// gone is an endpoint that wants nothing any more.
func (s *shop) gone() Endpoint {
	s.w.T.Helper()
	e := s.endpoint("https://systeme.example.com/gone")
	s.delivery(e)
	s.w.Quiet()
	return e
}

// delivery is one that says nothing.
func (s *shop) delivery(e Endpoint) (d Delivery) {
	s.w.T.Helper()
	s.as(merchant.Owner).must(202, "POST", "/api/v1/webhooks/"+string(e.ID)+"/test", "", &d)
	return d
}

// store opens one of the shop's own.
func (s *shop) store(code string) (p Point) {
	s.w.T.Helper()
	s.as(merchant.Owner).must(200, "PUT", "/api/v1/stores", storeBody(code), &p)
	return p
}

func storeBody(code string) string {
	return fmt.Sprintf(`{"code":%q,"name":"Boutique","street":"2 place Bellecour","postcode":"69002","city":"Lyon","country":"FR",
		"at":{"lat":45.7578,"lon":4.832},"services":["collect","send"],"hours":"Mo-Sa 10:00-19:00"}`, code)
}

// late is the path of an order whose day is over, and of which nothing came.
func (s *shop) late(reference string) string {
	s.w.T.Helper()
	o := s.order(reference)
	s.w.Do(s.id, func(tx *flow.Tx) error {
		return returns.NotDelivered(tx, []flow.Fact{{Merchant: s.id, Body: fact.PromiseBroken{Ruling: fact.Ruling{Promise: fact.Promise{
			Owed: fact.DeliverBy, Order: o.ID, Until: tx.Now,
		}}}}})
	})
	return "/api/v1/orders/" + string(o.ID)
}

// demanded is the path of the formal notice about one.
func (s *shop) demanded(reference string) string {
	s.w.T.Helper()
	at := s.late(reference) + "/demand"
	s.counter().must(201, "POST", at, "", nil)
	return at
}

func onDemand(what, body string) ask {
	return func(s *shop, n int) request { return request{s.demanded(fmt.Sprint("P-", n)) + what, body} }
}

// backAsks are the matrix's requests about what comes back.
var backAsks = map[string]ask{
	"setPayment":        onOrder("/payment", `{"provider":"stripe","reference":"pi_1","label":"Visa •••• 4242"}`),
	"payment":           onOrder("/payment", ""),
	"returnEligibility": onOrder("/returns/eligibility", ""),
	"returnsOfOrder":    onOrder("/returns", ""),
	"returnOptions": func(s *shop, n int) request {
		o := s.had(fmt.Sprint("P-", n))
		return request{"/api/v1/orders/" + string(o.ID) + "/returns/options", "{" + s.wish(o, "no_longer_needed") + "}"}
	},
	"requestReturn": func(s *shop, n int) request {
		o := s.had(fmt.Sprint("P-", n))
		return request{"/api/v1/orders/" + string(o.ID) + "/returns", "{" + s.wish(o, "no_longer_needed") + `,"route":"post"}`}
	},
	"withdraw": onOrder("/withdrawal", renouncing),
	"getWithdrawal": func(s *shop, n int) request {
		return request{"/api/v1/withdrawals/" + string(s.withdrawn(fmt.Sprint("P-", n)).ID), ""}
	},
	"summonDelivery":  func(s *shop, n int) request { return request{s.late(fmt.Sprint("P-", n)) + "/demand", ""} },
	"getDemand":       onDemand("", ""),
	"declineDelivery": onDemand("/decline", ""),
	"resolveContract": func(s *shop, n int) request {
		at := s.demanded(fmt.Sprint("P-", n))
		s.counter().must(200, "POST", at+"/decline", "", nil)
		return request{at + "/resolve", ""}
	},
	"listReturns":   plain("/api/v1/returns?state=accepted", ""),
	"getReturn":     onReturn("", ""),
	"mediationFile": onReturn("/mediation", ""),
	"protestReturn": func(s *shop, n int) request {
		return request{path(s.damaged(fmt.Sprint("P-", n)), "/protest"), fmt.Sprintf(`{"reference":"RK %d"}`, n)}
	},
	"returnRoutes": onReturn("/routes", ""),
	"chooseReturnRoute": func(s *shop, n int) request {
		return request{"/api/v1/returns/" + string(s.withdrawn(fmt.Sprint("P-", n)).Return) + "/route", `{"route":"post"}`}
	},
	"pickupDays": onReturn("/pickup", ""),
	"fetchAgain": func(s *shop, n int) request {
		r := s.fetched(fmt.Sprint("P-", n))
		return request{path(r, "/pickup"), fmt.Sprintf(`{"day":%q}`, *r.Pickup)}
	},
	"askReturnLabel": onReturn("/label", `{"format":"pdf_a4"}`),
	"returnLabel":    func(s *shop, n int) request { return request{path(s.labelled(fmt.Sprint("P-", n)), "/label"), ""} },
	"cancelReturn":   onReturn("/cancel", `{"by":"shopper"}`),
	"approveReturn": func(s *shop, n int) request {
		return request{path(s.wants(fmt.Sprint("P-", n), "wrong_size", ""), "/approve"), `{"reason":"Seen."}`}
	},
	"declineReturn": func(s *shop, n int) request {
		return request{path(s.wants(fmt.Sprint("P-", n), "wrong_size", ""), "/decline"), `{"reasons":[{"code":"worn"}]}`}
	},
	"depositReturn": func(s *shop, n int) request {
		return request{path(s.labelled(fmt.Sprint("P-", n)), "/deposit"), `{"source":"counter","place":"Tabac du Port, Lyon"}`}
	},
	"receiveReturn": func(s *shop, n int) request { return request{path(s.labelled(fmt.Sprint("P-", n)), "/receive"), ""} },
	"inspectReturn": func(s *shop, n int) request {
		r := s.labelled(fmt.Sprint("P-", n))
		return request{path(r, "/inspect"), s.allWell(r)}
	},
	"decideReturn": func(s *shop, n int) request {
		return request{path(s.inspected(fmt.Sprint("P-", n)), "/decide"), `{"outcome":"full"}`}
	},
	"confirmDecision": func(s *shop, n int) request {
		return request{"/api/v1/decisions/" + string(s.waits(fmt.Sprint("P-", n)).ID) + "/confirm", `{"reason":"Seen."}`}
	},
	"dropDecision": func(s *shop, n int) request {
		return request{"/api/v1/decisions/" + string(s.waits(fmt.Sprint("P-", n)).ID) + "/drop", `{"reason":"Seen."}`}
	},
	"contestReturn": func(s *shop, n int) request {
		return request{path(s.refused(fmt.Sprint("P-", n)), "/contest"), objection}
	},
	"answerDispute": func(s *shop, n int) request {
		return request{"/api/v1/disputes/" + string(s.contested(fmt.Sprint("P-", n)).ID) + "/answer", `{"by":"merchant","words":"Avez-vous une photo ?"}`}
	},
	"settleDispute": func(s *shop, n int) request {
		return request{"/api/v1/disputes/" + string(s.contested(fmt.Sprint("P-", n)).ID) + "/settle", `{"upheld":false,"words":"Elle était vide."}`}
	},
	"answerStock": func(s *shop, n int) request {
		return request{path(s.wants(fmt.Sprint("P-", n), "not_as_described", `,"settlement":"exchange"`), "/stock"), `{"there":true}`}
	},
	"linkExchange": func(s *shop, n int) request {
		r := s.wants(fmt.Sprint("P-", n), "not_as_described", `,"settlement":"exchange"`)
		s.counter().must(200, "POST", path(r, "/stock"), `{"there":true}`, nil)
		return request{path(r, "/exchange"), fmt.Sprintf(`{"order":%q}`, s.order(fmt.Sprint("X-", n)).ID)}
	},
	"keepPhoto":   plain("/api/v1/photos", picture()),
	"getPhoto":    func(s *shop, _ int) request { return request{"/api/v1/photos/" + string(s.photo().ID), ""} },
	"listRefunds": plain("/api/v1/refunds?state=asked", ""),
	"getRefund": func(s *shop, n int) request {
		return request{"/api/v1/refunds/" + string(s.owed(fmt.Sprint("P-", n)).ID), ""}
	},
	"confirmRefund": func(s *shop, n int) request {
		return request{"/api/v1/refunds/" + string(s.owed(fmt.Sprint("P-", n)).ID) + "/confirm", fmt.Sprintf(`{"reference":"V-%d"}`, n)}
	},
	"lookAgain": func(s *shop, n int) request {
		r := s.owed(fmt.Sprint("P-", n))
		s.changed(r, `update payment_refund set provider = 'stripe', state = 'stuck', why = 'not_known' where merchant = $1 and id = $2`)
		return request{"/api/v1/refunds/" + string(r.ID) + "/look", ""}
	},
	"missRefund": func(s *shop, n int) request {
		return request{"/api/v1/refunds/" + string(s.overdue(fmt.Sprint("P-", n)).ID) + "/missed", ""}
	},
	"answerClaim": func(s *shop, n int) request {
		r := s.overdue(fmt.Sprint("P-", n))
		s.as(merchant.Owner).must(200, "POST", "/api/v1/refunds/"+string(r.ID)+"/missed", "", nil)
		return request{"/api/v1/refunds/" + string(r.ID) + "/missed/answer", `{"outcome":"found"}`}
	},
	"returnTerms": plain("/api/v1/returns/terms", `{"country":"FR","lines":`+lines+`}`),
	"listClaims":  plain("/api/v1/refund-claims", ""),
	"storeCredit": func(s *shop, n int) request {
		return request{"/api/v1/shoppers/" + string(s.order(fmt.Sprint("P-", n)).Shopper) + "/credit?currency=EUR", ""}
	},
	"refundTerms":       plain("/api/v1/refund-terms", ""),
	"setRefundTerms":    plain("/api/v1/refund-terms", `{"bank_days":5,"answer_days":3}`),
	"paymentAccount":    plain("/api/v1/payment-accounts/stripe", ""),
	"setPaymentAccount": plain("/api/v1/payment-accounts/stripe", `{"secret":"rk_test_1","notice":"whsec_1"}`),
	"hearNotice": func(s *shop, _ int) request {
		return request{"/api/v1/notices/stripe/" + string(s.id), "of another shop"}
	},
	"hearText":   plain("/api/v1/texts", `{"from":"+33612345678","text":"STOP"}`),
	"listPoints": plain("/api/v1/points?text=69002", ""),
	"listStores": plain("/api/v1/stores", ""),
	"setStore": func(_ *shop, n int) request {
		return request{"/api/v1/stores", storeBody(fmt.Sprint("n", n))}
	},
	"closeStore": func(s *shop, n int) request {
		return request{"/api/v1/stores/" + s.store(fmt.Sprint("s", n)).Code, ""}
	},
	"account":       onPrinter("/account", ""),
	"setAccount":    onPrinter("/account", account),
	"returnsPolicy": plain("/api/v1/policies/returns", ""),
	"setReturnsPolicy": func(s *shop, n int) request {
		s.takesBack()
		rule := strings.Replace(returns.Default, `"approve": `, `"approve": reason == "wrong_size" ? "fitting" : `, 1)
		return request{"/api/v1/policies/returns", fmt.Sprintf(`{"source":%q}`, fmt.Sprint(rule, "\n// ", n))}
	},
	"returnConditions": plain("/api/v1/returns/conditions", ""),
	"setReturnConditions": func(s *shop, _ int) request {
		s.takesBack()
		var c ReturnConditions
		s.as(merchant.Owner).must(200, "GET", "/api/v1/returns/conditions", "", &c)
		return request{"/api/v1/returns/conditions", jsonOf(s, c)}
	},
	"setNotice": func(_ *shop, n int) request {
		return request{"/api/v1/policies/withdrawal", fmt.Sprintf(`{"words":"Vous avez quatorze jours. %d"}`, n)}
	},
	"listEndpoints": plain("/api/v1/webhooks", ""),
	"openEndpoint": func(s *shop, _ int) request {
		s.endpoint(system)
		return request{"/api/v1/webhooks", fmt.Sprintf(`{"url":%q,"kinds":["order.placed"]}`, system)}
	},
	"getEndpoint":    onEndpoint("", ""),
	"changeEndpoint": onEndpoint("", fmt.Sprintf(`{"url":%q,"label":"ERP","kinds":["order.cancelled"]}`, system)),
	"removeEndpoint": onEndpoint("", ""),
	"rotateSecret":   onEndpoint("/rotate", `{"overlap_seconds":3600}`),
	"tryEndpoint":    onEndpoint("/test", ""),
	"wakeEndpoint":   func(s *shop, _ int) request { return request{"/api/v1/webhooks/" + string(s.gone().ID) + "/wake", ""} },
	"replayDead":     onEndpoint("/replay", ""),
	"listDeliveries": plain("/api/v1/webhook-deliveries?state=dead", ""),
	"getDelivery":    onDelivery(""),
	"replayDelivery": onDelivery("/replay"),
}

func onReturn(rest, body string) ask {
	return func(s *shop, n int) request {
		return request{path(s.wants(fmt.Sprint("P-", n), "no_longer_needed", ""), rest), body}
	}
}

func onPrinter(rest, body string) ask {
	return func(s *shop, _ int) request {
		s.takesBack()
		return request{"/api/v1/connections/" + string(s.printer.ID) + rest, body}
	}
}

func onEndpoint(rest, body string) ask {
	return func(s *shop, _ int) request {
		return request{"/api/v1/webhooks/" + string(s.endpoint(system).ID) + rest, body}
	}
}

func onDelivery(rest string) ask {
	return func(s *shop, _ int) request {
		return request{"/api/v1/webhook-deliveries/" + string(s.delivery(s.endpoint(system)).ID) + rest, ""}
	}
}

// said stands for a provider whose signature is right: of every shop it says the
// same, that the refund whose key is the body is done.
func said(body []byte, signature, _ string, _ civil.Instant) (payment.Notice, bool, error) {
	if signature == "forged" || !strings.HasPrefix(string(body), "dec_") && string(body) != "of another shop" {
		return payment.Notice{}, false, fault.New(fault.Unauthorized, "notice_unsigned", "")
	}
	n := payment.Notice{ID: "evt_1", Key: string(body), Answer: payment.Answer{State: payment.Done, Reference: "re_1"}}
	return n, true, nil
}
