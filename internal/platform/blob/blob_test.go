package blob_test

import (
	"bytes"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func put(w *flowtest.World, m ident.Merchant, contentType string, body []byte) (id ident.Blob, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		id, err = blob.Put(tx, m, contentType, body)
		return err
	})
	return id, err
}

func get(w *flowtest.World, m ident.Merchant, id ident.Blob) (b blob.Blob, err error) {
	err = w.Read(w.T.Context(), func(tx *db.Tx) (err error) {
		b, err = blob.Get(tx, m, id)
		return err
	})
	return b, err
}

func TestADocumentIsGivenBackAsItWas(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	whole := bytes.Repeat([]byte{0, 0xff, '\n', '\'', 'a'}, blob.MaxBytes/5)
	for _, body := range [][]byte{{0}, []byte("%PDF-1.4\n\x00\xff"), whole} {
		id, err := put(w, m, blob.PDF, body)
		if err != nil {
			t.Fatal(err)
		}
		b, err := get(w, m, id)
		if err != nil || !bytes.Equal(b.Body, body) || b.ContentType != blob.PDF || b.Hash != blob.Hash(body) || b.Stored == 0 {
			t.Errorf("%d bytes came back as %d of %s, %s: %v", len(body), len(b.Body), b.ContentType, b.Hash, err)
		}
		if _, err := get(w, w.Merchant(), id); !fault.Is(err, "not_found") {
			t.Errorf("somebody else's: %v", err)
		}
	}
}

func TestWhatIsNotKept(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	for _, row := range []struct {
		law, contentType, code string
		body                   []byte
	}{
		{"nothing at all", blob.PNG, "document_empty", nil},
		{"a byte more than 10 MiB", blob.PNG, "document_too_large", make([]byte, blob.MaxBytes+1)},
		{"what runs in a browser", "text/html", "document_type", []byte("<script>")},
		{"a picture that runs in a browser", "image/svg+xml", "document_type", []byte("<svg/>")},
		{"a type with a parameter nobody asked for", "image/png; x=1", "document_type", []byte("x")},
	} {
		if _, err := put(w, m, row.contentType, row.body); !fault.Is(err, row.code) {
			t.Errorf("%s: %v, want %s", row.law, err, row.code)
		}
	}
	if _, err := get(w, m, "blb_00000000000000000000000000"); !fault.Is(err, "not_found") {
		t.Errorf("a document that never was: %v", err)
	}
}

func TestWhatNamesAnAddress(t *testing.T) {
	for text, want := range map[string]bool{
		"anne@x.fr":                         true,
		"From: Anne <ANNE@X.fr>":            true,
		"Écrivez à anne@x.fr.":              true,
		"« anne@x.fr »":                     true,
		"mailto:anne@x.fr?subject=a":        true,
		"joanne@x.fr, then anne@x.fr again": true,
		"joanne@x.fr":                       false,
		"marie.anne@x.fr":                   false,
		"anne@x.fr.example":                 false,
		"anne@x.france":                     false,
		"anne at x.fr":                      false,
		"":                                  false,
	} {
		if got := blob.Names([]byte(text), "anne@x.fr"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if blob.Names([]byte("anything"), "") {
		t.Error("no address is named by everything")
	}
}
