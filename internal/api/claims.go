package api

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// DeliveryClaim is what a shopper says went wrong with an order.
type DeliveryClaim struct {
	ID        ident.Claim     `json:"id"`
	Number    int             `json:"number" doc:"The how manieth about its order: people call it by the order's reference and this, as in E-1042/R1."`
	Order     ident.Order     `json:"order"`
	Shopper   ident.Shopper   `json:"shopper"`
	Parcel    ident.Parcel    `json:"parcel,omitempty" doc:"None: all that was sent."`
	What      fact.ClaimKind  `json:"what" enum:"late,lost,damaged,missing,not_received,nobody_came,other" doc:"not_received, nobody_came and lost contest a scan: the promise judged by it counts in no measure until the decision."`
	State     desk.ClaimState `json:"state" enum:"open,decided,contested,closed" doc:"closed: a second person has decided."`
	OpenedAt  civil.Instant   `json:"opened_at"`
	AnswerBy  civil.Instant   `json:"answer_by" doc:"Exclusive, of the last wait: a person decides by then. It is owed as a commitment about the message that began the wait."`
	Outcome   fact.Outcome    `json:"outcome,omitempty" enum:"full,partial,refused" doc:"Of the last decision."`
	Liable    fact.Party      `json:"liable,omitempty" doc:"Who answers for it, by the last decision."`
	DecidedAt civil.Instant   `json:"decided_at,omitzero"`
}

// ClaimEntry is one entry of a claim's file.
type ClaimEntry struct {
	ID      ident.Said    `json:"id"`
	Act     desk.ClaimAct `json:"act" enum:"opened,added,asked,given,decided,contested,reviewed"`
	Party   fact.Party    `json:"party" enum:"shopper,merchant,carrier" doc:"Whose words they are; of asked, who was asked."`
	Actor   flow.Actor    `json:"actor"`
	Words   string        `json:"words"`
	Photos  []ident.Blob  `json:"photos"`
	Outcome fact.Outcome  `json:"outcome,omitempty"`
	Liable  fact.Party    `json:"liable,omitempty"`
	Goods   []fact.Units  `json:"goods,omitempty" doc:"Whose price the decision gives back."`
	At      civil.Instant `json:"at"`
}

// DeliveryClaimDetail is a claim with its file.
type DeliveryClaimDetail struct {
	DeliveryClaim
	File    []ClaimEntry   `json:"file"`
	Returns []ident.Return `json:"returns,omitempty" doc:"Under which goods are paid back, of the ground claim."`
}

func showComplaint(c desk.Claim) DeliveryClaim {
	return DeliveryClaim{
		ID: c.ID, Number: c.Number, Order: c.Order, Shopper: c.Shopper, Parcel: c.Parcel, What: c.What, State: c.State, OpenedAt: c.Opened, AnswerBy: c.AnswerBy,
		Outcome: c.Outcome, Liable: c.Liable, DecidedAt: c.Decided,
	}
}

func complaintDetail(tx *db.Tx, m ident.Merchant, c desk.Claim) (DeliveryClaimDetail, error) {
	file, err := desk.ClaimFile(tx, m, c.ID)
	if err != nil {
		return DeliveryClaimDetail{}, err
	}
	given, err := returns.RedressFor(tx, m, desk.Questions(file))
	return DeliveryClaimDetail{DeliveryClaim: showComplaint(c), Returns: mapped(given, func(g returns.Redress) ident.Return { return g.Return.ID }), File: mapped(file, func(e desk.ClaimEntry) ClaimEntry {
		return ClaimEntry{e.ID, e.Act, e.Party, e.Actor, e.Words, mapped(e.Photos, func(id ident.Blob) ident.Blob { return id }), e.Outcome, e.Liable, e.Goods, e.At}
	})}, err
}

// claimed is a claim after something was done about it.
func claimed(tx *flow.Tx, m ident.Merchant, c desk.Claim, err error) (reply[DeliveryClaimDetail], error) {
	if err != nil {
		return reply[DeliveryClaimDetail]{}, err
	}
	d, err := complaintDetail(tx.Tx, m, c)
	return created(d), err
}

type complaintsIn struct {
	Paging
	State string      `query:"state" enum:"waiting,all" default:"waiting" doc:"waiting: the next deadline first; all: the newest first."`
	Order ident.Order `query:"order" doc:"Only those about an order, the oldest first; state is not looked at."`
}

func listComplaints(_ *API, tx *db.Tx, c call, in *complaintsIn) (List[DeliveryClaim], error) {
	if in.Order != "" {
		of, err := desk.ClaimsOf(tx, c.Merchant, []ident.Order{in.Order})
		return whole(of[in.Order], showComplaint), err
	}
	last, err := after[ident.Claim](in.Paging)
	if err != nil {
		return List[DeliveryClaim]{}, err
	}
	all, err := complaintsAfter(tx, c.Merchant, in.State == "all", last, in.Limit+1)
	return listed(all, in.Limit, func(c desk.Claim) ident.Claim { return c.ID }, showComplaint), err
}

