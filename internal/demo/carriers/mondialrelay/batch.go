package mondialrelay

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/label"
)

// ask is a request of the XML service, as far as it is looked at.
type ask struct {
	XMLName xml.Name `xml:"ShipmentCreationRequest"`
	Context struct {
		Login, Password, Culture, VersionAPI string
		Customer                             string `xml:"CustomerId"`
	}
	Output struct {
		Format string `xml:"OutputFormat"`
		Type   string `xml:"OutputType"`
	} `xml:"OutputOptions"`
	List []one `xml:"ShipmentsList>Shipment"`
}

type one struct {
	Options []struct {
		Key   string `xml:",attr"`
		Value string `xml:",attr"`
	} `xml:"Options>Option"`
	OrderNo, CustomerNo string
	Delivery            mode `xml:"DeliveryMode"`
	Collection          mode `xml:"CollectionMode"`
	Parcels             []struct {
		Content string
		Weight  struct {
			Value string `xml:",attr"`
			Unit  string `xml:",attr"`
		}
	} `xml:"Parcels>Parcel"`
	Sender    address `xml:"Sender>Address"`
	Recipient address `xml:"Recipient>Address"`
}

type mode struct {
	Mode     string `xml:",attr"`
	Location string `xml:",attr"`
}

type address struct {
	Title, Firstname, Lastname, Streetname, HouseNo, CountryCode, PostCode, City, AddressAdd1 string
}

func (a address) lines() []string {
	join := func(parts ...string) string { return strings.Join(strings.Fields(strings.Join(parts, " ")), " ") }
	return []string{join(a.Title, a.Firstname, a.Lastname), join(a.HouseNo, a.Streetname), a.AddressAdd1, join(a.PostCode, a.City)}
}

// papers are the formats of each kind of output.
var papers = map[string][]string{
	"PdfUrl":  {"A4", "10x15"},
	"ZplCode": {"Generic_ZPL_10x15_200dpi"},
	"QRCode":  {""},
}

func (s *Simulator) shipments(w http.ResponseWriter, r *http.Request) {
	raw, err := body(r)
	var q ask
	if err == nil {
		err = xml.Unmarshal(raw, &q)
	}
	switch {
	case err != nil || q.XMLName.Space != "http://www.example.org/Request":
		respond(w, "", status("10000", "Critical Error", "The request can not be read"))
	case q.Context.Login != s.o.Login || q.Context.Password != s.o.Password || q.Context.Customer != s.o.Customer:
		respond(w, "", status("10001", "Critical Error", "The login or the password is incorrect"))
	case !paper(q.Output.Type, q.Output.Format):
		respond(w, "", status("10043", "Critical Error", "The output format is unknown"))
	default:
		var made, wrong strings.Builder
		for _, o := range q.List {
			entry, complaint := s.batched(o, q.Output.Type, q.Output.Format)
			made.WriteString(entry)
			wrong.WriteString(complaint)
		}
		respond(w, made.String(), wrong.String())
	}
}

func paper(kind, format string) bool {
	for _, p := range papers[kind] {
		if p == format {
			return true
		}
	}
	return false
}

func respond(w http.ResponseWriter, shipments, statuses string) {
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="utf-8"?><ShipmentCreationResponse xmlns="http://www.example.org/Response">`+
		`<ShipmentsList>%s</ShipmentsList><StatusList>%s</StatusList></ShipmentCreationResponse>`, shipments, statuses)
}

func status(code, level, message string) string {
	return fmt.Sprintf(`<Status code="%s" level="%s" message="%s" />`, code, level, escaped(message))
}

// insurance is the level that was bought.
func (o one) insurance() string {
	for _, option := range o.Options {
		if option.Key == "ASS" {
			return option.Value
		}
	}
	return ""
}

// batched makes one shipment of a batch, or says beside its place why not.
func (s *Simulator) batched(o one, kind, format string) (entry, complaint string) {
	if wrong := s.complaint(o); wrong != "" {
		return `<Shipment><StatusList>` + wrong + `</StatusList></Shipment>`, wrong
	}
	_, point, _ := strings.Cut(o.Collection.Location, "-")
	number := s.make(Shipment{
		File: o.OrderNo, Customer: o.CustomerNo, Point: point, Grams: o.Parcels[0].Weight.Value, Insurance: o.insurance(),
		Sender: o.Sender.lines(), Recipient: o.Recipient.lines(),
	})
	codes := fmt.Sprintf(`<Barcode Type="Code128" DisplayedValue="%[1]s 01 01" Value="%[1]s0101" CarrierCode="MR" />`, number)
	if kind == "QRCode" {
		codes += fmt.Sprintf(`<Barcode Type="QRCode" DisplayedValue="%[1]s" Value="MR-%[1]s-%[2]s" CarrierCode="MR" />`, number, o.CustomerNo)
	}
	return fmt.Sprintf(`<Shipment ShipmentNumber="%s"><LabelList><Label><RawContent><LabelValues Key="MR.Expedition.CodePostal" Value="%s" />`+
		`<Barcodes>%s</Barcodes></RawContent><Output>%s</Output></Label></LabelList></Shipment>`,
		number, escaped(o.Sender.PostCode), codes, escaped(s.output(number, kind, format))), ""
}

// complaint is what is wrong with a shipment.
func (s *Simulator) complaint(o one) string {
	switch {
	case o.Delivery.Mode != "LCC" || o.Collection.Mode != "REL":
		return status("10023", "Error", "The delivery mode is missing or unknown")
	case len(o.Parcels) != 1:
		return status("10031", "Error", "The number of parcels is invalid")
	case len(o.Sender.lines()[0]) > 32 || len(o.Recipient.lines()[0]) > 32 || len(o.OrderNo) > 15 || len(o.CustomerNo) > 9:
		return status("10030", "Error", "A field is too long")
	}
	grams, err := strconv.Atoi(o.Parcels[0].Weight.Value)
	if err != nil || o.Parcels[0].Weight.Unit != "gr" || grams < 10 || grams > heaviest {
		return status("10033", "Error", "The weight is missing or invalid")
	}
	if l := o.Collection.Location; l != "" && (len(l) != len("FR-000000") || !s.point(l[3:])) {
		return status("10025", "Error", "The collection point is unknown")
	}
	return ""
}

func (s *Simulator) output(number, kind, format string) string {
	switch kind {
	case "PdfUrl":
		return s.o.Base + s.address(number, format)
	case "ZplCode":
		s.mu.Lock()
		sheet := s.find(number).sheet()
		s.mu.Unlock()
		zpl, err := label.ZPL(sheet, 203)
		if err != nil {
			return ""
		}
		return base64.StdEncoding.EncodeToString(zpl)
	}
	return ""
}
