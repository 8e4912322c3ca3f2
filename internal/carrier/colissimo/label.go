package colissimo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/label"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// product is a return within France, whose numbers begin with 8R.
const product = "CORE"

// The request of SLS, as far as a return needs it. Optional fields are better
// left out than sent empty.
type labelRequest struct {
	Contract string       `json:"contractNumber,omitempty"`
	Password string       `json:"password,omitempty"`
	Output   outputFormat `json:"outputFormat"`
	Letter   letter       `json:"letter"`
	Fields   *fields      `json:"fields,omitempty"`
}

type outputFormat struct {
	X    int    `json:"x"`
	Y    int    `json:"y"`
	Type string `json:"outputPrintingType"`
}

type letter struct {
	Service   service   `json:"service"`
	Parcel    parcel    `json:"parcel"`
	Sender    sender    `json:"sender"`
	Addressee addressee `json:"addressee"`
}

type service struct {
	Product string `json:"productCode"`
	Deposit string `json:"depositDate"`
	Order   string `json:"orderNumber"`
}

type parcel struct {
	Weight  string `json:"weight"` // kg
	Insured int64  `json:"insuranceValue,omitempty"`
}

type sender struct {
	Ref     string  `json:"senderParcelRef"`
	Address address `json:"address"`
}

type addressee struct {
	Ref     string  `json:"addresseeParcelRef"`
	Address address `json:"address"`
}

type address struct {
	Company string `json:"companyName,omitempty"`
	Name    string `json:"lastName,omitempty"`
	Floor   string `json:"line0,omitempty"`
	Street  string `json:"line2"`
	More    string `json:"line3,omitempty"`
	Country string `json:"countryCode"`
	City    string `json:"city"`
	Zip     string `json:"zipCode"`
}

type fields struct {
	Field []field `json:"field"`
}

type field struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// printing is the carrier's names of formats. A token is for a label of the
// counter's own printer.
var printing = map[carrier.LabelFormat]string{
	carrier.PDFA4:    "PDF_A4_300dpi",
	carrier.PDF10x15: "PDF_10x15_300dpi",
	carrier.ZPL:      "ZPL_10x15_203dpi",
	carrier.QR:       "PDF_10x15_300dpi",
}

func request(a carrier.Account, r carrier.LabelRequest) labelRequest {
	out := labelRequest{
		Output: outputFormat{Type: printing[r.Format]},
		Letter: letter{
			Service:   service{product, r.Ready.String(), line(r.Reference, 30)},
			Parcel:    parcel{kilos(r.Grams), r.Insured.Minor},
			Sender:    sender{tag(r), addressOf(r.From, false)},
			Addressee: addressee{line(r.Reference, 15), addressOf(r.To, true)},
		},
	}
	if a.Field(apiKey) == "" {
		out.Contract, out.Password = a.Field(contract), a.Field(password)
	}
	if n := a.Field(account); n != "" {
		out.Fields = &fields{[]field{{"ACCOUNT_NUMBER", n}}}
	}
	return out
}

// kilos writes a weight as the service wants it: "1.20", rounded up.
func kilos(grams int) string {
	hundredths := (max(grams, minGrams) + 9) / 10
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

func addressOf(c carrier.Contact, company bool) address {
	const limit = 35
	street := line(c.Street, limit)
	out := address{
		Floor: line(c.Extra, limit), Street: street, More: line(carrier.Said(c.Street)[len(street):], limit),
		Country: c.Country, City: line(c.City, limit), Zip: c.Postcode,
	}
	if company {
		out.Company = line(c.Name, limit)
	} else {
		out.Name = line(c.Name, limit)
	}
	return out
}

// Label is carrier.Labels.
func (ad Adapter) Label(ctx context.Context, out *egress.Client, c carrier.Connection, a carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	path := pathLabel
	if r.Format == carrier.QR {
		path = pathToken
	}
	answer, err := ad.post(ctx, out, c, a, path, request(a, r))
	if err != nil {
		return carrier.Issued{}, err
	}
	parts, err := partsOf(answer)
	if err != nil {
		return carrier.Issued{}, err
	}
	said, err := read(parts, answer.Status)
	if err != nil {
		return carrier.Issued{}, err
	}
	if r.Format == carrier.QR {
		return said.Token.issued()
	}
	return said.Label.issued(r.Format, parts[partLabel])
}

// Void is carrier.Labels. The service has no operation that takes a label back.
func (Adapter) Void(context.Context, *egress.Client, carrier.Connection, carrier.Account, string) error {
	return carrier.ErrStands
}

// post sends JSON and maps what the gateway says by status alone.
func (ad Adapter) post(ctx context.Context, out *egress.Client, c carrier.Connection, a carrier.Account, path string, body any) (egress.Answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return egress.Answer{}, carrier.Refusal{Why: carrier.RefusedRequest, Code: "request", Final: true, Err: err}
	}
	header := map[string]string{"Content-Type": "application/json", "Accept": "*/*"}
	if k := a.Field(apiKey); k != "" {
		header["apiKey"] = k
	}
	most := carrier.MostAnswer
	if path == pathLabel {
		most = carrier.MostLabel
	}
	answer, err := carrier.Exchange(ctx, out, egress.Call{To: string(c.ID), Method: http.MethodPost, URL: ad.Base + path, Header: header, Body: raw, Most: most})
	code := "HTTP " + strconv.Itoa(answer.Status)
	switch {
	case err != nil:
		return answer, err
	case answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden:
		return answer, carrier.Refusal{Why: carrier.RefusedAccount, Code: code, Final: true}
	case answer.Status == http.StatusUnprocessableEntity:
		return answer, carrier.Refusal{Why: carrier.RefusedRequest, Code: code, Final: true}
	}
	return answer, nil
}

