package carbon

import (
	"testing"

	"pgregory.net/rapid"
)

// A thousand parcels in one, so that the model's published decimals are seen.
const thousandfold = 1000

func TestTheDefaultsReplayThePublishedModel(t *testing.T) {
	for _, c := range []struct {
		mode Mode
		mass Grams
		want Grams // thousandths of a gram per parcel, as ADEME publishes them to the hundredth
	}{
		{Home, 200, 70_600},
		{Home, 1000, 352_980},
		{Home, 2000, 705_950},
		{Home, 15000, 5_294_640},
		{Relay, 200, 57_110},
		{Relay, 1000, 285_560},
		{Relay, 2000, 571_110},
		{Relay, 15000, 4_283_350},
		{Locker, 1000, 285_560},
		{Store, 1000, 285_560},
	} {
		got := Default().Estimate(Shipment{Mass: c.mass * thousandfold, Mode: c.mode})
		if gap := got - c.want; gap < -10 || gap > 10 {
			t.Errorf("%d g to %s: got %d thousandths of a gram, want %d", c.mass, c.mode, got, c.want)
		}
	}
}

func TestEstimate(t *testing.T) {
	for _, c := range []struct {
		law  string
		s    Shipment
		want Grams
	}{
		{"a kilogram to the door, distance unknown", Shipment{Mass: 1000, Mode: Home}, 353},
		{"a kilogram to the relay point, on foot", Shipment{Mass: 1000, Mode: Relay}, 286},
		{"by car, the trip outweighs the parcel: + 7 × 218", Shipment{Mass: 1000, Mode: Relay, Trip: Car}, 1812},
		{"by bus: + 7 × 122", Shipment{Mass: 1000, Mode: Locker, Trip: Bus}, 1140},
		{"to the door nobody fetches it", Shipment{Mass: 1000, Mode: Home, Trip: Car}, 353},
		{"across town all is by van: 13 km and the round", Shipment{DistanceKm: 10, Mass: 1000, Mode: Home}, 87},
		{"across town by cargo bike: 13 km of van and the round by bike", Shipment{DistanceKm: 10, Mass: 1000, Mode: Bike}, 22},
		{"Paris to Lyon, 392 km: 509.6 by road", Shipment{DistanceKm: 392, Mass: 1000, Mode: Home}, 324},
		{"Paris to La Réunion by sea", Shipment{DistanceKm: 9400, Mass: 1000, Mode: Home, Haul: Sea}, 623},
		{"Paris to La Réunion by air", Shipment{DistanceKm: 9400, Mass: 1000, Mode: Home, Haul: Air}, 11452},
		{"nothing weighs nothing", Shipment{Mode: Home}, 0},
	} {
		if got := Default().Estimate(c.s); got != c.want {
			t.Errorf("%s: got %d g, want %d", c.law, got, c.want)
		}
	}
}

func TestRange(t *testing.T) {
	for _, c := range []struct {
		law       string
		mode      Mode
		low, high Grams
	}{
		{"the relay wins only if nobody drives there", Relay, 286, 1812},
		{"the door is one figure", Home, 353, 353},
	} {
		low, high := Default().Range(Shipment{Mass: 1000, Mode: c.mode, Trip: Bus})
		if low != c.low || high != c.high {
			t.Errorf("%s: got %d to %d, want %d to %d", c.law, low, high, c.low, c.high)
		}
	}
}

func TestFactorsAreTheMerchantsToChange(t *testing.T) {
	own := Default()
	own.Method, own.Van, own.Trips[Car] = "shop-2027", 0, 0
	if got := own.Estimate(Shipment{DistanceKm: 10, Mass: 1000, Mode: Relay, Trip: Car}); got != 0 {
		t.Errorf("a van and a car that emit nothing: got %d g", got)
	}
	if Default().Trips[Car] == 0 || Default().Method != Method {
		t.Error("one merchant's factors changed the default")
	}
}

func shipments() *rapid.Generator[Shipment] {
	return rapid.Custom(func(t *rapid.T) Shipment {
		return Shipment{
			DistanceKm: rapid.Float64Range(1, 900).Draw(t, "km"),
			Mass:       Grams(rapid.Int64Range(0, 1e6).Draw(t, "mass")),
			Mode:       rapid.SampledFrom([]Mode{Home, Bike, Relay, Locker, Store}).Draw(t, "mode"),
			Haul:       rapid.SampledFrom([]Haul{Road, Sea, Air}).Draw(t, "haul"),
			Trip:       rapid.SampledFrom([]Trip{OnFoot, EBike, Bus, ElectricCar, Motorbike, Car}).Draw(t, "trip"),
		}
	})
}

func TestFartherAndHeavierNeverEmitsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shipments().Draw(t, "shipment")
		more := s
		more.Mass += Grams(rapid.Int64Range(0, 1e5).Draw(t, "more"))
		more.DistanceKm += rapid.Float64Range(0, 90).Draw(t, "farther")
		if a, b := Default().Estimate(s), Default().Estimate(more); a < 0 || b < a {
			t.Fatalf("%+v emits %d g, %+v emits %d", s, a, more, b)
		}
	})
}

func TestTheRangeHoldsEveryTripOfOnePerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shipments().Draw(t, "shipment")
		low, high := Default().Range(s)
		if got := Default().Estimate(s); got < low || got > high {
			t.Fatalf("%+v emits %d g, outside %d to %d", s, got, low, high)
		}
	})
}
