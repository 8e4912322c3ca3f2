package shop

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// The bounds of what is typed, in characters: those of the API.
const (
	maxLine  = 200
	maxPhone = 40
)

// details is who it is for, as typed.
type details struct {
	Name, Email, Street, Extra, City, Phone string
	Locale                                  lang.Locale
}

// details reads the form.
func (v *visit) details() details {
	d := details{
		Name: v.field("name"), Email: v.field("email"), Street: v.field("street"), Extra: v.field("extra"),
		City: v.field("city"), Phone: v.field("phone"), Locale: lang.Locale(v.field("locale")),
	}
	if !slices.Contains(lang.Locales(), d.Locale) {
		d.Locale = v.locale
	}
	return d
}

// given reports whether somebody typed them.
func (d details) given() bool { return d.Name != "" || d.Email != "" || d.Street != "" }

// hidden is the details as a form carries them.
func (d details) hidden() []hidden {
	return []hidden{
		{"name", d.Name},
		{"email", d.Email},
		{"street", d.Street},
		{"extra", d.Extra},
		{"city", d.City},
		{"phone", d.Phone},
		{"locale", string(d.Locale)},
	}
}

// check finds what nobody could deliver to. The faults are field_required,
// field_too_long, invalid_utf8 and email_invalid.
func (d details) check() error {
	var faults fault.List
	text.Required(&faults, "name", d.Name, maxLine)
	switch {
	case d.Email == "":
		faults.Add(fault.Invalid, "field_required", "email")
	case !mailbox.Formed(d.Email):
		faults.Add(fault.Invalid, "email_invalid", "email")
	}
	text.Required(&faults, "street", d.Street, maxLine)
	text.Check(&faults, "extra", d.Extra, maxLine)
	text.Required(&faults, "city", d.City, maxLine)
	text.Check(&faults, "phone", d.Phone, maxPhone)
	return faults.Err()
}

// detailsPage asks who it is for.
type detailsPage struct {
	frame
	Chosen optionCard
	Change string // path of the dates
	Here   string // path of this page
	Action string
	Kept   []hidden
	Fields []field
	Words  []letters
	Wrong  []field // those with an error
	Where  string  // postcode and country, which the date hangs on

	Lang     lang.Locale // the other language
	LangName string
}

// field is a line of the form.
type field struct {
	Name, Label, Hint, Type, Value, Error, Complete string
	Optional                                        bool
	Max                                             int
}

// letters is a language to be written to in.
type letters struct {
	Locale lang.Locale
	Words  string
	Here   bool
}

// askDetails shows the form for the date that was chosen.
func askDetails(v *visit) (ui.Answer, error) { return v.form(details{Locale: v.locale}, nil), nil }

// againDetails shows it filled.
func againDetails(v *visit) (ui.Answer, error) { return v.form(v.details(), nil), nil }

// choice is a date, and the point where it is collected.
type choice struct {
	option
	at *point // nil: at the door
}

// chosen is what the form names, as it stands now, or the page to show instead:
// the basket when it is empty, the dates when that one is gone, the points where
// one has to be chosen.
func (v *visit) chosen(d details) (choice, *ui.Answer) {
	answer := func(a ui.Answer) (choice, *ui.Answer) { return choice{}, &a }
	named, at := v.field("option"), v.field("point")
	if v.field("chercher") != "" {
		at = "" // looked for elsewhere, whatever was marked
	}
	switch {
	case v.basket.count() == 0:
		return answer(v.emptied())
	case !v.to.fine():
		return answer(v.delivery(d, notice{}))
	case named == "":
		return answer(v.delivery(d, notice{http.StatusUnprocessableEntity, v.say("shop.choose", nil)}))
	}
	q, err := v.quote(v.basket, at)
	o, ok := q.find(named)
	why := ""
	if at != "" && !ok {
		why = v.unmet(q, err, named)
		q, err = v.quote(v.basket, "")
		o, ok = q.find(named)
	}
	switch {
	case err != nil:
		return answer(v.delivery(d, notice{http.StatusServiceUnavailable, v.trouble(err)}))
	case !ok:
		return answer(v.delivery(d, notice{http.StatusConflict, v.say("shop.gone", nil)}))
	case o.Network != "" && q.Point == nil:
		return answer(v.points(d, o, why))
	case o.Network == "":
		return choice{option: o}, nil
	}
	return choice{o, q.Point}, nil
}

// form is the page of the form, once the date is found again. wrong is what is
// wrong with what was typed, by field.
func (v *visit) form(d details, wrong map[string]string) ui.Answer {
	chosen, instead := v.chosen(d)
	if instead != nil {
		return *instead
	}
	p := detailsPage{
		frame: v.measured("details", v.frame(v.say("shop.details", nil), 3)), Chosen: v.chosenCard(chosen), Action: v.path("/verification"), Here: v.path("/coordonnees"),
		Change: v.path("/livraison"), Kept: append(v.placeFields(), chosen.fields()...), Fields: v.fields(d, wrong),
		Where: v.say("shop.place", map[string]any{"Postcode": v.to.Postcode, "Country": v.countryName(v.to.Country)}),
		Lang:  other(v.locale), LangName: otherWords(v.locale),
	}
	for _, loc := range lang.Locales() {
		p.Words = append(p.Words, letters{loc, lang.T(loc, "shop.language", nil), loc == d.Locale})
	}
	for _, f := range p.Fields {
		if f.Error != "" {
			p.Wrong = append(p.Wrong, f)
		}
	}
	if len(p.Wrong) == 0 {
		return ui.Answer{Page: detailsHTML(p)}
	}
	p.Title = v.say("shop.error_title", map[string]any{"Page": p.Title})
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: detailsHTML(p)}
}

// told is the first sentence about each field.
func (v *visit) told(err error) map[string]string {
	said := map[string]string{}
	for _, f := range fault.All(err) {
		if said[f.Field] == "" {
			said[f.Field] = lang.Fault(v.locale, f)
		}
	}
	return said
}

// fields is the lines of the form, each with its error.
func (v *visit) fields(d details, wrong map[string]string) []field {
	fields := []field{
		{Name: "name", Label: v.say("shop.field_name", nil), Type: "text", Value: d.Name, Complete: "name", Max: maxLine},
		{Name: "email", Label: v.say("shop.field_email", nil), Hint: v.say("shop.hint_email", nil), Type: "email", Value: d.Email, Complete: "email", Max: 254},
		{Name: "street", Label: v.say("shop.field_street", nil), Type: "text", Value: d.Street, Complete: "address-line1", Max: maxLine},
		{Name: "extra", Label: v.say("shop.field_extra", nil), Type: "text", Value: d.Extra, Complete: "address-line2", Max: maxLine, Optional: true},
		{Name: "city", Label: v.say("shop.field_city", nil), Type: "text", Value: d.City, Complete: "address-level2", Max: maxLine},
		{Name: "phone", Label: v.say("shop.field_phone", nil), Hint: v.say("shop.hint_phone", nil), Type: "tel", Value: d.Phone, Complete: "tel", Max: maxPhone, Optional: true},
	}
	for i := range fields {
		fields[i].Error = wrong[fields[i].Name]
	}
	return fields
}
