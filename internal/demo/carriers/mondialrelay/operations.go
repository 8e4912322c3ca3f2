package mondialrelay

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/label"
)

// The forms of values, each with the STAT of one that has another.
var forms = []struct {
	name string
	form *regexp.Regexp
	stat int
}{
	{"NDossier", regexp.MustCompile(`^[0-9A-Z_ -]{0,15}$`), 5},
	{"NClient", regexp.MustCompile(`^[0-9A-Z]{0,9}$`), 7},
	{"Expe_Ad1", addressLine, 30},
	{"Expe_Ad3", addressLine, 33},
	{"Expe_Ville", regexp.MustCompile(`^[A-Z_\-' 0-9,./]{2,26}$`), 35},
	{"Expe_CP", regexp.MustCompile(`^[0-9]{5}$`), 36},
	{"Expe_Pays", regexp.MustCompile(`^[A-Z]{2}$`), 37},
	{"Dest_Ad1", addressLine, 30},
	{"Dest_Ad3", addressLine, 33},
	{"Dest_CP", regexp.MustCompile(`^[0-9]{5}$`), 36},
	{"Poids", regexp.MustCompile(`^[0-9]{3,7}$`), 20},
	{"NbColis", regexp.MustCompile(`^[0-9]{1,2}$`), 47},
	{"CRT_Valeur", regexp.MustCompile(`^[0-9]{1,7}$`), 42},
	{"COL_Rel", regexp.MustCompile(`^([0-9]{6}|AUTO)$`), 11},
	{"Assurance", regexp.MustCompile(`^[0-5]?$`), 63},
}

var addressLine = regexp.MustCompile(`^[0-9A-Z_\-'., /]{2,32}$`)

// heaviest is what the network takes, in grams.
const heaviest = 30_000

// create makes the label of a return: from a relay to the merchant.
func (s *Simulator) create(v values) string {
	if v.get("ModeCol") != "REL" {
		return stat(28)
	}
	if v.get("ModeLiv") != "LCC" {
		return stat(29)
	}
	for _, f := range forms {
		if !f.form.MatchString(v.get(f.name)) {
			return stat(f.stat)
		}
	}
	if grams, _ := strconv.Atoi(v.get("Poids")); grams > heaviest {
		return stat(20)
	}
	point := v.get("COL_Rel")
	if point == "AUTO" {
		point = ""
	} else if !s.point(point) {
		return stat(11)
	}
	lines := func(prefix string) []string {
		return []string{v.get(prefix + "Ad1"), v.get(prefix + "Ad3"), v.get(prefix + "Ad4"), v.get(prefix+"CP") + " " + v.get(prefix+"Ville")}
	}
	number := s.make(Shipment{
		File: v.get("NDossier"), Customer: v.get("NClient"), Point: point, Grams: v.get("Poids"), Insurance: v.get("Assurance"),
		Sender: lines("Expe_"), Recipient: lines("Dest_"),
	})
	return stat(0) + element("ExpeditionNum", number) + element("URL_Etiquette", s.address(number, "A4"))
}

// address of a label's document, relative to the public site.
func (s *Simulator) address(number, format string) string {
	return fmt.Sprintf("/ww2/PDF/StickerMaker2.aspx?ens=%s&expedition=%s&lg=FR&format=%s", s.o.Brand, number, format)
}

// document draws a label.
func (s *Simulator) document(w http.ResponseWriter, r *http.Request) {
	form, known := map[string]label.Form{"A4": label.A4, "10x15": label.Small}[r.URL.Query().Get("format")]
	s.mu.Lock()
	one := s.find(r.URL.Query().Get("expedition"))
	var sheet label.Sheet
	if one != nil {
		sheet = one.sheet()
	}
	s.mu.Unlock()
	if one == nil || !known {
		http.NotFound(w, r)
		return
	}
	pdf, err := label.PDF([]label.Sheet{sheet}, form, s.o.Now())
	if err != nil {
		http.Error(w, "no document", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	_, _ = w.Write(pdf)
}

func (one *Shipment) sheet() label.Sheet {
	return label.Sheet{
		Network: "MONDIAL RELAY", Title: "RETOUR", From: one.Sender, To: one.Recipient,
		Number: one.Number, Bars: one.Number + "0101",
		Fields: []label.Field{{Name: "Poids", Value: one.Grams + " g"}, {Name: "Dossier", Value: one.File}},
	}
}

// tracked is how long the list of events always is.
const tracked = 10

// trace tells where a parcel is. The list is filled up with nothing.
func (s *Simulator) trace(v values) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !regexp.MustCompile(`^[0-9]{8}$`).MatchString(v.get("Expedition")) {
		return stat(24)
	}
	one := s.find(v.get("Expedition"))
	if one == nil {
		return stat(94)
	}
	return traced(one.Events, s.o.Zone)
}

// Told is what the tracing service says of a parcel to which something happened,
// as it is handed on to whoever reads it: the answer does not name the parcel, so
// its number stands above.
func Told(number string, events []Event, zone *time.Location) []byte {
	answer := envelope(reply("WSI2_TracingColisDetaille", traced(events, zone)))
	return []byte("Expedition: " + number + "\n\n" + answer)
}

// traced is the result about events.
func traced(events []Event, zone *time.Location) string {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.At, b.At) })
	var out strings.Builder
	code, last := 80, ""
	for _, e := range events {
		code, last = 81, e.Label
		at := e.At.In(zone)
		fmt.Fprintf(&out, "<ret_WSI2_sub_TracingColisDetaille>%s%s%s%s%s%s</ret_WSI2_sub_TracingColisDetaille>",
			element("Libelle", e.Label), element("Date", at.Format("02/01/06")), element("Heure", at.Format("15:04")),
			element("Emplacement", e.Where), element("Relais_Num", e.Relay), element("Relais_Pays", "FR"))
	}
	if strings.Contains(strings.ToLower(last), "destinataire") {
		code = 82
	}
	for range tracked - len(events) {
		out.WriteString("<ret_WSI2_sub_TracingColisDetaille><Libelle /><Date /><Heure /><Emplacement /><Relais_Num /><Relais_Pays /></ret_WSI2_sub_TracingColisDetaille>")
	}
	return stat(code) + element("Libelle01", last) + element("Relais_Libelle", "") + element("Relais_Num", "") + element("Libelle02", "") +
		"<Tracing>" + out.String() + "</Tracing>"
}

