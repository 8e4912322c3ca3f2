package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/blob"
)

// Access says who may use a route: a permission, or one of the two below.
type Access string

// Access without a permission.
const (
	Public Access = "public"  // anybody
	AnyKey Access = "any key" // whoever has a server's key that opens
)

// Route is one operation of the API.
type Route struct {
	Method, Path string
	Access       Access
	ID           string // operationId; empty for what serves the document itself
	Tag          string
	Summary      string
	Description  string
	Status       int      // of a good answer
	Key          KeyRule  // for routes that write
	AnyBody      bool     // the body is a carrier's, in its own format
	Open         bool     // pages of any origin may read the answers
	Most         int      // bytes of a body; 0: as everywhere
	Types        []string // of the document that it answers; none: JSON

	mount func(*API, Route)
}

// check refuses a route that does not say who may use it, or that nobody may.
func (r Route) check() error {
	if r.Access != Public && r.Access != AnyKey && !slices.Contains(merchant.Permissions(), merchant.Permission(r.Access)) {
		return fmt.Errorf("%s %s does not say who may use it: %q is no permission", r.Method, r.Path, r.Access)
	}
	if r.mount == nil {
		return fmt.Errorf("%s %s has no handler", r.Method, r.Path)
	}
	return nil
}

// The frames of routes: a read answers 200, a creation 201.
func get(path string, a Access, id, tag, summary string) Route {
	return Route{Method: http.MethodGet, Path: path, Access: a, ID: id, Tag: tag, Summary: summary, Status: http.StatusOK}
}

func post(path string, a Access, id, tag, summary string) Route {
	return Route{Method: http.MethodPost, Path: path, Access: a, ID: id, Tag: tag, Summary: summary, Status: http.StatusCreated}
}

func put(path string, a Access, id, tag, summary string) Route {
	return Route{Method: http.MethodPut, Path: path, Access: a, ID: id, Tag: tag, Summary: summary, Status: http.StatusOK}
}

func remove(path string, a Access, id, tag, summary string) Route {
	return Route{Method: http.MethodDelete, Path: path, Access: a, ID: id, Tag: tag, Summary: summary, Status: http.StatusNoContent}
}

func (r Route) status(s int) Route        { r.Status = s; return r }
func (r Route) keyed() Route              { r.Key = KeyRequired; return r }
func (r Route) upTo(bytes int) Route      { r.Most = bytes; return r }
func (r Route) anyBody() Route            { r.AnyBody = true; return r }
func (r Route) says(details string) Route { r.Description = details; return r }

// The permissions, as routes name them.
const (
	quotesWrite   = Access(merchant.QuoteDates)
	pointsRead    = Access(merchant.FindPoints)
	ordersWrite   = Access(merchant.PlaceOrders)
	ordersRead    = Access(merchant.ReadOrders)
	parcelsWrite  = Access(merchant.ShipParcels)
	eventsWrite   = Access(merchant.ReportEvents)
	promisesRead  = Access(merchant.ReadPromises)
	promisesWrite = Access(merchant.AmendPromises)
	reportsRead   = Access(merchant.ReadReports)
	settingsWrite = Access(merchant.ManageSettings)
	keysWrite     = Access(merchant.ManageKeys)
	bouncesWrite  = Access(merchant.ReportBounces)
	moneyWrite    = Access(merchant.GiveBack)
	workRead      = Access(merchant.ReadWork)
	workWrite     = Access(merchant.ReplayWork)
)