func complaintsAfter(tx *db.Tx, m ident.Merchant, all bool, last ident.Claim, limit int) ([]desk.Claim, error) {
	if all {
		return desk.NewestClaims(tx, m, last, limit)
	}
	var from desk.Claim
	if last != "" {
		var err error
		if from, err = desk.GetClaim(tx, m, last); err != nil {
			return nil, err
		}
	}
	return desk.ClaimQueue(tx, m, from, limit)
}

type complaintPath struct {
	ID ident.Claim `path:"id"`
}

func getComplaint(_ *API, tx *db.Tx, c call, in *complaintPath) (DeliveryClaimDetail, error) {
	of, err := desk.GetClaim(tx, c.Merchant, in.ID)
	if err != nil {
		return DeliveryClaimDetail{}, err
	}
	return complaintDetail(tx, c.Merchant, of)
}

// Claiming is a claim in a shopper's name.
type Claiming struct {
	Parcel ident.Parcel   `json:"parcel,omitempty"`
	What   fact.ClaimKind `json:"what,omitempty" doc:"late, lost, damaged, missing, not_received, nobody_came; other when it is not said."`
	Words  string         `json:"words" doc:"Plain text of up to 5000 characters."`
	Photos []ident.Blob   `json:"photos,omitempty" maxItems:"10"`
	By     string         `json:"by,omitempty" doc:"Who at the shop enters it, by e-mail address or id: somebody else decides."`
}

type raiseIn struct {
	ID   ident.Order `path:"id"`
	Key  string      `header:"Idempotency-Key"`
	Body Claiming
}

func raiseClaim(_ *API, tx *flow.Tx, c call, in *raiseIn) (reply[DeliveryClaimDetail], error) {
	r := desk.Raising{
		Key: "api/" + ident.Hash(in.Key)[:40], Order: in.ID, Parcel: in.Body.Parcel, What: in.Body.What, Via: fact.ViaAPI, Words: in.Body.Words, Photos: in.Body.Photos,
	}
	if in.Body.By != "" {
		var err error
		if r.By, err = answerer(tx.Tx, c.Merchant, in.Body.By); err != nil {
			return reply[DeliveryClaimDetail]{}, err
		}
	}
	of, err := desk.Raise(tx, c.Merchant, r)
	return claimed(tx, c.Merchant, of, err)
}

type sortIn struct {
	ID   ident.Claim `path:"id"`
	Body struct {
		What   fact.ClaimKind `json:"what"`
		Parcel ident.Parcel   `json:"parcel,omitempty"`
	}
}

func sortComplaint(_ *API, tx *flow.Tx, c call, in *sortIn) (reply[DeliveryClaimDetail], error) {
	of, err := desk.Sort(tx, c.Merchant, in.ID, in.Body.What, in.Body.Parcel)
	r, err := claimed(tx, c.Merchant, of, err)
	return ok(r.Body), err
}

type evidenceIn struct {
	ID   ident.Claim `path:"id"`
	Body struct {
		By     fact.Party   `json:"by" enum:"shopper,carrier,merchant" doc:"Whose words they are."`
		Asked  bool         `json:"asked,omitempty" doc:"They are the question that was put to the carrier, or to the shop; else what was said."`
		Words  string       `json:"words"`
		Photos []ident.Blob `json:"photos,omitempty" maxItems:"10"`
	}
}

func addEvidence(_ *API, tx *flow.Tx, c call, in *evidenceIn) (reply[DeliveryClaimDetail], error) {
	if in.Body.Asked {
		of, err := desk.AskEvidence(tx, c.Merchant, in.ID, in.Body.By, in.Body.Words)
		return claimed(tx, c.Merchant, of, err)
	}
	of, err := desk.Tell(tx, c.Merchant, in.ID, desk.Statement{By: in.Body.By, Via: fact.ViaAPI, Words: in.Body.Words, Photos: in.Body.Photos})
	return claimed(tx, c.Merchant, of, err)
}

type contestComplaintIn struct {
	ID   ident.Claim `path:"id"`
	Body struct {
		Words  string       `json:"words"`
		Photos []ident.Blob `json:"photos,omitempty" maxItems:"10"`
	}
}

func contestComplaint(_ *API, tx *flow.Tx, c call, in *contestComplaintIn) (reply[DeliveryClaimDetail], error) {
	of, err := desk.ContestClaim(tx, c.Merchant, in.ID, desk.Statement{Via: fact.ViaAPI, Words: in.Body.Words, Photos: in.Body.Photos})
	return claimed(tx, c.Merchant, of, err)
}

