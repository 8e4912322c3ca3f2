package carrier_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

func connection() carrier.Connection {
	return carrier.Connection{Adapter: "simulated", Name: "Fast Parcels", Grace: 36 * time.Hour, Zone: "Europe/Paris"}
}

func service(c ident.Connection) carrier.Service {
	s := speedy()
	s.Connection, s.Name, s.Mode = c, "Relay 48", carrier.Relay
	s.Collects, s.Delivers, s.Region, s.ByMinute = civil.MondayToFriday, civil.MondayToSaturday, "FR", 18*60
	return s
}

func connect(t *testing.T, w *flowtest.World, m ident.Merchant) (c carrier.Connection) {
	t.Helper()
	w.Do(m, func(tx *flow.Tx) (err error) {
		c, err = carrier.Connect(tx, m, connection())
		return err
	})
	return c
}

func TestConnectionIsReadAsItWasSet(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	c := connect(t, w, m)
	if c.StallAfter != carrier.DefaultStall {
		t.Errorf("a silent StallAfter became %s", c.StallAfter)
	}
	c.Name, c.StallAfter, c.Zone = "Slow Parcels", 72*time.Hour, "Europe/Brussels"
	w.Do(m, func(tx *flow.Tx) error {
		_, err := carrier.Connect(tx, m, c)
		return err
	})
	w.See(func(tx *db.Tx) error {
		all, err := carrier.Connections(tx, m)
		if d := cmp.Diff([]carrier.Connection{c}, all); d != "" {
			t.Error(d)
		}
		return err
	})
}

func TestServiceIsReadAsItWasSet(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	c := connect(t, w, m)
	set := func(in carrier.Service) (out carrier.Service) {
		w.Do(m, func(tx *flow.Tx) (err error) {
			out, err = carrier.SetService(tx, m, in)
			return err
		})
		return out
	}
	s := set(service(c.ID))
	if s.LastMile != carbon.Relay {
		t.Errorf("the last mile of a relay service is %q", s.LastMile)
	}
	s.ByMinute, s.Standards, s.Postcodes = 0, nil, []string{" sw1a  1", "6900", "69100", "6900"}
	s = set(s)
	if want := []string{"6900", "69100", "SW1A 1"}; !slices.Equal(s.Postcodes, want) {
		t.Errorf("the postcodes became %q", s.Postcodes)
	}
	w.See(func(tx *db.Tx) error {
		all, err := carrier.Services(tx, m)
		if d := cmp.Diff([]carrier.Service{s}, all); d != "" {
			t.Error(d)
		}
		facts, failed := flow.Timeline(tx, m, string(m))
		if len(facts) != 3 {
			t.Errorf("%d facts of one connection and two settings", len(facts))
		}
		return errors.Join(err, failed)
	})
}

func TestConnectRefuses(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	for _, row := range []struct {
		law         string
		spoil       func(*carrier.Connection)
		code, field string
	}{
		{"no adapter", func(c *carrier.Connection) { c.Adapter = " " }, "field_required", "adapter"},
		{"no name", func(c *carrier.Connection) { c.Name = "" }, "field_required", "name"},
		{"a name without end", func(c *carrier.Connection) { c.Name = strings.Repeat("x", 101) }, "field_too_long", "name"},
		{"a name of broken bytes", func(c *carrier.Connection) { c.Name = "\xff" }, "invalid_utf8", "name"},
		{"a zone that is none", func(c *carrier.Connection) { c.Zone = "Paris" }, "unknown_zone", "zone"},
		{"a negative grace", func(c *carrier.Connection) { c.Grace = -1 }, "duration_out_of_range", "grace"},
		{"stalled after a minute", func(c *carrier.Connection) { c.StallAfter = time.Minute }, "duration_out_of_range", "stall_after"},
		{"somebody else's connection", func(c *carrier.Connection) { c.ID = "con_none" }, "not_found", "connection"},
	} {
		c := connection()
		row.spoil(&c)
		err := w.Try(m, func(tx *flow.Tx) error {
			_, err := carrier.Connect(tx, m, c)
			return err
		})
		refused(t, row.law, err, row.code, row.field)
	}
}