// search lists the points nearest to a position, or those of a postcode's
// department, the nearest first as far as it knows.
func (s *Simulator) search(v values) string {
	n, err := strconv.Atoi(cmp.Or(v.get("NombreResultats"), "10"))
	if err != nil || n < 1 || n > 30 {
		return stat(98)
	}
	postcode := v.get("CP")
	if v.get("Latitude") == "" && !regexp.MustCompile(`^[0-9]{5}$`).MatchString(postcode) {
		return stat(36)
	}
	lat, _ := strconv.ParseFloat(v.get("Latitude"), 64)
	lon, _ := strconv.ParseFloat(v.get("Longitude"), 64)
	type near struct {
		Point
		metres float64
	}
	var found []near
	for _, p := range s.o.Points {
		switch {
		case p.Country != v.get("Pays") || p.Locker && v.get("Action") == "24X":
		case postcode == "":
			found = append(found, near{p, geo.Point{Lat: p.Latitude, Lon: p.Longitude}.Metres(geo.Point{Lat: lat, Lon: lon})})
		case p.Postcode[:2] == postcode[:2]:
			found = append(found, near{p, math.Abs(number(p.Postcode) - number(postcode))})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.metres, b.metres) })
	var out strings.Builder
	for _, p := range found[:min(n, len(found))] {
		out.WriteString(p.details(int(p.metres)))
	}
	return stat(0) + "<PointsRelais>" + out.String() + "</PointsRelais>"
}

func number(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

var weekdays = [7]string{"Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"}

// details writes a point as the service does.
func (p Point) details(metres int) string {
	var out strings.Builder
	out.WriteString("<PointRelais_Details>" + stat(0) + element("Num", p.Number))
	out.WriteString(element("LgAdr1", padded(p.Name)) + element("LgAdr2", padded("")) + element("LgAdr3", padded(p.Street)) + element("LgAdr4", padded("")))
	out.WriteString(element("CP", p.Postcode) + element("Ville", padded(p.City)) + element("Pays", p.Country) + "<Localisation1 /><Localisation2 />")
	out.WriteString(element("Latitude", comma(p.Latitude)) + element("Longitude", comma(p.Longitude)) + element("TypeActivite", "000") + element("NACE", ""))
	if p.Locker {
		out.WriteString(element("Information", "LOCKER"))
	} else {
		out.WriteString("<Information />")
	}
	for day, name := range weekdays {
		out.WriteString("<Horaires_" + name + ">")
		for _, t := range p.Hours[day] {
			out.WriteString("<string>" + cmp.Or(t, "0000") + "</string>")
		}
		out.WriteString("</Horaires_" + name + ">")
	}
	if p.ClosedFrom != 0 {
		out.WriteString("<Informations_Dispo><Periode>" + element("Debut", french(p.ClosedFrom)) + element("Fin", french(p.ClosedUntil)) + "</Periode></Informations_Dispo>")
	} else {
		out.WriteString("<Informations_Dispo />")
	}
	out.WriteString(element("URL_Photo", "") + element("URL_Plan", "") + element("Distance", strconv.Itoa(metres)) + "</PointRelais_Details>")
	return out.String()
}

// comma writes a coordinate: decimals after a comma, two figures before it.
func comma(v float64) string {
	text := strings.Replace(strconv.FormatFloat(math.Abs(v), 'f', 7, 64), ".", ",", 1)
	if len(text) < len("05,0000000") {
		text = "0" + text
	}
	if v < 0 {
		return "-" + text
	}
	return text
}

func french(d civil.Day) string {
	y, m, day := d.Date()
	return fmt.Sprintf("%02d/%02d/%04d", day, m, y)
}
