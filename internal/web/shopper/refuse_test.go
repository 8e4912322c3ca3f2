package shopper_test

import (
	"net/url"
	"testing"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func TestMarketingIsRefusedByTheLinkAlone(t *testing.T) {
	b := buys(t)
	const path = "/desabonnement?sujet=survey"
	says(t, "asked", b.get(path).One("main"), "Ne plus les recevoir")
	if all := b.said(); len(all) > 0 {
		t.Fatalf("opening the link changed %+v", all)
	}
	for range 2 { // as mailboxes press it, and once more
		says(t, "refused", b.post(path, url.Values{"List-Unsubscribe": {"One-Click"}}).One("main"), "C'est fait")
	}
	said := b.said()
	for _, ch := range notify.Ways {
		if notify.Wanted(said, fact.TopicSurvey, ch) {
			t.Errorf("%s still comes", ch)
		}
	}
	if len(said) != len(notify.Ways) {
		t.Errorf("%+v", said)
	}
}

func TestServiceIsNotRefusedByTheLinkAlone(t *testing.T) {
	b := buys(t)
	for _, topic := range []string{string(fact.TopicAtRisk), string(fact.TopicConfirmed), "nothing", ""} {
		path := "/desabonnement?sujet=" + url.QueryEscape(topic)
		if read, pressed := webtest.Get(t, b.door, b.path+path).Status, b.post(path, url.Values{"List-Unsubscribe": {"One-Click"}}).Status; read != 404 || pressed != 404 {
			t.Errorf("%q: %d, %d", topic, read, pressed)
		}
	}
	if all := b.said(); len(all) > 0 {
		t.Errorf("%+v", all)
	}
}