// routes is every operation: its path, who may use it, its handler.
func routes() []Route {
	return slices.Concat(templateRoutes(), conversationRoutes(), complaintRoutes(), changeRoutes(), incidentRoutes(), []Route{
		read(get("/healthz", Public, "health", "program", "Does the program answer?"), health),
		described("/openapi.json", "application/openapi+json", asJSON),
		described("/openapi.yaml", "application/openapi+yaml", asYAML),
		read(get("/api/v1/me", AnyKey, "me", "program", "Who the key is"), me),

		read(post("/api/v1/quotes", quotesWrite, "quote", "sale", "The dates that can be promised").status(http.StatusOK), quote),
		read(post("/api/v1/returns/terms", quotesWrite, "returnTerms", "sale", "How articles could come back, before they are bought").status(http.StatusOK), returnTerms),
		write(post("/api/v1/orders", ordersWrite, "placeOrder", "sale", "Place an order").keyed(), placeOrder),

		read(get("/api/v1/orders", ordersRead, "listOrders", "orders", "Orders, the newest first"), listOrders),
		read(get("/api/v1/orders/{id}", ordersRead, "getOrder", "orders", "An order with all that belongs to it"), getOrder),
		settled(post("/api/v1/orders/{id}/cancel", ordersWrite, "cancelOrder", "orders", "Take an order back before it leaves").status(http.StatusOK), cancelOrder, orderNow),
		read(get("/api/v1/orders/{id}/timeline", ordersRead, "orderTimeline", "orders", "All that happened to an order"), orderTimeline),
		settled(post("/api/v1/orders/{id}/parcels", parcelsWrite, "announceParcel", "parcels", "Announce a parcel of an order"), announceParcel, parcelNow),
		write(post("/api/v1/orders/{id}/shortages", parcelsWrite, "declareMissing", "parcels", "Declare units that will not be sent"), declareMissing),

		write(post("/api/v1/orders/{id}/early", eventsWrite, "askEarly", "orders", "Ask the shopper whether the courier may come before the slot"), askEarly),
		read(get("/api/v1/orders/{id}/early", eventsWrite, "early", "orders", "What the shopper said to that"), earlyNow),

		write(put("/api/v1/orders/{id}/payment", ordersWrite, "setPayment", "payments", "Say by what means an order was paid"), setPayment),
		read(get("/api/v1/orders/{id}/payment", ordersRead, "payment", "payments", "By what means an order was paid"), getPayment),

		read(get("/api/v1/parcels", ordersRead, "listParcels", "parcels", "The parcels of an order"), listParcels),
		read(get("/api/v1/parcels/{id}", ordersRead, "getParcel", "parcels", "A parcel with its story"), getParcel),
		write(post("/api/v1/parcels/{id}/legs", parcelsWrite, "addLeg", "parcels", "One more number of a parcel"), addLeg),
		act(post("/api/v1/events", eventsWrite, "reportEvents", "parcels", "Report what happened to parcels").status(http.StatusAccepted).anyBody().
			says("The body is in the carrier's own format. The generic webhook is "+
				"`{\"events\":[{\"tracking_number\",\"status\",\"code\",\"label\",\"reason\",\"place\",\"party\",\"source\",\"occurred_at\",\"precision\",\"location\",\"zone\",\"expected_at\"}]}`. "+
				"It is kept as it came, whatever can be understood of it."), reportEvents),

		write(post("/api/v1/inquiries/{id}/answer", eventsWrite, "answerInquiry", "parcels", "Answer a question about a parcel").status(http.StatusNoContent), answerInquiry),

		read(get("/api/v1/commitments", promisesRead, "listCommitments", "promises", "What is and was owed, the newest first"), listCommitments),
		read(get("/api/v1/commitments/{id}", promisesRead, "getCommitment", "promises", "A commitment with its verdicts"), getCommitment),
		write(post("/api/v1/commitments/{id}/amend", promisesWrite, "amendCommitment", "promises", "Another day, at the shopper's wish"), amendCommitment),
		read(get("/api/v1/reports/promises", reportsRead, "promisesReport", "promises", "How well promises were kept"), promisesReport),
		read(get("/api/v1/reports/returns", reportsRead, "returnsReport", "returns", "What came back, why, how long it took, and what was found"), returnsReport),

		read(get("/api/v1/orders/{id}/returns/eligibility", ordersRead, "returnEligibility", "returns", "What of an order may come back, and until when"), returnEligibility),
		read(post("/api/v1/orders/{id}/returns/options", ordersRead, "returnOptions", "returns", "The ways back, with their prices and dates").status(http.StatusOK), returnOptions),
		write(post("/api/v1/orders/{id}/returns", ordersWrite, "requestReturn", "returns", "Ask for a return").keyed(), requestReturn),
		read(get("/api/v1/orders/{id}/returns", ordersRead, "returnsOfOrder", "returns", "The returns of an order"), returnsOfOrder),
		write(post("/api/v1/orders/{id}/withdrawal", ordersWrite, "withdraw", "returns", "Pass on a consumer's withdrawal from the contract").
			says("By right of law, whatever the shop's policy: no reason is asked. What comes too late is kept and acknowledged all the same, and says so."), withdraw),
		read(get("/api/v1/withdrawals/{id}", ordersRead, "getWithdrawal", "returns", "A withdrawal as it was received"), getWithdrawal),
		write(post("/api/v1/orders/{id}/demand", ordersWrite, "summonDelivery", "returns", "Pass on a consumer's formal notice to deliver what is late").
			says("An order has one at most. When its further period is over, or the shop declined, the contract may be resolved."), summonDelivery),
		read(get("/api/v1/orders/{id}/demand", ordersRead, "getDemand", "returns", "The formal notice about an order"), getDemand),
		write(post("/api/v1/orders/{id}/demand/decline", ordersWrite, "declineDelivery", "returns", "Say that it will not be delivered").status(http.StatusOK), declineDelivery),
		write(post("/api/v1/orders/{id}/demand/resolve", ordersWrite, "resolveContract", "returns", "Pass on that the consumer resolves the contract for what never came").status(http.StatusOK), resolveContract),
		read(get("/api/v1/returns", ordersRead, "listReturns", "returns", "The returns in a state, the oldest first"), listReturns),
		read(get("/api/v1/returns/{id}", ordersRead, "getReturn", "returns", "A return with all that came of it"), getReturn),
		read(get("/api/v1/returns/{id}/routes", ordersRead, "returnRoutes", "returns", "The ways back of a return that is open already"), returnRoutes),
		write(post("/api/v1/returns/{id}/route", ordersWrite, "chooseReturnRoute", "returns", "Choose the way back of goods withdrawn from").status(http.StatusOK), chooseReturnRoute),
		read(get("/api/v1/returns/{id}/pickup", ordersRead, "pickupDays", "returns", "The days on which a parcel can be fetched that nobody came for"), pickupDays),
		write(post("/api/v1/returns/{id}/pickup", ordersWrite, "fetchAgain", "returns", "Choose another day to be fetched on, under the same label").status(http.StatusOK), fetchAgain),
		write(post("/api/v1/returns/{id}/label", ordersWrite, "askReturnLabel", "returns", "Have a label made").status(http.StatusAccepted).
			says("The carrier is asked afterwards: GET the same path until the label is there. One label for each format, however often it is asked for."), askReturnLabel),
		give(get("/api/v1/returns/{id}/label", ordersRead, "returnLabel", "returns", "The label, as a document"), returnLabel, blob.PDF, blob.ZPL, blob.PNG),
		write(post("/api/v1/returns/{id}/cancel", ordersWrite, "cancelReturn", "returns", "Take a return back before it is deposited").status(http.StatusOK), cancelReturn),
		write(post("/api/v1/returns/{id}/approve", moneyWrite, "approveReturn", "returns", "Let a held return pass").status(http.StatusOK), approveReturn),
		write(post("/api/v1/returns/{id}/decline", moneyWrite, "declineReturn", "returns", "Say no to a held return, with reasons"), declineReturn),
		write(post("/api/v1/returns/{id}/deposit", parcelsWrite, "depositReturn", "returns", "Take a parcel at a counter, for a proof"), depositReturn),
		write(post("/api/v1/returns/{id}/receive", parcelsWrite, "receiveReturn", "returns", "Scan a return in at the warehouse").status(http.StatusOK), receiveReturn),
		write(post("/api/v1/returns/{id}/inspect", parcelsWrite, "inspectReturn", "returns", "Say what came back, unit by unit").status(http.StatusOK), inspectReturn),
		write(post("/api/v1/returns/{id}/decide", moneyWrite, "decideReturn", "returns", "Say what is owed for a return").
			says("Beyond what the key may give back alone the decision waits for a second person, and nothing is owed yet."), decideReturn),
		read(get("/api/v1/returns/{id}/mediation", ordersRead, "mediationFile", "returns", "All that is known of a return, for a mediator"), mediationFile),
		write(post("/api/v1/returns/{id}/protest", parcelsWrite, "protestReturn", "returns", "Note that the carrier was told of articles that arrived damaged").status(http.StatusOK), protestReturn),
		write(post("/api/v1/decisions/{id}/confirm", moneyWrite, "confirmDecision", "returns", "The second person's yes").status(http.StatusOK), confirmDecision),
		write(post("/api/v1/decisions/{id}/drop", moneyWrite, "dropDecision", "returns", "The second person's no").status(http.StatusNoContent), dropDecision),
		write(post("/api/v1/returns/{id}/contest", ordersWrite, "contestReturn", "returns", "Do not accept the last decision"), contestReturn),
		write(post("/api/v1/disputes/{id}/answer", ordersWrite, "answerDispute", "returns", "Say something in a dispute"), answerDispute),
		write(post("/api/v1/disputes/{id}/settle", moneyWrite, "settleDispute", "returns", "The second person's word on a dispute").status(http.StatusOK), settleDispute),
		write(post("/api/v1/returns/{id}/stock", ordersWrite, "answerStock", "returns", "Say whether an exchange has its goods").status(http.StatusOK), answerStock),
		write(post("/api/v1/returns/{id}/exchange", ordersWrite, "linkExchange", "returns", "Name the order that goes out for a return").status(http.StatusOK), linkExchange),
		act(post("/api/v1/photos", ordersWrite, "keepPhoto", "returns", "Keep a photo, to be named in a return or a dispute").anyBody().upTo(photo.MaxBytes).
			says("The body is a JPEG, PNG or WebP of at most 10 MiB. It is encoded again, and what its camera wrote into it is left out."), keepPhoto),
		give(get("/api/v1/photos/{id}", ordersRead, "getPhoto", "returns", "A photo"), getPhoto, blob.JPEG, blob.PNG),

		read(get("/api/v1/refunds", ordersRead, "listRefunds", "payments", "Refunds that the shop is to pay or to look at, the oldest first"), listRefunds),
		read(get("/api/v1/refunds/{id}", ordersRead, "getRefund", "payments", "A refund"), getRefund),
		write(post("/api/v1/refunds/{id}/confirm", moneyWrite, "confirmRefund", "payments", "Say that a refund was carried out").status(http.StatusOK), confirmRefund),

		write(post("/api/v1/refunds/{id}/look", moneyWrite, "lookAgain", "payments", "Have the provider asked once more what became of a stuck refund").status(http.StatusOK), lookAgain),
		write(post("/api/v1/refunds/{id}/missed", ordersWrite, "missRefund", "payments", "Say that the money of a refund has not come").status(http.StatusOK), missRefund),
		write(post("/api/v1/refunds/{id}/missed/answer", moneyWrite, "answerClaim", "payments", "Say what became of that money").status(http.StatusOK), answerClaim),
		read(get("/api/v1/refund-claims", ordersRead, "listClaims", "payments", "Money that has not come, as shoppers say, the most urgent first"), listClaims),
		read(get("/api/v1/shoppers/{id}/credit", ordersRead, "storeCredit", "payments", "The store credit that a shopper may spend"), storeCredit),
		read(get("/api/v1/refund-terms", settingsWrite, "refundTerms", "payments", "How long money takes, as shoppers are told"), getTerms),
		write(put("/api/v1/refund-terms", settingsWrite, "setRefundTerms", "payments", "Say how long money takes"), setTerms),
		read(get("/api/v1/payment-accounts/{provider}", settingsWrite, "paymentAccount", "payments", "Whether the account at a payment provider is there"), getProvider),
		write(put("/api/v1/payment-accounts/{provider}", settingsWrite, "setPaymentAccount", "payments", "Keep the account at a payment provider, sealed"), setProvider),
		act(post("/api/v1/notices/{provider}/{merchant}", Public, "hearNotice", "payments", "What a payment provider says by itself").status(http.StatusNoContent).anyBody().
			says("For the provider alone: it signs, and nothing unsigned is heard."), hearNotice),

		act(post("/api/v1/texts", Public, "hearText", "messages", "What a shopper answered by SMS").status(http.StatusNoContent).anyBody().
			says("For the gateway alone, which proves who it is. STOP ends all SMS to that number, START begins them again; anything else changes nothing."), hearText),

		read(get("/api/v1/points", pointsRead, "listPoints", "points", "Where a parcel can be collected or handed in, the nearest first"), listPoints),
		read(get("/api/v1/stores", settingsWrite, "listStores", "points", "The shop's own stores"), listStores),
		write(put("/api/v1/stores", settingsWrite, "setStore", "points", "Open or change a store"), setStore),
		write(remove("/api/v1/stores/{code}", settingsWrite, "closeStore", "points", "Take a store out of every search"), closeStore),

		write(put("/api/v1/settings", settingsWrite, "configure", "settings", "How bold promises are"), configure),
		read(get("/api/v1/stock-points", settingsWrite, "listStockPoints", "settings", "Where goods leave from"), listStockPoints),
		write(post("/api/v1/stock-points", settingsWrite, "setStockPoint", "settings", "Open or change a stock point"), setStockPoint),
		read(get("/api/v1/connections", settingsWrite, "listConnections", "settings", "Accounts with carriers"), listConnections),
		write(post("/api/v1/connections", settingsWrite, "connect", "settings", "Open or change an account with a carrier"), connect),
		read(get("/api/v1/connections/{id}/account", settingsWrite, "account", "settings", "What the carrier's account is made of, and which of it is there"), getAccount),
		write(put("/api/v1/connections/{id}/account", settingsWrite, "setAccount", "settings", "Keep the account with a carrier, sealed"), setAccount),
		read(get("/api/v1/services", settingsWrite, "listServices", "settings", "What carriers sell"), listServices),
		write(post("/api/v1/services", settingsWrite, "setService", "settings", "Open or change a service"), setService),
		read(get("/api/v1/services/{id}/slots", settingsWrite, "slots", "settings", "The slots of a service by appointment"), slotsOf),
		write(put("/api/v1/services/{id}/slots", settingsWrite, "setSlots", "settings", "Give a service another week of slots"), setSlots),
		read(get("/api/v1/tariffs", settingsWrite, "listTariffs", "settings", "The price list of delivery in force on a day"), listTariffs),
		write(post("/api/v1/tariffs", settingsWrite, "setTariff", "settings", "Add or change a row of the price list"), setTariff),
		read(get("/api/v1/policies/remedy", settingsWrite, "remedyPolicy", "settings", "How broken promises are repaired"), remedyPolicy),
		write(put("/api/v1/policies/remedy", settingsWrite, "setRemedyPolicy", "settings", "Rule anew how broken promises are repaired"), setRemedyPolicy),
		read(get("/api/v1/policies/returns", settingsWrite, "returnsPolicy", "settings", "What comes back, until when, how, and what it costs"), returnsPolicy),
		write(put("/api/v1/policies/returns", settingsWrite, "setReturnsPolicy", "settings", "Rule anew what comes back"), setReturnsPolicy),
		read(get("/api/v1/returns/conditions", settingsWrite, "returnConditions", "settings", "How the shop runs its returns: days, reasons, limits, carriers"), returnConditions),
		write(put("/api/v1/returns/conditions", settingsWrite, "setReturnConditions", "settings", "Run returns by other numbers"), setReturnConditions),
		write(put("/api/v1/policies/withdrawal", settingsWrite, "setNotice", "settings", "Say what consumers are told of their right to withdraw"), setNotice),
		write(post("/api/v1/grants", settingsWrite, "grant", "settings", "Let a network read of yours"), grant),
		write(remove("/api/v1/grants/{id}", settingsWrite, "revokeGrant", "settings", "Take such a right back"), revokeGrant),

		read(get("/api/v1/keys", keysWrite, "listKeys", "keys", "Keys, without their secrets"), listKeys),
		write(post("/api/v1/keys", keysWrite, "issueKey", "keys", "Issue a key"), issueKey),
		write(remove("/api/v1/keys/{id}", keysWrite, "revokeKey", "keys", "Make a key open nothing any more"), revokeKey),
		read(get("/api/v1/browser-keys", keysWrite, "listBrowserKeys", "keys", "Keys of the shop's own pages"), listBrowserKeys),
		write(post("/api/v1/browser-keys", keysWrite, "issueBrowserKey", "keys", "Issue a key for the shop's own pages"), issueBrowserKey),
		write(remove("/api/v1/browser-keys/{id}", keysWrite, "revokeBrowserKey", "keys", "Make such a key open nothing any more"), revokeBrowserKey),

		read(get("/api/v1/webhooks", settingsWrite, "listEndpoints", "webhooks", "Addresses that hear what happens"), listEndpoints),
		write(post("/api/v1/webhooks", settingsWrite, "openEndpoint", "webhooks", "Have an address hear what happens"), openEndpoint),
		read(get("/api/v1/webhooks/{id}", settingsWrite, "getEndpoint", "webhooks", "Such an address"), getEndpoint),
		write(put("/api/v1/webhooks/{id}", settingsWrite, "changeEndpoint", "webhooks", "Give it another URL, label or kinds"), changeEndpoint),
		write(remove("/api/v1/webhooks/{id}", settingsWrite, "removeEndpoint", "webhooks", "Send it nothing more"), removeEndpoint),
		write(post("/api/v1/webhooks/{id}/rotate", settingsWrite, "rotateSecret", "webhooks", "Give it a new secret"), rotateSecret),
		write(post("/api/v1/webhooks/{id}/test", settingsWrite, "tryEndpoint", "webhooks", "Send it a delivery that says nothing").status(http.StatusAccepted), tryEndpoint),
		write(post("/api/v1/webhooks/{id}/wake", settingsWrite, "wakeEndpoint", "webhooks", "Have it hear again after it was given up").status(http.StatusOK), wakeEndpoint),
		write(post("/api/v1/webhooks/{id}/replay", workWrite, "replayDead", "webhooks", "Send it again what was given up").status(http.StatusAccepted), replayDead),
		read(get("/api/v1/webhook-deliveries", workRead, "listDeliveries", "webhooks", "What was sent, the newest first"), listDeliveries),
		read(get("/api/v1/webhook-deliveries/{id}", workRead, "getDelivery", "webhooks", "A delivery with what it says"), getDelivery),
		write(post("/api/v1/webhook-deliveries/{id}/replay", workWrite, "replayDelivery", "webhooks", "Send a delivery again").status(http.StatusAccepted), replayDelivery),

		read(get("/api/v1/tracking/{token}", Public, "tracking", "shoppers", "An order, as its page tells it to whoever holds the link").open(), trackedOrder),
		write(post("/api/v1/shoppers/{id}/invitation", ordersWrite, "invite", "shoppers", "Have a one-time link e-mailed to a shopper").status(http.StatusAccepted), invite),
		write(remove("/api/v1/shoppers/{id}/consent", ordersWrite, "withdrawConsent", "shoppers", "A shopper takes back the consent to be known over shops"), withdrawConsent),
		write(remove("/api/v1/shoppers/{id}", ordersWrite, "eraseShopper", "shoppers", "Erase a shopper's personal data, at the shopper's request, once nothing is under way"), eraseShopper),
		write(post("/api/v1/bounces", bouncesWrite, "bounce", "shoppers", "Report a letter that came back").status(http.StatusNoContent), bounce),
	})
}
