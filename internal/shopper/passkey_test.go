package shopper_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

func keyOf(email, name string) shopper.Passkey {
	return shopper.Passkey{ID: name + "@" + email, Email: email, Handle: "handle", Record: "{}", Name: "Téléphone"}
}

// try writes for no merchant, and answers the code of what is refused.
func try(w *flowtest.World, verb func(*flow.Tx) error) string {
	w.T.Helper()
	err := w.Write(context.Background(), "test", nil, verb)
	if all := fault.All(err); len(all) > 0 {
		return all[0].Code
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return ""
}

func TestAPasskeyOpensASpace(t *testing.T) {
	w := flowtest.New(t)
	m, email := w.Merchant(), "camille@passkeyopens.example"
	who := registered(w, m, shopper.NewShopper{Email: email, Name: "Camille", Locale: lang.French})
	link := invite(w, m, who)
	w.Do(m, func(tx *flow.Tx) error {
		_, _, _, err := shopper.Confirm(tx, link, "oui")
		return err
	})
	key := keyOf(email, "a")
	freely(w, func(tx *flow.Tx) error { return shopper.KeepPasskey(tx, key, "made "+email) })
	key.Record = `{"count":1}`
	var token string
	enter := func(tx *flow.Tx) (err error) {
		token, err = shopper.EnterByPasskey(tx, key, "entered "+email)
		return err
	}
	if err := w.Write(context.Background(), "test", []ident.Merchant{m}, enter); err != nil {
		t.Fatal(err)
	}
	w.See(func(tx *db.Tx) error {
		v, err := shopper.VisitOf(tx, token)
		if err != nil || v.Email != email || v.Began != tx.Wall {
			t.Errorf("%+v, %v", v, err)
		}
		kept, ok, err := shopper.PasskeyOf(tx, key.ID)
		if !ok || kept.Record != key.Record || kept.Used != tx.Now {
			t.Errorf("the key is %+v", kept)
		}
		return err
	})
	w.See(func(tx *db.Tx) error {
		told, err := db.All(tx, `select count(*) from flow_fact where merchant = $1 and kind = $2`, db.Scalar[int], m, fact.ShopperSignedIn{}.Kind())
		if told[0] != 1 {
			t.Errorf("the shop was told %d times", told[0])
		}
		return err
	})
	if code := try(w, enter); code != "passkey_over" {
		t.Errorf("the same answer again: %q", code)
	}
}

func TestPasskeysThatAreNotKept(t *testing.T) {
	w := flowtest.New(t)
	email := "paul@passkeysnotkept.example"
	freely(w, func(tx *flow.Tx) error { return shopper.KeepPasskey(tx, keyOf(email, "0"), "first "+email) })
	for law, c := range map[string]struct {
		challenge, want string
		change          func(*shopper.Passkey)
	}{
		"an answer that came before":  {"first " + email, "passkey_over", func(*shopper.Passkey) {}},
		"a key somebody has":          {"known " + email, "passkey_known", func(k *shopper.Passkey) { k.ID = "0@" + email }},
		"a device without a name":     {"unnamed " + email, "field_required", func(k *shopper.Passkey) { k.Name = " " }},
		"a device with a long name":   {"long " + email, "field_too_long", func(k *shopper.Passkey) { k.Name = fmt.Sprintf("%061d", 0) }},
		"a key that is a small novel": {"novel " + email, "passkey_refused", func(k *shopper.Passkey) { k.Record = fmt.Sprintf("%05000d", 0) }},
	} {
		k := keyOf(email, "1")
		c.change(&k)
		if got := try(w, func(tx *flow.Tx) error { return shopper.KeepPasskey(tx, k, c.challenge) }); got != c.want {
			t.Errorf("%s: %q, want %q", law, got, c.want)
		}
	}
}

func TestTenPasskeysAreEnough(t *testing.T) {
	w := flowtest.New(t)
	email := "lea@tenpasskeys.example"
	for i := range 11 {
		want := ""
		if i == 10 {
			want = "passkeys_full"
		}
		name := fmt.Sprint(i)
		if got := try(w, func(tx *flow.Tx) error { return shopper.KeepPasskey(tx, keyOf(email, name), email+name) }); got != want {
			t.Errorf("key %d: %q, want %q", i, got, want)
		}
	}
}

func TestAPasskeyThatWasDroppedOpensNothing(t *testing.T) {
	w := flowtest.New(t)
	email := "marc@droppedpasskey.example"
	key := keyOf(email, "a")
	freely(w, func(tx *flow.Tx) error { return shopper.KeepPasskey(tx, key, "made "+email) })
	freely(w, func(tx *flow.Tx) error {
		dropped, err := shopper.DropPasskey(tx, "somebody@else.example", key.ID)
		if dropped {
			t.Error("another's key was dropped")
		}
		return err
	})
	freely(w, func(tx *flow.Tx) error {
		_, err := shopper.DropPasskey(tx, email, key.ID)
		return err
	})
	if got := try(w, func(tx *flow.Tx) error {
		_, err := shopper.EnterByPasskey(tx, key, "entered "+email)
		return err
	}); got != "passkey_refused" {
		t.Errorf("%q", got)
	}
}
