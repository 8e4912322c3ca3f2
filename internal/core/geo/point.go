package geo

import "math"

// Point is a place on the globe, in degrees of WGS 84.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// earth is the mean radius in metres (IUGG, R1).
const earth = 6371008.8

// Metres is the great-circle distance to q, by the haversine formula. Taking
// the earth for a sphere errs by 0.5 % at most.
func (p Point) Metres(q Point) float64 {
	lat1, lat2 := radians(p.Lat), radians(q.Lat)
	a := square(math.Sin((lat2-lat1)/2)) + math.Cos(lat1)*math.Cos(lat2)*square(math.Sin(radians(q.Lon-p.Lon)/2))
	return 2 * earth * math.Asin(math.Sqrt(min(a, 1)))
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

func square(x float64) float64 { return x * x }
