package colissimo

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// timeline tells where a parcel is.
func (s *Simulator) timeline(w http.ResponseWriter, r *http.Request) {
	var q struct{ ParcelNumber, IP, Lang, APIKey, Login, Password string }
	if !s.asked(w, r, &q, func() (string, string, string) { return q.APIKey, q.Login, q.Password }) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(q.ParcelNumber)
	switch {
	case q.IP == "":
		status(w, "202", "L'adresse IP est obligatoire")
		return
	case p == nil:
		status(w, "104", "Aucun colis ne correspond à ce numéro")
		return
	}
	answer(w, http.StatusOK, told(*p, s.o.Zone))
}

// Told is what the timeline says of a parcel, as it is handed on to whoever reads it.
func Told(number string, events []Event, zone *time.Location) []byte {
	body, err := json.Marshal(told(Parcel{Number: number, Events: events}, zone))
	if err != nil {
		panic(err) // texts and maps of them
	}
	return body
}

// told is the answer about a parcel. The order is not guaranteed: here, the
// newest first.
func told(p Parcel, zone *time.Location) map[string]any {
	var list []any
	for _, e := range slices.Backward(p.Events) {
		list = append(list, map[string]any{"code": e.Code, "date": e.At.In(zone).Format(time.RFC3339), "labelLong": e.Label, "siteName": e.Site})
	}
	var events any = list
	if len(list) == 1 {
		events = list[0] // as JAXB writes a list of one
	}
	return map[string]any{
		"status":  []any{map[string]any{"code": "0", "message": "OK"}},
		"parcel":  map[string]any{"parcelNumber": p.Number, "event": events, "step": []any{}},
		"service": map[string]any{}, "removalPoint": map[string]any{},
	}
}

func status(w http.ResponseWriter, code, message string) {
	answer(w, http.StatusOK, map[string]any{"status": []any{map[string]any{"code": code, "message": message}}})
}

// heavy is the weight in grams above which relays are not named.
const heavy = 20_000

// points lists the places of a postcode's department.
func (s *Simulator) points(w http.ResponseWriter, r *http.Request) {
	var q struct{ APIKey, AccountNumber, Password, ZipCode, CountryCode, FilterRelay, Weight string }
	if !s.asked(w, r, &q, func() (string, string, string) { return q.APIKey, q.AccountNumber, q.Password }) {
		return
	}
	if len(q.ZipCode) != 5 || q.CountryCode != "FR" {
		answer(w, http.StatusOK, map[string]any{"errorCode": 104, "errorMessage": "Le code postal est invalide"})
		return
	}
	grams, _ := strconv.Atoi(q.Weight)
	list := []any{}
	for _, p := range s.o.Points {
		if p.Zip[:2] == q.ZipCode[:2] && (p.Kind == "BPR" || q.FilterRelay != "0" && grams <= heavy) {
			list = append(list, p.written(q.ZipCode))
		}
	}
	answer(w, http.StatusOK, map[string]any{"errorCode": 0, "errorMessage": "Code retour OK", "listePointRetraitAcheminement": list})
}

// written is a place as the service writes it.
func (p Point) written(zip string) map[string]any {
	out := map[string]any{
		"identifiant": p.ID, "nom": p.Name, "adresse1": p.Street, "adresse2": "", "adresse3": "", "codePostal": p.Zip, "localite": p.City,
		"codePays": "FR", "libellePays": "FRANCE", "typeDePoint": p.Kind, "reseau": "R01",
		"coordGeolocalisationLatitude": fmt.Sprintf("%.6f", p.Latitude), "coordGeolocalisationLongitude": fmt.Sprintf("%.6f", p.Longitude),
		"distanceEnMetre": int(math.Abs(number(p.Zip)-number(zip)) * 100), "accesPersonneMobiliteReduite": true, "congesTotal": false,
	}
	for i, name := range [7]string{"Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"} {
		hours := p.Hours[i]
		if hours == "" {
			hours = "00:00-00:00 00:00-00:00"
		}
		out["horairesOuverture"+name] = hours
	}
	if p.ClosedFrom != 0 {
		out["listeConges"] = []any{map[string]any{"calendarDeDebut": midnight(p.ClosedFrom), "calendarDeFin": midnight(p.ClosedUntil), "numero": 1}}
	}
	return out
}

// midnight is a day as Java counts milliseconds.
func midnight(d civil.Day) int64 { return d.Start(time.UTC).Time().UnixMilli() }

func number(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}
