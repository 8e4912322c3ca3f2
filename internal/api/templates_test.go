package api

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
)

// seeTemplates writes a message in words of the shop's, looks at it, and takes them back.
func seeTemplates(t *testing.T, owner caller) {
	t.Helper()
	const path = "/api/v1/templates/parcel_shipped/email/fr"
	var all List[Template]
	owner.must(200, "GET", "/api/v1/templates", "", &all)
	for _, x := range all.Items {
		if x.Own || x.Body == "" {
			t.Errorf("ours: %+v", x)
		}
	}
	if len(all.Items) != len(notify.Forms()) {
		t.Errorf("%d messages", len(all.Items))
	}
	words := `{"subject":"{{order}} est en route","body":"{{promise}}\nMerci, {{name}} !\n{{button}}","button":"Suivre"}`
	var seen TemplatePreview
	owner.must(200, "POST", path+"/preview", words, &seen)
	if seen.Subject != "E-1042 est en route" || !strings.Contains(seen.HTML, "Merci, Camille !") || !strings.Contains(seen.Text, "Merci, Camille !") {
		t.Errorf("previewed: %+v", seen)
	}
	var x Template
	owner.must(200, "PUT", path, words, &x)
	if !x.Own || x.ID == "" || x.Subject != "{{order}} est en route" || len(x.Fields) < 10 {
		t.Errorf("kept: %+v", x)
	}
	owner.must(200, "GET", path, "", &x)
	if !x.Own || x.Locale != lang.French {
		t.Errorf("read: %+v", x)
	}
	owner.must(200, "PUT", path, `{"standard":true}`, &x)
	owner.must(200, "GET", path, "", &x)
	if x.Own || x.Subject != "{{subject}}" {
		t.Errorf("ours again: %+v", x)
	}
}

func TestTemplatesAreRefusedWithTheirPlace(t *testing.T) {
	s := open(t).shop()
	owner := s.as(merchant.Owner)
	const path = "/api/v1/templates/parcel_shipped/email/fr"
	for _, c := range []struct{ law, body, code string }{
		{"a loop", `{"subject":"x","body":"{{promise}}\n{{range 9}}\n{{button}}","button":"x"}`, "template_code"},
		{"a header", `{"subject":"x\r\nBcc: a@evil.com","body":"{{promise}}\n{{button}}","button":"x"}`, "template_sign"},
		{"another's site", `{"subject":"x","body":"{{promise}}\n{{button}}\nhttps://evil.com","button":"x"}`, "template_link"},
		{"nothing", `{}`, "field_required"},
	} {
		for method, at := range map[string]string{"PUT": path, "POST": path + "/preview"} {
			if p := owner.refused(422, method, at, c.body); p.Code != c.code && (len(p.Errors) == 0 || p.Errors[0].Code != c.code) {
				t.Errorf("%s %s: %+v", c.law, method, p)
			}
		}
	}
	for _, none := range []string{"order_confirmed/sms/fr", "nothing/email/fr", "parcel_shipped/fax/fr", "parcel_shipped/email/de"} {
		owner.refused(404, "GET", "/api/v1/templates/"+none, "")
		owner.refused(404, "PUT", "/api/v1/templates/"+none, `{"standard":true}`)
	}
}
