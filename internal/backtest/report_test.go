package backtest

import (
	"errors"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// told is a result of two months, the shop silent in the second.
func told() Result {
	return score(12, []*trip{
		aTrip("2026-03-02", 3, 3, 4), aTrip("2026-03-03", 5, 4, 5), aTrip("2026-03-04", 9, 4, 8), aTrip("2026-04-01", 6, 0, 7),
	}, .95)
}

func TestTheTable(t *testing.T) {
	rejects := make([]Reject, 7)
	for i := range rejects {
		rejects[i] = Reject{Line: i + 2, Order: "A-" + string(rune('0'+i)), Fault: fault.New(fault.Invalid, "field_required", purchasedAt)}
	}
	for loc, want := range map[lang.Locale][]string{
		lang.English: {"33.3%", "75%", "≥ 95%", "3.7", "6"},
		lang.French:  {"33,3\u00a0%", "75\u00a0%", "≥ 95\u00a0%", "3,7", "6"},
	} {
		var b strings.Builder
		if err := Text(&b, told(), rejects, loc); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s: %q is not in\n%s", loc, w, b.String())
			}
		}
		if got := strings.Count(b.String(), lang.Fault(loc, rejects[0].Fault)); got > shownRejects {
			t.Errorf("%s: %d rejects are told", loc, got)
		}
	}
}

func TestTheColumnsOfTheTableAreAligned(t *testing.T) {
	var b strings.Builder
	table{Head: []string{"", "é", "long"}, Rows: [][]string{{"a", "1 000", "2"}, {"bcd", "3", ""}}}.text(&b)
	if want := "          é   long\na     1 000      2\nbcd       3\n"; b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

func TestNothingToTell(t *testing.T) {
	for _, write := range []func(io.Writer) error{
		func(w io.Writer) error { return Text(w, score(3, nil, .95), nil, lang.French) },
		func(w io.Writer) error { return HTML(w, score(3, nil, .95), Report{Locale: lang.French}) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil || !strings.Contains(html.UnescapeString(b.String()), lang.T(lang.French, "backtest.nothing_scored", nil)) || strings.Contains(b.String(), "%</td>") {
			t.Errorf("%v\n%s", err, b.String())
		}
	}
}

func written(t *testing.T, r Result, o Report) string {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// count counts the elements of a page by name.
func count(t *testing.T, page string) map[string]int {
	t.Helper()
	n := map[string]int{}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for e := range root.Descendants() {
		if e.Type == html.ElementNode {
			n[e.Data]++
		}
	}
	return n
}

func TestThePageStandsAlone(t *testing.T) {
	page := written(t, told(), Report{Locale: lang.French, File: `<img src=x>.csv`})
	n := count(t, page)
	if n["script"]+n["link"]+n["img"]+n["iframe"] != 0 || regexp.MustCompile(`(?i)https?://|@import|url\(`).MatchString(page) {
		t.Error("the page fetches something, or lets a file name in")
	}
	if !strings.Contains(page, `<html lang="fr">`) || n["h1"] != 1 || n["main"] != 1 {
		t.Error("the page has no language, no heading or no main part")
	}
	if page != written(t, told(), Report{Locale: lang.French, File: `<img src=x>.csv`}) {
		t.Error("the same result makes another page")
	}
}

func TestEveryChartHasItsTable(t *testing.T) {
	page := written(t, told(), Report{Locale: lang.English})
	if charts := strings.Count(page, `role="img"`); charts != 3 || count(t, page)["table"] != charts+1 {
		t.Errorf("%d charts, %d tables", charts, count(t, page)["table"])
	}
	silent := told()
	silent.Shop, silent.Breaches = nil, nil
	if page := written(t, silent, Report{Locale: lang.English}); strings.Count(page, `role="img"`) != 2 {
		t.Error("a shop that promised nothing has broken nothing")
	}
}

func TestWhatBrokenPromisesWouldHaveCost(t *testing.T) {
	for _, c := range []struct {
		law  string
		fee  money.Amount
		want []string
	}{
		{"two by the shop and one by us, 5.90 € each when no fee is said", money.Amount{}, []string{"€11.80", "€5.90"}},
		{"at 3 € each", money.Of(300, money.EUR), []string{"€6.00", "€3.00"}},
		{"at 1,000 yen each", money.Of(1000, "JPY"), []string{"JP¥2,000", "JP¥1,000"}},
	} {
		page := written(t, told(), Report{Locale: lang.English, Fee: c.fee})
		for _, w := range c.want {
			if !strings.Contains(page, "<td>"+w+"</td>") {
				t.Errorf("%s: %s is not in the table", c.law, w)
			}
		}
	}
	if err := HTML(io.Discard, told(), Report{Locale: lang.English, Fee: money.Of(math.MaxInt64, money.EUR)}); !fault.Is(err, "amount_overflow") {
		t.Errorf("a fee beyond counting: got %v", err)
	}
}

func TestThePageThatCanNotBeWritten(t *testing.T) {
	if err := HTML(brokenPipe{}, told(), Report{Locale: lang.English}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestScales(t *testing.T) {
	months := func(values ...float64) (m []Month) {
		for _, v := range values {
			m = append(m, Month{Month: "2026-01", MeanDays: v})
		}
		return m
	}
	line := []series{{of: func(m Month) (float64, bool) { return m.MeanDays, m.MeanDays >= 0 }}}
	for _, c := range []struct {
		law         string
		months      []Month
		scale       scale
		bottom, top float64
	}{
		{"shares near the top", months(.93, .97), scale{steps: []float64{.05, .1, .2}, top: 1}, .9, 1},
		{"everything kept", months(1, 1), scale{steps: []float64{.05, .1, .2}, top: 1}, .95, 1},
		{"a terrible month", months(.1, .9), scale{steps: []float64{.05, .1, .2}, top: 1}, 0, 1},
		{"a few days", months(2, 3.4), scale{steps: []float64{1, 2, 5, 10}, fromZero: true}, 0, 4},
		{"many days", months(12, 41), scale{steps: []float64{1, 2, 5, 10}, fromZero: true}, 0, 50},
		{"no days at all", months(0), scale{steps: []float64{1, 2}, fromZero: true}, -1, 0},
	} {
		c.scale.fit(c.months, line)
		if math.Abs(c.scale.bottom-c.bottom) > 1e-9 || math.Abs(c.scale.top-c.top) > 1e-9 {
			t.Errorf("%s: from %v to %v, want %v to %v", c.law, c.scale.bottom, c.scale.top, c.bottom, c.top)
		}
	}
}

func TestAMonthWithoutValueLeavesAGap(t *testing.T) {
	months := make([]Month, 4)
	for i := range months {
		months[i] = Month{Month: monthOf(on("2026-01-15") + civil.Day(30*i)), MeanDays: float64(i)}
	}
	months[2].MeanDays = -1
	s := scale{steps: []float64{1, 2}, fromZero: true}
	lines := []series{{of: func(m Month) (float64, bool) { return m.MeanDays, m.MeanDays >= 0 }}}
	s.fit(months, lines)
	path := s.trace(months, lines)[0].Path
	if strings.Count(path, "M") != 2 || strings.Count(path, "L") != 1 {
		t.Errorf("got %s", path)
	}
}
