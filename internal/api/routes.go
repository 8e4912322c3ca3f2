package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/merchant"
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
	Status       int     // of a good answer
	Key          KeyRule // for routes that write
	AnyBody      bool    // the body is a carrier's, in its own format

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
func (r Route) anyBody() Route            { r.AnyBody = true; return r }
func (r Route) says(details string) Route { r.Description = details; return r }

// The permissions, as routes name them.
const (
	quotesWrite   = Access(merchant.QuoteDates)
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
)

// routes is every operation: its path, who may use it, its handler.
func routes() []Route {
	return []Route{
		read(get("/healthz", Public, "health", "program", "Does the program answer?"), health),
		described("/openapi.json", "application/openapi+json", asJSON),
		described("/openapi.yaml", "application/openapi+yaml", asYAML),
		read(get("/api/v1/me", AnyKey, "me", "program", "Who the key is"), me),

		read(post("/api/v1/quotes", quotesWrite, "quote", "sale", "The dates that can be promised").status(http.StatusOK), quote),
		write(post("/api/v1/orders", ordersWrite, "placeOrder", "sale", "Place an order").keyed(), placeOrder),

		read(get("/api/v1/orders", ordersRead, "listOrders", "orders", "Orders, the newest first"), listOrders),
		read(get("/api/v1/orders/{id}", ordersRead, "getOrder", "orders", "An order with all that belongs to it"), getOrder),
		settled(post("/api/v1/orders/{id}/cancel", ordersWrite, "cancelOrder", "orders", "Take an order back before it leaves").status(http.StatusOK), cancelOrder, orderNow),
		read(get("/api/v1/orders/{id}/timeline", ordersRead, "orderTimeline", "orders", "All that happened to an order"), orderTimeline),
		settled(post("/api/v1/orders/{id}/parcels", parcelsWrite, "announceParcel", "parcels", "Announce a parcel of an order"), announceParcel, parcelNow),
		write(post("/api/v1/orders/{id}/shortages", parcelsWrite, "declareMissing", "parcels", "Declare units that will not be sent"), declareMissing),

		write(post("/api/v1/orders/{id}/early", eventsWrite, "askEarly", "orders", "Ask the shopper whether the courier may come before the slot"), askEarly),
		read(get("/api/v1/orders/{id}/early", eventsWrite, "early", "orders", "What the shopper said to that"), earlyNow),

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

		write(put("/api/v1/settings", settingsWrite, "configure", "settings", "How bold promises are"), configure),
		read(get("/api/v1/stock-points", settingsWrite, "listStockPoints", "settings", "Where goods leave from"), listStockPoints),
		write(post("/api/v1/stock-points", settingsWrite, "setStockPoint", "settings", "Open or change a stock point"), setStockPoint),
		read(get("/api/v1/connections", settingsWrite, "listConnections", "settings", "Accounts with carriers"), listConnections),
		write(post("/api/v1/connections", settingsWrite, "connect", "settings", "Open or change an account with a carrier"), connect),
		read(get("/api/v1/services", settingsWrite, "listServices", "settings", "What carriers sell"), listServices),
		write(post("/api/v1/services", settingsWrite, "setService", "settings", "Open or change a service"), setService),
		read(get("/api/v1/services/{id}/slots", settingsWrite, "slots", "settings", "The slots of a service by appointment"), slotsOf),
		write(put("/api/v1/services/{id}/slots", settingsWrite, "setSlots", "settings", "Give a service another week of slots"), setSlots),
		read(get("/api/v1/tariffs", settingsWrite, "listTariffs", "settings", "The price list of delivery in force on a day"), listTariffs),
		write(post("/api/v1/tariffs", settingsWrite, "setTariff", "settings", "Add or change a row of the price list"), setTariff),
		read(get("/api/v1/policies/remedy", settingsWrite, "remedyPolicy", "settings", "How broken promises are repaired"), remedyPolicy),
		write(put("/api/v1/policies/remedy", settingsWrite, "setRemedyPolicy", "settings", "Rule anew how broken promises are repaired"), setRemedyPolicy),
		write(post("/api/v1/grants", settingsWrite, "grant", "settings", "Let a network read of yours"), grant),
		write(remove("/api/v1/grants/{id}", settingsWrite, "revokeGrant", "settings", "Take such a right back"), revokeGrant),

		read(get("/api/v1/keys", keysWrite, "listKeys", "keys", "Keys, without their secrets"), listKeys),
		write(post("/api/v1/keys", keysWrite, "issueKey", "keys", "Issue a key"), issueKey),
		write(remove("/api/v1/keys/{id}", keysWrite, "revokeKey", "keys", "Make a key open nothing any more"), revokeKey),
		read(get("/api/v1/browser-keys", keysWrite, "listBrowserKeys", "keys", "Keys of the shop's own pages"), listBrowserKeys),
		write(post("/api/v1/browser-keys", keysWrite, "issueBrowserKey", "keys", "Issue a key for the shop's own pages"), issueBrowserKey),
		write(remove("/api/v1/browser-keys/{id}", keysWrite, "revokeBrowserKey", "keys", "Make such a key open nothing any more"), revokeBrowserKey),

		write(post("/api/v1/shoppers/{id}/invitation", ordersWrite, "invite", "shoppers", "Have a one-time link e-mailed to a shopper").status(http.StatusAccepted), invite),
		write(remove("/api/v1/shoppers/{id}/consent", ordersWrite, "withdrawConsent", "shoppers", "A shopper takes back the consent to be known over shops"), withdrawConsent),
		write(post("/api/v1/bounces", bouncesWrite, "bounce", "shoppers", "Report a letter that came back").status(http.StatusNoContent), bounce),
	}
}
