package crew_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// before is the last version in which counters and rounds each had devices, people
// and shifts of their own.
const before = 76

// old opens an empty database as it was then, without promesse.
func old(t *testing.T, url string) *sql.DB {
	t.Helper()
	driver, address, dialect := "pgx", url, goose.DialectPostgres
	if path, is := strings.CutPrefix(url, "sqlite:"); is {
		driver, address, dialect = "sqlite", path, goose.DialectSQLite3
	}
	pool, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(dialect, pool, os.DirFS("../platform/db/migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	return pool
}

// Both rooms' rows go through: whoever was on shift still is, on the same device and
// with the same PIN, a link that was sent opens, and who was locked or shown out stays so.
func TestDevicesPeopleAndShiftsOfAnOldDatabaseGoThrough(t *testing.T) {
	const m = ident.Merchant("mer_1")
	url, roster := dbtest.Empty(t), crew.NewRoster(key(t))
	hash := func(salt, id string) string { return ident.Hash(string(key(t).Link(salt, id+"/"+pin))) }
	pool := old(t, url)
	for _, row := range []struct {
		text   string
		values []any
	}{
		{`insert into counter_device (merchant, id, point, name, link, link_until, token, made, enrolled) values
			('mer_1', 'dev_1', 'pnt_1', 'La caisse', '', 5, $1, 1, 2)`, []any{ident.Hash("dvc_1")}},
		{`insert into counter_device (merchant, id, point, name, link, link_until, token, made) values
			('mer_1', 'dev_2', 'pnt_2', 'La tablette', $1, 4000000000000000, '', 3)`, []any{ident.Hash("link")}},
		{`insert into counter_clerk (merchant, id, point, name, pin, tries, since) values
			('mer_1', 'clk_1', 'pnt_1', 'Nadia', $1, 2, 1), ('mer_1', 'clk_2', 'pnt_1', 'Karim', 'x', 5, 1)`, []any{hash("counter-pin", "clk_1")}},
		{`insert into counter_shift (merchant, id, token, device, clerk, point, began, until) values
			('mer_1', 'shf_1', $1, 'dev_1', 'clk_1', 'pnt_1', 1, 4000000000000000)`, []any{ident.Hash("sft_1")}},
		{`insert into lastmile_device (merchant, id, name, link, link_until, token, made, enrolled) values
			('mer_1', 'dev_3', 'Le vélo', '', 5, $1, 1, 2)`, []any{ident.Hash("rdv_1")}},
		{`insert into lastmile_device (merchant, id, name, link, link_until, token, made, enrolled, revoked) values
			('mer_1', 'dev_4', 'Perdu', '', 5, '', 1, 2, 3)`, nil},
		{`insert into lastmile_courier (merchant, id, name, pin, tries, since, until) values
			('mer_1', 'cou_1', 'Samir', $1, 0, 1, null), ('mer_1', 'cou_2', 'Louise', 'x', 0, 1, 9)`, []any{hash("round-pin", "cou_1")}},
		{`insert into lastmile_shift (merchant, id, token, device, courier, began, until, ended) values
			('mer_1', 'shf_2', $1, 'dev_3', 'cou_1', 1, 4000000000000000, 7)`, []any{ident.Hash("rsf_1")}},
	} {
		if _, err := pool.ExecContext(t.Context(), row.text, row.values...); err != nil {
			t.Fatalf("%s: %v", row.text, err)
		}
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}

	d, err := db.Open(t.Context(), url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	now := civil.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	f, err := flow.New(d, flow.NewClock(now, 1, func() civil.Instant { return now }), nil)
	if err != nil {
		t.Fatal(err)
	}
	till := crew.Device{ID: "dev_1", Post: crew.Counter(m, "pnt_1"), Name: "La caisse", Made: 1, Enrolled: 2}
	bike := crew.Device{ID: "dev_3", Post: crew.Rounds(m), Name: "Le vélo", Made: 1, Enrolled: 2}
	see(t, f, func(tx *db.Tx) {
		same(t, till)(crew.DeviceOf(tx, crew.Clerk, "dvc_1"))
		same(t, bike)(crew.DeviceOf(tx, crew.Courier, "rdv_1"))
		same(t, crew.Device{ID: "dev_2", Post: crew.Counter(m, "pnt_2"), Name: "La tablette", Made: 3})(crew.Invited(tx, crew.Clerk, "link"))
		s, err := crew.ShiftOf(tx, till, "sft_1")
		if err != nil || s.ID != "shf_1" || s.Member != "clk_1" || s.Name != "Nadia" || s.Post != till.Post {
			t.Errorf("the clerk's shift: %+v, %v", s, err)
		}
		if s, err = crew.ShiftWas(tx, bike, "shf_2"); err != nil || s.Member != "cou_1" || s.Ended != 7 || s.Post != bike.Post {
			t.Errorf("the courier's shift: %+v, %v", s, err)
		}
		vans, err := crew.Devices(tx, m, crew.Courier)
		if err != nil || len(vans) != 2 || vans[1].Revoked != 3 {
			t.Errorf("the devices of rounds: %+v, %v", vans, err)
		}
		if c, err := crew.MemberOf(tx, m, "cou_2"); err != nil || !c.Gone() {
			t.Errorf("who was shown out: %+v, %v", c, err)
		}
	})
	for _, on := range []struct {
		device crew.Device
		who    ident.Member
		enters bool
	}{{till, "clk_1", true}, {till, "clk_2", false}, {bike, "cou_1", true}} {
		token := ""
		err := f.One(t.Context(), "test", m, func(tx *flow.Tx) (err error) {
			token, _, err = roster.SignIn(tx, on.device, on.who, pin)
			return err
		})
		if err != nil || (token != "") != on.enters {
			t.Errorf("%s signs in: %q, %v", on.who, token, err)
		}
	}
}

func see(t *testing.T, f *flow.Flow, look func(*db.Tx)) {
	t.Helper()
	if err := f.Read(context.Background(), func(tx *db.Tx) error { look(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// same wants a device to be as it was.
func same(t *testing.T, want crew.Device) func(crew.Device, error) {
	return func(got crew.Device, err error) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%v %s", err, d)
		}
	}
}
