package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/phone"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// SpaceGallery is a shopper's space and the door to it, from invented data.
func SpaceGallery(loc lang.Locale) (all []ui.Exhibit) {
	frame := func(title string) ui.Frame {
		return ui.Frame{Locale: loc, Title: lang.T(loc, title, nil), Private: true, Look: look}
	}
	enter := func(name, title string, set func(*enterPage)) {
		p := enterPage{Frame: frame(title)}
		set(&p)
		all = append(all, ui.Exhibit{Name: name, Page: enterSpace(p)})
	}
	enter("space-enter", "space.enter", func(*enterPage) {})
	enter("space-enter-wrong", "space.enter", func(p *enterPage) { p.Email, p.Wrong = "camille", lang.T(loc, "space.enter_later", nil) })
	enter("space-enter-sent", "space.enter_sent", func(p *enterPage) { p.Email, p.Sent = "camille@example.org", true })
	enter("space-link-over", "space.over", func(p *enterPage) { p.Over = true })
	offer := &keyOffer{Shown: true}
	enter("space-enter-key", "space.enter", func(p *enterPage) { p.Key = offer })
	enter("space-enter-key-over", "space.enter", func(p *enterPage) {
		p.Key, p.KeyWrong = offer, lang.Fault(loc, fault.New(fault.Conflict, "passkey_over", "passkey"))
	})
	enter("space-enter-key-refused", "space.enter", func(p *enterPage) {
		p.Key, p.KeyWrong = offer, lang.Fault(loc, fault.New(fault.Conflict, "passkey_refused", "passkey"))
	})
	key := keyPage{Frame: frame("space.title"), Address: shopper.Contact{Email: "camille@example.org"}.Masked()}
	all = append(all, ui.Exhibit{Name: "space-key", Page: spaceKey(key)})
	empty := spacePage{Frame: frame("space.title"), Address: "camille@example.org", Newest: true}
	asked := empty
	asked.Noted = lang.T(loc, "space.shops_asked", nil)
	full := empty
	full.Newest, full.Older = false, spacePath
	for _, d := range []*lived{
		lives(loc, sent(fact.OutForDelivery), byNoon), lives(loc, sentBack), lives(loc, sent(fact.Delivered), late), lives(loc, takenBack), lives(loc, lengthy),
	} {
		o := d.brief()
		o.Path = spacePath
		full.Orders = append(full.Orders, o)
	}
	full.Orders[2].Path = "" // its page is closed
	full.Shops = []string{full.Orders[0].Shop, full.Orders[4].Shop}
	all = append(all, known(loc, frame)...)
	all = append(append(all, erasing(loc, frame)...), sharings(loc)...)
	return append(all,
		ui.Exhibit{Name: "space-empty", Page: space(empty)}, ui.Exhibit{Name: "space-asked", Page: space(asked)}, ui.Exhibit{Name: "space", Page: space(full)})
}

