package mondialrelay

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

const namespace = "http://www.mondialrelay.fr/webservice/"

// order is the parameters of each operation in the order of the WSDL, which is
// the order of the signature.
var order = map[string][]string{
	"WSI4_PointRelais_Recherche": {
		"Enseigne", "Pays", "NumPointRelais", "Ville", "CP", "Latitude", "Longitude", "Taille", "Poids", "Action",
		"DelaiEnvoi", "RayonRecherche", "TypeActivite", "NACE", "NombreResultats",
	},
	"WSI2_TracingColisDetaille": {"Enseigne", "Expedition", "Langue"},
	"WSI2_CreationEtiquette": {
		"Enseigne", "ModeCol", "ModeLiv", "NDossier", "NClient",
		"Expe_Langage", "Expe_Ad1", "Expe_Ad2", "Expe_Ad3", "Expe_Ad4", "Expe_Ville", "Expe_CP", "Expe_Pays", "Expe_Tel1", "Expe_Tel2", "Expe_Mail",
		"Dest_Langage", "Dest_Ad1", "Dest_Ad2", "Dest_Ad3", "Dest_Ad4", "Dest_Ville", "Dest_CP", "Dest_Pays", "Dest_Tel1", "Dest_Tel2", "Dest_Mail",
		"Poids", "Longueur", "Taille", "NbColis", "CRT_Valeur", "CRT_Devise", "Exp_Valeur", "Exp_Devise",
		"COL_Rel_Pays", "COL_Rel", "LIV_Rel_Pays", "LIV_Rel", "TAvisage", "TReprise", "Montage", "TRDV", "Assurance", "Instructions",
	},
}

// values is what an operation was asked with.
type values struct {
	names  []string // as they stood
	byName map[string]string
}

func (v values) get(name string) string { return v.byName[name] }

// question reads a SOAP request: the operation, and its values.
func question(raw []byte) (operation string, v values, err error) {
	var e struct {
		Body struct {
			Operation struct {
				XMLName xml.Name
				Values  []struct {
					XMLName xml.Name
					Text    string `xml:",chardata"`
				} `xml:",any"`
			} `xml:",any"`
		}
	}
	if err := xml.Unmarshal(raw, &e); err != nil {
		return "", v, err
	}
	v.byName = map[string]string{}
	for _, one := range e.Body.Operation.Values {
		v.names = append(v.names, one.XMLName.Local)
		v.byName[one.XMLName.Local] = one.Text
	}
	return e.Body.Operation.XMLName.Local, v, nil
}

// signed reports whether the values are in order and their signature is right.
func (s *Simulator) signed(operation string, v values) bool {
	names, known := order[operation]
	if !known {
		return false
	}
	h, at := md5.New(), -1
	for _, name := range v.names {
		if name == "Security" || name == "Texte" {
			continue
		}
		place := slices.Index(names, name)
		if place <= at {
			return false // unknown, twice, or before its turn
		}
		at = place
		h.Write([]byte(v.get(name)))
	}
	h.Write([]byte(s.o.Key))
	return v.get("Security") == strings.ToUpper(hex.EncodeToString(h.Sum(nil)))
}

func (s *Simulator) soap(w http.ResponseWriter, r *http.Request) {
	raw, err := body(r)
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	operation, v, err := question(raw)
	if _, known := order[operation]; err != nil || !known || !strings.Contains(r.Header.Get("SOAPAction"), namespace+operation) {
		write(w, `<soap:Fault><faultcode>soap:Client</faultcode><faultstring>Server did not recognize the value of HTTP Header SOAPAction</faultstring></soap:Fault>`)
		return
	}
	var result string
	switch {
	case !s.signed(operation, v):
		result = stat(97)
	case v.get("Enseigne") != s.o.Brand:
		result = stat(1)
	case operation == "WSI4_PointRelais_Recherche":
		result = s.search(v)
	case operation == "WSI2_TracingColisDetaille":
		result = s.trace(v)
	default:
		result = s.create(v)
	}
	write(w, reply(operation, result))
}

// reply is the answer of an operation.
func reply(operation, result string) string {
	return fmt.Sprintf(`<%[1]sResponse xmlns="%[2]s"><%[1]sResult>%[3]s</%[1]sResult></%[1]sResponse>`, operation, namespace, result)
}

// write answers: always with 200.
func write(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = io.WriteString(w, envelope(body))
}

func envelope(body string) string {
	return `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ` +
		`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>` + body + `</soap:Body></soap:Envelope>`
}

func stat(code int) string { return fmt.Sprintf("<STAT>%d</STAT>", code) }

// element writes one; an empty one is nil.
func element(name, value string) string {
	if value == "" {
		return "<" + name + ` xsi:nil="true" />`
	}
	return "<" + name + ">" + escaped(value) + "</" + name + ">"
}

func escaped(s string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(s)) // a buffer takes all
	return out.String()
}
