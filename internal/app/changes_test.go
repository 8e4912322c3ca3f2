package app

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
)

// Whoever carries a parcel either takes changes from us, or has a page of its own.
func TestEveryCarrierSaysWhereAChangeIsAskedFor(t *testing.T) {
	as := changers(carrierAdapters())
	for _, name := range slices.Sorted(maps.Keys(carriers())) {
		_, asks := carrier.As[carrier.Changer](as, name)
		own, has := carrier.As[carrier.ChangePage](as, name)
		if asks == has {
			t.Errorf("%s: asked %v, a page of its own %v", name, asks, has)
		}
		if has && !strings.HasPrefix(own.ChangePage("6A 1&x"), "https://") || has && strings.ContainsAny(own.ChangePage("6A 1&x"), " &") {
			t.Errorf("%s: %s", name, own.ChangePage("6A 1&x"))
		}
	}
}
