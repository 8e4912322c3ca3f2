package carbon

// Factors is every figure of the method. Whoever changes one gives Method
// another value: a figure without its method can not be compared.
type Factors struct {
	Method string

	// Grams of CO2 equivalent per tonne and kilometre.
	Truck     float64
	Van       float64
	CargoBike float64
	Sea       float64
	AirShort  float64 // under 1,000 km
	AirMedium float64 // under 5,000 km
	AirLong   float64

	// Kilometres.
	MeanKm     float64 // a parcel's whole road journey when its distance is unknown
	ApproachKm float64 // by van, from the last depot to the round or the relay point
	RoundKm    float64 // of a courier's round, charged to a parcel brought to a door
	TripKm     float64 // of the shopper who fetches a parcel, there and back

	Detour float64 // road kilometres per kilometre of great circle

	Trips map[Trip]float64 // grams of CO2 equivalent per kilometre of the shopper's trip
}

// onTheRoad is the kilometres driven per kilometre of journey in the ADEME
// model: 5 % of correction, then 20 % of all kilometres driven empty.
const onTheRoad = 1.05 * (1 + 0.2/0.8)

// Default is the factors of Method. The caller may change its copy.
func Default() Factors {
	return Factors{
		Method: Method,

		// ADEME parcel model: the road's share + the vehicle's making + its use, which is
		// grams per kilometre at its mean speed, over its mean load in tonnes.
		Truck: 5.6 + 2.8 + 898.8575*onTheRoad/3.5, // 345.5, at 60 km/h
		Van:   5.6 + 8.4 + 226.1655*onTheRoad/0.2, // 1,498.2, at 30 km/h

		// Assumed: 40 Wh per kilometre under a mean load of 50 kg, at 81 g per kWh of
		// French electricity (the last from the ADEME model).
		CargoBike: 40 * 81 / 1000.0 / 0.05,

		// ADEME parcel model; air without contrails.
		Sea: 48, AirShort: 1600, AirMedium: 1300, AirLong: 1200,

		// ADEME parcel model: 400 + 123 km of truck, 70 of van, a round of 45; a trip of 7.
		MeanKm: 400 + 123 + 70, ApproachKm: 70, RoundKm: 45, TripKm: 7,

		// Assumed: published road networks of western Europe lie around 1.2 to 1.5.
		Detour: 1.3,

		// ADEME parcel model, one person's vehicle.
		Trips: map[Trip]float64{OnFoot: 0, EBike: 11, Bus: 122, ElectricCar: 103, Motorbike: 146.65, Car: 218},
	}
}

// air is the factor of a flight of so many kilometres.
func (f Factors) air(km float64) float64 {
	switch {
	case km < 1000:
		return f.AirShort
	case km < 5000:
		return f.AirMedium
	default:
		return f.AirLong
	}
}
