// Package carbon estimates the greenhouse gases of one delivery, in grams of
// CO2 equivalent with the energy's own production included, so that a shopper
// sees the figure beside the price before choosing.
//
// The method is the parcel model of ADEME's study "Commerce en ligne, impacts
// environnementaux": a sum over legs of mass × distance × factor. Every figure
// it needs is in one Factors value. The defaults replay that model as published
// in @incubateur-ademe/publicodes-impact-livraison 0.7.0, except those marked
// "assumed", which are orders of magnitude of ours. All are defaults to be
// replaced by a carrier's own figures where it has them, under another method id.
//
// It covers transport only: not the box, the warehouse or the order page. It
// makes no claim about offsetting, and knows no word for it.
package carbon

import "math"

// Method names the default factors. It is stored and shown beside each figure,
// and changes whenever one of them does.
const Method = "promesse-2026.1"

// Grams is a mass: of a parcel, or of CO2 equivalent.
type Grams int64

// Mode is how the parcel reaches the shopper.
type Mode string

// The modes. Relay, locker and store are collected: the shopper travels too.
const (
	Home   Mode = "home"
	Bike   Mode = "bike" // to the door by cargo bike
	Relay  Mode = "relay"
	Locker Mode = "locker"
	Store  Mode = "store"
)

// collected reports whether the shopper fetches the parcel.
func (m Mode) collected() bool { return m == Relay || m == Locker || m == Store }

// Haul is what carries the parcel over the long distance.
type Haul string

// The hauls. The zero Haul is Road.
const (
	Road Haul = ""
	Sea  Haul = "sea"
	Air  Haul = "air"
)

// Trip is how the shopper goes to fetch the parcel. The zero Trip is on foot or
// by bicycle, which emits nothing in this model.
type Trip string

// The trips.
const (
	OnFoot      Trip = ""
	EBike       Trip = "e-bike"
	Bus         Trip = "bus"
	ElectricCar Trip = "electric-car"
	Motorbike   Trip = "motorbike"
	Car         Trip = "car"
)

// Shipment is one parcel on its way.
type Shipment struct {
	DistanceKm float64 // great circle from stock to shopper; 0 when unknown: the model's mean journey is taken
	Mass       Grams   // of the parcel, packed
	Mode       Mode
	Haul       Haul
	Trip       Trip // read for collected modes only
}

// Estimate is the grams of CO2 equivalent of the shipment, the shopper's trip
// included where there is one. Heavier never emits less, nor does farther, save
// where a longer flight takes the factor of the next band.
func (f Factors) Estimate(s Shipment) Grams {
	return Grams(math.Round(f.parcel(s) + f.trip(s)))
}

// Range is the figure when the shopper walks to the relay point and when the
// shopper drives there and back for this parcel alone. Whether a relay point is
// better than the door depends on that trip, so both are shown until the shopper
// has said which. To the door, they are one figure.
func (f Factors) Range(s Shipment) (low, high Grams) {
	walk, drive := s, s
	walk.Trip, drive.Trip = OnFoot, Car
	return f.Estimate(walk), f.Estimate(drive)
}

// parcel is the grams of the parcel's own journey: the long haul, a van from
// the last depot, and to a door a share of the courier's round.
func (f Factors) parcel(s Shipment) float64 {
	approach := min(f.ApproachKm, f.roadKm(s))
	perTonne := f.haul(s, approach) + approach*f.Van
	switch {
	case s.Mode == Bike:
		perTonne += f.RoundKm * f.CargoBike
	case !s.Mode.collected():
		perTonne += f.RoundKm * f.Van
	}
	return perTonne * max(float64(s.Mass), 0) / 1e6
}

// haul is the grams per tonne of the long distance, what the van covers taken off.
func (f Factors) haul(s Shipment, approach float64) float64 {
	switch s.Haul {
	case Air:
		return s.DistanceKm * f.air(s.DistanceKm)
	case Sea:
		return s.DistanceKm * f.Sea
	default:
		return (f.roadKm(s) - approach) * f.Truck
	}
}

func (f Factors) roadKm(s Shipment) float64 {
	if s.DistanceKm <= 0 {
		return f.MeanKm
	}
	return s.DistanceKm * f.Detour
}

// trip is the grams of the shopper's journey, charged to this parcel whole.
func (f Factors) trip(s Shipment) float64 {
	if !s.Mode.collected() {
		return 0
	}
	return f.TripKm * f.Trips[s.Trip]
}
