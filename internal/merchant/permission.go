package merchant

import "slices"

// Permission is a right to use some routes of the API and pages of the console.
// It is written as what it is about, a colon, and read or write.
type Permission string

// The permissions.
const (
	PlaceOrders    Permission = "orders:write"
	ReadOrders     Permission = "orders:read"
	QuoteDates     Permission = "quotes:write"
	ShipParcels    Permission = "parcels:write"
	ReportEvents   Permission = "events:write"
	ReadPromises   Permission = "promises:read"
	AmendPromises  Permission = "promises:write"
	ReadReports    Permission = "reports:read"
	ManageSettings Permission = "settings:write"
	ManageKeys     Permission = "keys:write"
	ReportBounces  Permission = "bounces:write"
	ReadSettings   Permission = "settings:read" // the rules and places of the shop, as they stand
	ManageStaff    Permission = "staff:write"
	ReadWork       Permission = "work:read"    // what failed and waits for a person
	ReplayWork     Permission = "work:write"   // have it tried again
	FindPoints     Permission = "points:read"  // where a parcel may be collected or handed in
	GiveBack       Permission = "money:write"  // say what is owed for a return, and that it was paid
	AnswerHanded   Permission = "handed:write" // of a network: read and answer what shops hand over to its desk
)

// Permissions lists every permission.
func Permissions() []Permission {
	return []Permission{
		PlaceOrders, ReadOrders, QuoteDates, ShipParcels, ReportEvents, ReadPromises,
		AmendPromises, ReadReports, ManageSettings, ManageKeys, ReportBounces,
		ReadSettings, ManageStaff, ReadWork, ReplayWork, FindPoints, GiveBack, AnswerHanded,
	}
}

// Set is what the holder of a key, or somebody who works there, is to the
// organisation: a bundle of permissions.
type Set string

// The sets.
const (
	Owner     Set = "owner"     // everything
	Agent     Set = "agent"     // answers shoppers: orders, parcels, promises, returns
	Developer Set = "developer" // the shop's own servers
	Viewer    Set = "viewer"    // looks, and changes nothing
	Operator  Set = "operator"  // runs a network: reads what merchants granted it
	Carrier   Set = "carrier"   // a carrier's own key, bound to one connection: reports events
	Browser   Set = "browser"   // a page of the shop's own site, which anybody can read
)

// Sets lists every set.
func Sets() []Set { return []Set{Owner, Agent, Developer, Viewer, Operator, Carrier, Browser} }

// allowed is the whole of what sets may do. Owner is not in it: it may do
// everything, also what a later issue invents.
var allowed = map[Set][]Permission{
	Agent:     {PlaceOrders, ReadOrders, ShipParcels, ReadPromises, AmendPromises, ReadSettings, ReadWork, FindPoints, GiveBack},
	Developer: {QuoteDates, PlaceOrders, ReadOrders, ShipParcels, ReportEvents, ReportBounces, ReadPromises, ManageSettings, ReadSettings, ReadWork, ReplayWork, FindPoints, GiveBack},
	Viewer:    {ReadOrders, ReadPromises, ReadReports, ReadSettings, ReadWork, FindPoints},
	Operator:  {ReadReports, FindPoints, AnswerHanded},
	Carrier:   {ReportEvents, FindPoints},
	Browser:   {QuoteDates, FindPoints},
}

// Allows reports whether holders of the set have the permission. An unknown
// set allows nothing.
func (s Set) Allows(p Permission) bool {
	if s == Owner {
		return slices.Contains(Permissions(), p)
	}
	return slices.Contains(allowed[s], p)
}

// setsOf is which sets a key of an organisation may hold: a network has no
// orders to place nor parcels to ship, a merchant nobody to operate.
func setsOf(k Kind) []Set {
	if k == Network {
		return []Set{Owner, Viewer, Operator}
	}
	return []Set{Owner, Agent, Developer, Viewer, Carrier}
}
