package mondialrelay

import (
	"context"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/label"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// The request of API v2.
type creationRequest struct {
	XMLName xml.Name      `xml:"http://www.example.org/Request ShipmentCreationRequest"`
	Context requestor     `xml:"Context"`
	Output  outputOptions `xml:"OutputOptions"`
	List    []shipmentAsk `xml:"ShipmentsList>Shipment"`
}

type requestor struct {
	Login, Password, CustomerId, Culture, VersionAPI string
}

type outputOptions struct {
	OutputFormat string `xml:",omitempty"`
	OutputType   string
}

type shipmentAsk struct {
	Options     *options `xml:",omitempty"`
	OrderNo     string
	CustomerNo  string
	ParcelCount int
	Delivery    mode      `xml:"DeliveryMode"`
	Collection  mode      `xml:"CollectionMode"`
	Parcels     []parcel  `xml:"Parcels>Parcel"`
	Sender      v2Address `xml:"Sender>Address"`
	Recipient   v2Address `xml:"Recipient>Address"`
}

type options struct {
	List []option `xml:"Option"`
}

type option struct {
	Key   string `xml:",attr"`
	Value string `xml:",attr"`
}

type mode struct {
	Mode     string `xml:",attr"`
	Location string `xml:",attr"`
}

type parcel struct {
	Content string
	Weight  measure
}

type measure struct {
	Value int    `xml:",attr"`
	Unit  string `xml:",attr"`
}

type v2Address struct {
	Lastname    string
	Streetname  string
	CountryCode string
	PostCode    string
	City        string
	AddressAdd1 string `xml:",omitempty"`
}

// outputs are the documents that API v2 makes.
var outputs = map[carrier.LabelFormat]outputOptions{
	carrier.PDFA4:    {"A4", "PdfUrl"},
	carrier.PDF10x15: {"10x15", "PdfUrl"},
	carrier.ZPL:      {"Generic_ZPL_10x15_200dpi", "ZplCode"},
	carrier.QR:       {"", "QRCode"},
}

// request is a return of one parcel.
func request(a carrier.Account, r carrier.LabelRequest) ([]byte, error) {
	location := ""
	if r.Point != "" {
		location = r.From.Country + "-" + r.Point
	}
	var bought *options
	if insured, _ := level(a, r.Insured); insured != "" {
		bought = &options{[]option{{optionInsured, insured}}}
	}
	body, err := xml.Marshal(creationRequest{
		Context: requestor{a.Field(login), a.Field(password), a.Field(customer), "fr-FR", "1.0"},
		Output:  outputs[r.Format],
		List: []shipmentAsk{{
			Options: bought, OrderNo: capitals(strings.Map(dossier, r.Reference), 15), CustomerNo: tag(r), ParcelCount: 1,
			Delivery: mode{Mode: "LCC"}, Collection: mode{"REL", location},
			Parcels: []parcel{{capitals(r.Contents, 40), measure{max(r.Grams, minGramsV2), "gr"}}},
			Sender:  addressOf(r.From), Recipient: addressOf(r.To),
		}},
	})
	return append([]byte(xml.Header), body...), err
}

func addressOf(c carrier.Contact) v2Address {
	return v2Address{
		Lastname: capitals(c.Name, 32), Streetname: capitals(c.Street, 40), AddressAdd1: capitals(c.Extra, 30),
		CountryCode: c.Country, PostCode: capitals(c.Postcode, 10), City: capitals(c.City, 30),
	}
}

// shipment makes a label by API v2.
func (d desk) shipment(ctx context.Context, r carrier.LabelRequest) (carrier.Issued, error) {
	body, err := request(d.a, r)
	if err != nil {
		return carrier.Issued{}, carrier.Refusal{Why: carrier.RefusedRequest, Code: "request", Final: true, Err: err}
	}
	answer, err := carrier.Exchange(ctx, d.out, egress.Call{
		To: string(d.c.ID), Method: "POST", URL: d.ad.hosts(d.a).API, Most: carrier.MostLabel, Body: body,
		Header: map[string]string{"Content-Type": "text/xml; charset=utf-8", "Accept": "application/xml"},
	})
	if err != nil {
		return carrier.Issued{}, err
	}
	if answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden {
		return carrier.Issued{}, carrier.Refusal{Why: carrier.RefusedAccount, Code: "HTTP " + strconv.Itoa(answer.Status), Final: true}
	}
	made, err := shipments(answer.Body)
	switch {
	case err != nil:
		return carrier.Issued{}, err
	case answer.Status != 200:
		return carrier.Issued{}, carrier.Unread("HTTP "+strconv.Itoa(answer.Status), nil)
	case len(made) != 1:
		return carrier.Issued{}, carrier.Unread(fmt.Sprintf("%d shipments for one", len(made)), nil)
	case made[0].refused != nil:
		return carrier.Issued{}, *made[0].refused
	}
	return d.issued(ctx, made[0], r)
}

// made is what became of one shipment of a batch.
type made struct {
	number  string
	output  string
	codes   []barcode
	refused *carrier.Refusal
}

type barcode struct {
	Type  string `xml:",attr"`
	Value string `xml:",attr"`
}

type status struct {
	Code    string `xml:"code,attr"`
	Level   string `xml:"level,attr"`
	Message string `xml:"message,attr"`
}

// shipments reads an answer of API v2, one entry a shipment asked for. A batch
// may be made in part: what is wrong with a shipment stands beside it, and what
// is wrong with all of them is the error, a Refusal.
func shipments(raw []byte) ([]made, error) {
	var answer struct {
		XMLName  xml.Name `xml:"ShipmentCreationResponse"`
		Statuses []status `xml:"StatusList>Status"`
		List     []struct {
			Number filled `xml:"ShipmentNumber,attr"`
			Labels []struct {
				Codes  []barcode `xml:"RawContent>Barcodes>Barcode"`
				Output filled    `xml:"Output"`
			} `xml:"LabelList>Label"`
			Statuses []status `xml:"StatusList>Status"`
		} `xml:"ShipmentsList>Shipment"`
	}
	if err := unmarshal(raw, &answer); err != nil {
		return nil, carrier.Unread("no XML", err)
	}
	// An error about the whole stands above the list; without a list, so does any.
	if r := refused(answer.Statuses, len(answer.List) == 0); r != nil {
		return nil, *r
	}
	if len(answer.List) == 0 {
		return nil, carrier.Unread("no shipment", nil)
	}
	out := make([]made, len(answer.List))
	for i, s := range answer.List {
		out[i] = made{number: string(s.Number), refused: refused(s.Statuses, true)}
		switch {
		case out[i].refused != nil:
		case len(s.Labels) != 1 || !figures(out[i].number, 8):
			r := carrier.Unread("no label", nil)
			out[i].refused = &r
		default:
			out[i].output, out[i].codes = string(s.Labels[0].Output), s.Labels[0].Codes
		}
	}
	return out, nil
}

// refused finds what made the service do nothing; warnings did not. An Error at
// the top is about some shipment, and stands beside it too.
func refused(list []status, errorsToo bool) *carrier.Refusal {
	for _, s := range list {
		if s.Level != "Critical Error" && (s.Level != "Error" || !errorsToo) {
			continue
		}
		why := carrier.RefusedRequest
		switch s.Code {
		case "10001": // bad login
			why = carrier.RefusedAccount
		case "10033": // no weight
			why = carrier.RefusedParcel
		}
		return &carrier.Refusal{Why: why, Code: s.Code, Text: carrier.Said(s.Message), Final: true}
	}
	return nil
}

// issued makes a label of what API v2 gave, in the format asked for.
func (d desk) issued(ctx context.Context, m made, r carrier.LabelRequest) (carrier.Issued, error) {
	switch r.Format {
	case carrier.ZPL:
		zpl, err := base64.StdEncoding.DecodeString(m.output)
		if err != nil || !carrier.WholeZPL(zpl) {
			return carrier.Issued{}, carrier.Unread("no ZPL", err)
		}
		return carrier.Issued{Number: m.number, Format: r.Format, Document: zpl, ContentType: blob.ZPL}, nil
	case carrier.QR:
		return qr(m)
	default:
		return d.fetched(ctx, m.number, m.output, r)
	}
}

// pixels of a module of the QR code: 8 is enough for a screen and for paper.
const pixels = 8

// qr draws the code that is shown at the relay: the value of the barcode of that
// type. That it stands there, rather than in Output, is an assumption.
func qr(m made) (carrier.Issued, error) {
	for _, c := range m.codes {
		if !strings.EqualFold(c.Type, "QRCode") || c.Value == "" {
			continue
		}
		png, err := label.QRPNG(c.Value, pixels)
		if err != nil {
			return carrier.Issued{}, carrier.Unread("QR code", err)
		}
		return carrier.Issued{Number: m.number, Format: carrier.QR, Document: png, ContentType: blob.PNG, Code: c.Value}, nil
	}
	return carrier.Issued{}, carrier.Unread("no QR code", nil)
}