func TestSetServiceRefuses(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	c := connect(t, w, m)
	for _, row := range []struct {
		law         string
		spoil       func(*carrier.Service)
		code, field string
	}{
		{"no name", func(s *carrier.Service) { s.Name = "" }, "field_required", "name"},
		{"a mode that is none", func(s *carrier.Service) { s.Mode = "drone" }, "unknown_value", "mode"},
		{"a last mile that is none", func(s *carrier.Service) { s.LastMile = "drone" }, "unknown_value", "last_mile"},
		{"no country", func(s *carrier.Service) { s.Countries = nil }, "field_required", "countries"},
		{"a country that is none", func(s *carrier.Service) { s.Countries = []string{"FR", "XX"} }, "unknown_country", "countries[1]"},
		{"no postcode", func(s *carrier.Service) { s.Postcodes = []string{"69", ""} }, "postcode_prefix_invalid", "postcodes[1]"},
		{"a postcode of signs", func(s *carrier.Service) { s.Postcodes = []string{"69%"} }, "postcode_prefix_invalid", "postcodes[0]"},
		{"a postcode without end", func(s *carrier.Service) { s.Postcodes = []string{"69003690036"} }, "postcode_prefix_invalid", "postcodes[0]"},
		{"more postcodes than a list should be", func(s *carrier.Service) { s.Postcodes = manyPostcodes(2001) }, "list_too_long", "postcodes"},
		{"a negative weight", func(s *carrier.Service) { s.Limits.MaxGrams = -1 }, "number_out_of_range", "limits.max_grams"},
		{"a negative count", func(s *carrier.Service) { s.Limits.MaxUnits = -1 }, "number_out_of_range", "limits.max_units"},
		{"a day of 1441 minutes", func(s *carrier.Service) { s.ByMinute = 1441 }, "number_out_of_range", "by_minute"},
		{"never collects", func(s *carrier.Service) { s.Collects = 0 }, "weekdays_missing", "collects"},
		{"an eighth day of the week", func(s *carrier.Service) { s.Delivers = 255 }, "weekdays_missing", "delivers"},
		{"the holidays of a country whose holidays we do not know", func(s *carrier.Service) { s.Region = "ES" }, "unknown_value", "region"},
		{"the holidays of a country in small letters", func(s *carrier.Service) { s.Region = "fr" }, "unknown_value", "region"},
		{"a class that is none", func(s *carrier.Service) { s.Standards[0].Class = "moon" }, "unknown_value", "standards[0].class"},
		{"a negative number of days", func(s *carrier.Service) { s.Standards[1].Days = -1 }, "number_out_of_range", "standards[1].days"},
		{"a standard for no country there is", func(s *carrier.Service) { s.Standards[2].Country = "XX" }, "unknown_country", "standards[2].country"},
		{"a standard that ends before it begins", func(s *carrier.Service) { s.Standards[1].Until = october5 - 1 }, "standard_out_of_order", "standards[1].until"},
		{"more standards than anybody means", func(s *carrier.Service) { s.Standards = slices.Repeat(s.Standards, 200) }, "too_many_standards", "standards"},
		{"over no connection", func(s *carrier.Service) { s.Connection = "con_none" }, "not_found", "connection"},
		{"a service that is not there", func(s *carrier.Service) { s.ID = "srv_none" }, "not_found", "service"},
	} {
		s := service(c.ID)
		row.spoil(&s)
		err := w.Try(m, func(tx *flow.Tx) error {
			_, err := carrier.SetService(tx, m, s)
			return err
		})
		refused(t, row.law, err, row.code, row.field)
	}
	w.See(func(tx *db.Tx) error {
		all, err := carrier.Services(tx, m)
		if len(all) != 0 {
			t.Errorf("%d services were written all the same", len(all))
		}
		return err
	})
}

func manyPostcodes(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("%05d", i))
	}
	return all
}

func refused(t *testing.T, law string, err error, code, field string) {
	t.Helper()
	faults := fault.All(err)
	if len(faults) != 1 || faults[0].Code != code || faults[0].Field != field {
		t.Errorf("%s: got %v, want %s at %s", law, err, code, field)
	}
}

// Two merchants never see one another's.
func TestConnectionsBelongToTheirMerchant(t *testing.T) {
	w := flowtest.New(t)
	mine, other := w.Merchant(), w.Merchant()
	c := connect(t, w, mine)
	w.See(func(tx *db.Tx) error {
		_, err := carrier.Get(tx, other, c.ID)
		refused(t, "another merchant's connection", err, "not_found", "connection")
		all, err := carrier.Connections(tx, other)
		if len(all) != 0 {
			t.Errorf("another merchant sees %v", all)
		}
		return err
	})
}
