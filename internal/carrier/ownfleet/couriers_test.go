package ownfleet

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
)

func TestCouriersFetchAtTheDoorAndNowhereElse(t *testing.T) {
	for _, route := range fact.BackRoutes {
		if _, ok := (Couriers{}).Offer(carrier.Account{}, route, "FR"); ok != (route == fact.BackByPickup) {
			t.Errorf("%s: %v", route, ok)
		}
	}
}

func TestTheSameKeyIsTheSameNumber(t *testing.T) {
	numbers := map[string]bool{}
	for _, format := range carrier.LabelFormats {
		r := carrier.LabelRequest{
			Key: "ret_1/qr", Reference: "R-1", Format: format, Grams: 60_000, Contents: "mobilier", Ready: civil.Date(2026, 3, 6),
		}
		l, err := Couriers{}.Label(t.Context(), nil, carrier.Connection{Name: "Nos livreurs"}, carrier.Account{}, r)
		if err != nil || len(l.Document) == 0 || l.Format != format || l.Number[:3] != "ENL" {
			t.Errorf("%s: %+v, %v", format, l, err)
		}
		numbers[l.Number] = true
	}
	if len(numbers) != 1 {
		t.Errorf("%v", numbers)
	}
}
