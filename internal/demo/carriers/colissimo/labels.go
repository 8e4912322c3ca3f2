package colissimo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/label"
)

// ask is a request of SLS, as far as it is looked at.
type ask struct {
	ContractNumber, Password string
	OutputFormat             struct{ OutputPrintingType string }
	Letter                   struct {
		Service struct {
			ProductCode, DepositDate, OrderNumber string
		}
		Parcel struct {
			Weight           json.RawMessage // a number, or a text of one
			InsuranceValue   int64
			PickupLocationID string `json:"pickupLocationId"`
		}
		Sender struct {
			SenderParcelRef string
			Address         address
		}
		Addressee struct{ Address address }
	}
}

type address struct {
	CompanyName, LastName, FirstName, Line0, Line1, Line2, Line3, CountryCode, City, ZipCode string
}

func (a address) lines() (out []string) {
	for _, l := range []string{strings.TrimSpace(a.CompanyName + " " + a.LastName + " " + a.FirstName), a.Line0, a.Line1, a.Line2, a.Line3, a.ZipCode + " " + a.City} {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}

var (
	day    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	french = regexp.MustCompile(`^[0-9]{5}$`)
)

// complaint is what is wrong with a request, as an id and a sentence; empty when
// it is taken. Of the ids only 30108 is known from the sources.
func (q ask) complaint() (id, text string) {
	l := q.Letter
	kilos, err := strconv.ParseFloat(strings.Trim(string(l.Parcel.Weight), `"`), 64)
	switch {
	case l.Service.ProductCode == "HD" && l.Parcel.PickupLocationID == "":
		return "30990", "Le point de retrait est obligatoire pour ce produit"
	case l.Service.ProductCode != "CORE":
		return "30991", "Le code produit est inconnu"
	case !day.MatchString(l.Service.DepositDate):
		return "30992", "La date de dépôt est invalide"
	case n(l.Service.OrderNumber) < 1 || n(l.Service.OrderNumber) > 30:
		return "30993", "Le numéro de commande est invalide"
	case err != nil || kilos < 0.01 || kilos > 30:
		return "30994", "Le poids du colis est incorrect"
	case l.Parcel.InsuranceValue < 0 || l.Parcel.InsuranceValue > 5_000_00:
		return "30995", "La valeur assurée est incorrecte"
	case l.Sender.Address.CountryCode == "FR" && !french.MatchString(l.Sender.Address.ZipCode):
		return "30108", "Le code postal de l'expéditeur ne correspond pas au pays"
	case n(l.Sender.Address.Line2) < 1 || n(l.Sender.Address.Line2) > 35:
		return "30996", "L'adresse de l'expéditeur est invalide"
	}
	return "", ""
}

// n counts letters.
func n(s string) int { return len([]rune(s)) }

func (s *Simulator) labels(token bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var q ask
		if !s.asked(w, r, &q, func() (string, string, string) { return "", q.ContractNumber, q.Password }) {
			return
		}
		if id, text := q.complaint(); id != "" {
			s.refuse(w, id, text)
			return
		}
		if token && !s.o.Tokens {
			s.refuse(w, "30997", "L'option n'est pas souscrite")
			return
		}
		p := Parcel{
			Order: q.Letter.Service.OrderNumber, Ref: q.Letter.Sender.SenderParcelRef, Insured: q.Letter.Parcel.InsuranceValue,
			Sender: q.Letter.Sender.Address.lines(), Addressee: q.Letter.Addressee.Address.lines(),
			Kilos: strings.Trim(string(q.Letter.Parcel.Weight), `"`),
		}
		if token {
			p.Token = "asked"
		}
		p = s.announce(p)
		s.give(w, p, q.OutputFormat.OutputPrintingType)
	}
}

// give answers with a label, or with a token.
func (s *Simulator) give(w http.ResponseWriter, p Parcel, printing string) {
	infos := []any{map[string]any{"id": "0", "type": "INFOS", "messageContent": "La requête a été traitée avec succès", "replacementValues": []any{}}}
	if p.Token != "" {
		s.parts(w, http.StatusOK, map[string]any{"messages": infos, "tokenV2Response": map[string]any{"token": p.Token, "parcelNumber": p.Number}}, nil)
		return
	}
	document, err := p.document(printing, s)
	if err != nil {
		s.refuse(w, "30998", "Le format est inconnu")
		return
	}
	s.parts(w, http.StatusOK, map[string]any{
		"messages":        infos,
		"labelV2Response": map[string]any{"parcelNumber": p.Number, "parcelNumberPartner": nil, "pdfUrl": nil, "fields": nil},
	}, document)
}

func (p Parcel) document(printing string, s *Simulator) ([]byte, error) {
	sheet := label.Sheet{
		Network: "COLISSIMO", Title: "RETOUR", From: p.Sender, To: p.Addressee, Number: p.Number, Bars: p.Number,
		Fields: []label.Field{{Name: "Poids", Value: p.Kilos + " kg"}, {Name: "Réf.", Value: p.Order}},
	}
	switch printing {
	case "PDF_A4_300dpi":
		return label.PDF([]label.Sheet{sheet}, label.A4, s.o.Now())
	case "PDF_10x15_300dpi":
		return label.PDF([]label.Sheet{sheet}, label.Small, s.o.Now())
	case "ZPL_10x15_203dpi":
		return label.ZPL(sheet, 203)
	case "ZPL_10x15_300dpi":
		return label.ZPL(sheet, 300)
	}
	return nil, fmt.Errorf("no printing of type %q", printing)
}

// refuse answers 400: in parts, or every other time as JSON alone.
func (s *Simulator) refuse(w http.ResponseWriter, id, text string) {
	said := map[string]any{"messages": []any{map[string]any{"id": id, "type": "ERROR", "messageContent": text, "replacementValues": []any{}}}}
	s.mu.Lock()
	s.answers++
	alone := s.answers%2 == 0
	s.mu.Unlock()
	if alone {
		answer(w, http.StatusBadRequest, said)
		return
	}
	s.parts(w, http.StatusBadRequest, said, nil)
}

// parts answers in parts. The boundary is another one each time, and every other
// time stands on the first line alone.
func (s *Simulator) parts(w http.ResponseWriter, status int, said any, document []byte) {
	s.mu.Lock()
	s.answers++
	turn := s.answers
	s.mu.Unlock()
	infos, err := json.Marshal(said)
	if err != nil {
		http.Error(w, "no JSON", http.StatusInternalServerError)
		return
	}
	boundary := fmt.Sprintf("uuid:%08x-0d5f-4f0a-9f2e-%012x", turn*2654435761%(1<<32), turn)
	kind := "multipart/mixed"
	if turn%2 == 0 {
		kind = fmt.Sprintf("multipart/related; type=\"application/json\"; boundary=\"%s\"; start=\"<jsonInfos>\"", boundary)
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	part := func(id, kind string, content []byte) {
		_, _ = fmt.Fprintf(w, "--%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <%s>\r\n\r\n%s\r\n", boundary, kind, id, content)
	}
	part("jsonInfos", "application/json;charset=UTF-8", infos)
	if document != nil {
		part("label", "application/octet-stream", document)
	}
	_, _ = fmt.Fprintf(w, "--%s--\r\n", boundary)
}