// ClaimDecision is a person's word on a claim.
type ClaimDecision struct {
	By      string       `json:"by" doc:"Who decides: the e-mail address, or the id, of somebody who works there, and did not enter the claim."`
	Outcome fact.Outcome `json:"outcome" enum:"full,partial,refused"`
	Liable  fact.Party   `json:"liable,omitempty" enum:"merchant,carrier,shopper,customs,relay,force_majeure,unknown,nobody" doc:"Who answers for it. Needed unless it is refused."`
	Words   string       `json:"words" doc:"The reasons, as the shopper reads them."`
	Goods   []fact.Units `json:"goods,omitempty" doc:"Units that were lost, are missing or came damaged, whose price is given back: a return of the ground claim, without goods, due within fourteen days. Above what whoever decides may give alone a second person confirms it."`
}

type claimDecisionIn struct {
	ID   ident.Claim `path:"id"`
	Body ClaimDecision
}

func (in *claimDecisionIn) decision(tx *db.Tx, m ident.Merchant) (desk.Decision, error) {
	who, err := answerer(tx, m, in.Body.By)
	return desk.Decision{By: who, Outcome: in.Body.Outcome, Liable: in.Body.Liable, Words: in.Body.Words, Goods: in.Body.Goods}, err
}

func decideComplaint(_ *API, tx *flow.Tx, c call, in *claimDecisionIn) (reply[DeliveryClaimDetail], error) {
	d, err := in.decision(tx.Tx, c.Merchant)
	if err != nil {
		return reply[DeliveryClaimDetail]{}, err
	}
	of, err := desk.Decide(tx, c.Merchant, in.ID, d)
	return claimed(tx, c.Merchant, of, err)
}

func reviewComplaint(_ *API, tx *flow.Tx, c call, in *claimDecisionIn) (reply[DeliveryClaimDetail], error) {
	d, err := in.decision(tx.Tx, c.Merchant)
	if err != nil {
		return reply[DeliveryClaimDetail]{}, err
	}
	of, err := desk.Review(tx, c.Merchant, in.ID, d)
	return claimed(tx, c.Merchant, of, err)
}

// ClaimMediation is all that is known of a claim, for somebody outside the shop.
type ClaimMediation struct {
	DeliveryClaimDetail
	Mediator string   `json:"mediator,omitempty" doc:"Name and site, as the shop has set them."`
	Timeline []Moment `json:"timeline" doc:"What happened to the order, the first first."`
}

func claimMediation(a *API, tx *db.Tx, c call, in *complaintPath) (out ClaimMediation, err error) {
	if out.DeliveryClaimDetail, err = getComplaint(a, tx, c, in); err != nil {
		return out, err
	}
	conditions, err := returns.ConditionsOf(tx, c.Merchant)
	if err != nil {
		return out, err
	}
	out.Mediator = conditions.Mediator
	facts, err := flow.Timeline(tx, c.Merchant, string(out.Order))
	if err != nil {
		return out, err
	}
	out.Timeline, err = merged(facts, nil)
	return out, err
}

// complaintRoutes are those of claims.
func complaintRoutes() []Route {
	const one = "/api/v1/claims/{id}"
	return []Route{
		write(post("/api/v1/orders/{id}/claims", ordersWrite, "raiseClaim", "claims", "Claim in a shopper's name that something went wrong").keyed().
			says("No time has to pass first. It answers by when a person decides, counted in the desk's opening hours. That is owed."), raiseClaim),
		read(get("/api/v1/claims", ordersRead, "listComplaints", "claims", "Claims that wait for a decision, the next deadline first; or all claims"), listComplaints),
		read(get(one, ordersRead, "getComplaint", "claims", "A claim with all that was said, asked and decided"), getComplaint),
		write(post(one+"/sort", ordersWrite, "sortComplaint", "claims", "Note what a claim is about, once a person has read it").status(http.StatusOK), sortComplaint),
		write(post(one+"/evidence", ordersWrite, "addEvidence", "claims", "Add what was asked of the carrier or the shop, and what was said"), addEvidence),
		write(post(one+"/decide", moneyWrite, "decideComplaint", "claims", "A person's word on a claim, with its reasons").
			says("Of a claim that contests a scan, full and partial have its promise judged again without that scan, and the shop's remedy policy answers at once. Goods are given back once: what is in a return, withdrawn from or paid back is refused with claim_goods_gone."), decideComplaint),
		write(post(one+"/contest", ordersWrite, "contestComplaint", "claims", "The shopper does not accept that word"), contestComplaint),
		write(post(one+"/review", moneyWrite, "reviewComplaint", "claims", "The second person's word: the shop's last"), reviewComplaint),
		read(get(one+"/mediation", ordersRead, "claimMediation", "claims", "All that is known of a claim, for a mediator"), claimMediation),
	}
}
