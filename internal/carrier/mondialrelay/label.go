package mondialrelay

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Label is carrier.Labels.
func (ad Adapter) Label(ctx context.Context, out *egress.Client, c carrier.Connection, a carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	d := desk{ad, out, c, a}
	if number, address, made := strings.Cut(r.Resume, " "); made {
		return d.fetched(ctx, number, address, r)
	}
	if newer(a) {
		return d.shipment(ctx, r)
	}
	return d.created(ctx, r)
}

// Void is carrier.Labels. No operation of either service takes a label back.
func (Adapter) Void(context.Context, *egress.Client, carrier.Connection, carrier.Account, string) error {
	return carrier.ErrStands
}

// desk is the adapter with whom it speaks for.
type desk struct {
	ad  Adapter
	out *egress.Client
	c   carrier.Connection
	a   carrier.Account
}

const createLabel = "WSI2_CreationEtiquette"

// created makes a label by the older service.
func (d desk) created(ctx context.Context, r carrier.LabelRequest) (carrier.Issued, error) {
	raw, err := d.ad.ask(ctx, d.out, d.c, d.a, createLabel, creation(d.a, r))
	if err != nil {
		return carrier.Issued{}, err
	}
	got, err := result[struct {
		STAT   filled
		Number filled `xml:"ExpeditionNum"`
		URL    filled `xml:"URL_Etiquette"`
	}](raw, createLabel)
	switch {
	case err != nil:
		return carrier.Issued{}, err
	case got.STAT != "0":
		return carrier.Issued{}, refusal(got.STAT)
	case !figures(string(got.Number), 8) || got.URL == "":
		return carrier.Issued{}, carrier.Unread("no number", nil)
	}
	return d.fetched(ctx, string(got.Number), d.format(string(got.URL), r.Format), r)
}

// creation is a return in the order of the WSDL: handed in at a relay, to the
// merchant.
func creation(a carrier.Account, r carrier.LabelRequest) []param {
	point := "AUTO"
	if r.Point != "" {
		point = r.Point
	}
	params := []param{
		{"Enseigne", a.Field(brand)},
		{"ModeCol", "REL"},
		{"ModeLiv", "LCC"},
		{"NDossier", capitals(strings.Map(dossier, r.Reference), 15)},
		{"NClient", tag(r)},
	}
	params = append(append(params, lines("Expe_", r.From)...), lines("Dest_", r.To)...)
	insured, _ := level(a, r.Insured)
	return append(params,
		param{"Poids", strconv.Itoa(max(r.Grams, minGrams))}, param{"NbColis", "1"}, param{"CRT_Valeur", "0"},
		param{"COL_Rel_Pays", r.From.Country}, param{"COL_Rel", point}, param{"Assurance", insured})
}

// dossier keeps the characters of a file's number: figures, letters, _ and -.
func dossier(r rune) rune {
	if strings.ContainsRune("'.,/", r) {
		return '-'
	}
	return r
}

// format asks for the paper in the address of a PDF that was given for another.
// The older service names it in the query: format=A4, A5 or 10x15.
func (d desk) format(address string, f carrier.LabelFormat) string {
	u, err := url.Parse(address)
	if err != nil || !u.Query().Has("format") {
		return address
	}
	q := u.Query()
	q.Set("format", paper(f))
	u.RawQuery = q.Encode()
	return u.String()
}

// paper is a format by the carrier's name.
func paper(f carrier.LabelFormat) string {
	if f == carrier.PDF10x15 {
		return "10x15"
	}
	return "A4"
}

// fetched gets the document of a label that is made. Where that fails the number
// is not lost: the Refusal says how to go on.
func (d desk) fetched(ctx context.Context, number, address string, r carrier.LabelRequest) (carrier.Issued, error) {
	resume := number + " " + address
	whole, err := d.address(address)
	if err != nil {
		return carrier.Issued{}, carrier.Refusal{Why: carrier.RefusedRequest, Code: "address of the label", Final: true, Err: err}
	}
	answer, err := carrier.Exchange(ctx, d.out, egress.Call{To: string(d.c.ID), Method: "GET", URL: whole, Most: carrier.MostLabel})
	if err != nil {
		failed := carrier.RefusalOf(err)
		failed.Resume, failed.Final = resume, false
		return carrier.Issued{}, failed
	}
	if answer.Status != 200 || !carrier.WholePDF(answer.Body) {
		return carrier.Issued{}, carrier.Refusal{Why: carrier.Unheard, Code: "no PDF", Resume: resume}
	}
	return carrier.Issued{Number: number, Format: r.Format, Document: answer.Body, ContentType: blob.PDF}, nil
}

// address is where a document lies: relative to the site, or on a host of the
// carrier's. Anybody else's is refused: its answer would be stuck on a parcel.
func (d desk) address(ref string) (string, error) {
	h := d.ad.hosts(d.a)
	site, err := url.Parse(h.Site)
	if err != nil {
		return "", err
	}
	u, err := site.Parse(ref)
	if err != nil {
		return "", err
	}
	for _, known := range []string{h.Site, h.API, h.SOAP} {
		if k, err := url.Parse(known); err == nil && u.Host == k.Host && u.Scheme == k.Scheme {
			return u.String(), nil
		}
	}
	if u.Scheme == "https" && strings.HasSuffix(u.Host, ".mondialrelay.com") {
		return u.String(), nil
	}
	return "", &url.Error{Op: "label", URL: u.Host, Err: egress.ErrForbidden}
}

// figures reports whether s is so many figures.
func figures(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}