// description is what stands beside a label.
type description struct {
	Messages []struct {
		ID   loose  `json:"id"`
		Type string `json:"type"`
		Text string `json:"messageContent"`
	} `json:"messages"`
	Label labelled `json:"labelV2Response"`
	Token tokened  `json:"tokenV2Response"`
	// The gateway's own ways to complain.
	Error      string `json:"error"`
	ErrorText  string `json:"message"`
	ErrorCode  loose  `json:"errorCode"`
	ErrorLabel string `json:"errorLabel"`
}

type labelled struct {
	Number string `json:"parcelNumber"`
}

// tokened is the answer of generateToken. The names of its fields are an
// assumption: the sources name the object alone.
type tokened struct {
	Token  string `json:"token"`
	Number string `json:"parcelNumber"`
}

// read understands the description in an answer, or says what was refused.
func read(parts map[string][]byte, status int) (description, error) {
	var d description
	if err := json.Unmarshal(parts[partJSON], &d); err != nil {
		return d, carrier.Unread("no JSON", err)
	}
	for _, m := range d.Messages {
		if m.ID != "0" && m.Type != "INFOS" {
			return d, refusal(string(m.ID), m.Text)
		}
	}
	switch {
	case d.ErrorCode != "" && d.ErrorCode != "0":
		return d, refusal(string(d.ErrorCode), d.ErrorLabel)
	case d.Error != "":
		return d, refusal(d.Error, d.ErrorText)
	case status != http.StatusOK:
		return d, carrier.Unread("HTTP "+strconv.Itoa(status), nil)
	case len(d.Messages) == 0:
		return d, carrier.Unread("no message", nil)
	}
	return d, nil
}

// whys are the ids whose meaning is known; 30000 is from memory.
var whys = map[string]carrier.Why{
	"30000": carrier.RefusedAccount,
	"30108": carrier.RefusedAddress, // the sender's postcode does not fit the country
}

func refusal(id, text string) carrier.Refusal {
	why, known := whys[id]
	if !known {
		why = carrier.RefusedRequest
	}
	return carrier.Refusal{Why: why, Code: carrier.Said(id), Text: carrier.Said(text), Final: true}
}

// parcelNumber is the form of the carrier's numbers.
var parcelNumber = regexp.MustCompile(`^[0-9A-Z]{11,15}$`)

func (l labelled) issued(f carrier.LabelFormat, document []byte) (carrier.Issued, error) {
	number := carrier.FoldNumber(l.Number)
	whole, kind := carrier.WholePDF(document), blob.PDF
	if f == carrier.ZPL {
		whole, kind = carrier.WholeZPL(document), blob.ZPL
	}
	if !parcelNumber.MatchString(number) || !whole {
		return carrier.Issued{}, carrier.Unread("no label", nil)
	}
	return carrier.Issued{Number: number, Format: f, Document: document, ContentType: kind}, nil
}

// pixels of a module of the QR code: 8 is enough for a screen and for paper.
const pixels = 8

func (t tokened) issued() (carrier.Issued, error) {
	number := carrier.FoldNumber(t.Number)
	if t.Token == "" || !parcelNumber.MatchString(number) {
		return carrier.Issued{}, carrier.Unread("no token", nil)
	}
	png, err := label.QRPNG(t.Token, pixels)
	if err != nil {
		return carrier.Issued{}, carrier.Unread("token", err)
	}
	return carrier.Issued{Number: number, Format: carrier.QR, Document: png, ContentType: blob.PNG, Code: t.Token}, nil
}