// known is what shops know of somebody, and the change of an address.
func known(loc lang.Locale, frame func(string) ui.Frame) (all []ui.Exhibit) {
	show := func(name string, set func(*spaceData)) {
		p := spaceData{Frame: frame("space.data"), Address: "camille@example.org", Texts: true, Shops: []knownBy{
			{
				ID: "mer_1", Shop: "Épicerie du Canal", Linked: true, Phone: "06 12 34 56 78", PhoneName: "phone-mer_1", Messages: spacePath,
				Ship: []string{"Camille Durand, 3 rue des Lilas, 69003 Lyon, FR", "Camille Durand, c/o Paul, 12 chemin du Moulin, 43260 Saint-Julien-Chapteuil, FR"},
				Bill: []string{"Camille Durand, 1 place Bellecour, 69002 Lyon, FR"}, Agreed: lang.T(loc, "link_page.consent", nil), Since: "23/11",
			},
			{ID: "mer_2", Shop: "Papeterie Ainay", PhoneName: "phone-mer_2", Before: []string{
				lang.T(loc, "space.agreed_before", map[string]any{"Words": lang.T(loc, "link_page.consent", nil), "From": "23/11", "Until": "24/11"}),
			}},
			{ID: "mer_3", Shop: "Librairie des Quais", Linked: true, PhoneName: "phone-mer_3", Agreed: lang.T(loc, "link_page.consent", nil), Since: "23/11"},
		}}
		set(&p)
		all = append(all, ui.Exhibit{Name: name, Page: spaceKnown(p)})
	}
	show("space-data", func(*spaceData) {})
	show("space-data-locked", func(p *spaceData) { p.Locked = true })
	show("space-data-wrong", func(p *spaceData) {
		p.Typed, p.Wrong = "camille", []wrong{{"email", lang.T(loc, "space.move_later", nil)}}
	})
	for _, k := range keyed(loc) {
		show(k.name, k.set)
	}
	show("space-noted-consent", func(p *spaceData) { p.Noted = lang.T(loc, "space.taken_back", nil) })
	show("space-noted-phone", func(p *spaceData) { p.Noted = lang.T(loc, "space.phone_changed", nil) })
	show("space-noted-move", func(p *spaceData) { p.Noted = lang.T(loc, "space.move_sent", nil) })
	args := map[string]any{"From": masked("camille@example.org"), "To": masked("durand@example.net")}
	again := enterPage{Frame: frame("space.enter"), Again: true}
	code := phonePage{
		Frame: frame("space.phone_prove"), Shop: "mer_1", Number: "06 12 34 56 78",
		Sent: lang.T(loc, "space.phone_sent", map[string]any{"Number": phone.Number{E164: "+33612345678"}.Masked()}),
	}
	mistyped := code
	mistyped.Wrong = lang.Fault(loc, refusal(shopper.Wrong, 3))
	return append(all,
		ui.Exhibit{Name: "space-phone-code", Page: spacePhone(code)}, ui.Exhibit{Name: "space-phone-code-wrong", Page: spacePhone(mistyped)},
		ui.Exhibit{Name: "space-enter-again", Page: enterSpace(again)},
		ui.Exhibit{Name: "space-move", Page: spaceMove(movePage{Frame: frame("space.move"), Text: lang.T(loc, "space.move_ask", args)})},
		ui.Exhibit{Name: "space-moved", Page: spaceMove(movePage{Frame: frame("space.moved"), Done: true, Text: lang.T(loc, "space.moved_text", args), Stayed: []string{"Papeterie Ainay"}})})
}

// keyedState is a state of the passkeys of a space.
type keyedState struct {
	name string
	set  func(*spaceData)
}

func keyed(loc lang.Locale) []keyedState {
	made := func(key string) string { return lang.T(loc, key, map[string]any{"Made": "23/11", "Used": "24/11"}) }
	kept := []keyRow{{"a", "Téléphone de Camille", made("passkey.used")}, {"b", "Ordinateur", made("passkey.unused")}}
	offered := func(p *spaceData) { p.Keyed, p.Key = true, &keyOffer{Shown: true} }
	refused := func(f *fault.Error) func(*spaceData) {
		return func(p *spaceData) {
			offered(p)
			p.Keys, p.Device, p.Wrong = kept, "Téléphone", []wrong{{"device", lang.Fault(loc, f)}}
		}
	}
	return []keyedState{
		{"space-key-none", offered},
		{"space-keys", func(p *spaceData) { offered(p); p.Keys, p.Noted = kept, lang.T(loc, "passkey.kept", nil) }},
		{"space-keys-locked", func(p *spaceData) { p.Keyed, p.Locked, p.Keys = true, true, kept }},
		{"space-key-dropped", func(p *spaceData) { offered(p); p.Noted = lang.T(loc, "passkey.dropped", nil) }},
		{"space-key-known", refused(fault.New(fault.Conflict, "passkey_known", "passkey"))},
		{"space-keys-full", refused(fault.New(fault.Conflict, "passkeys_full", "passkey", "limit", 10))},
	}
}
