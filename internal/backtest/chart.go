package backtest

import (
	"fmt"
	"math"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// The plane that charts are drawn on, in the units of their viewBox: as wide as a
// phone, so that its figures are as large as text there.
const (
	planeWidth  = 360
	planeLeft   = 44 // room for what is written at the side
	planeTop    = 10
	planeHeight = 150
	planeBottom = planeTop + planeHeight
	barStep     = 44
	barRoom     = 250
)

// chart is a drawing and its table, which says the same.
type chart struct {
	Table  table
	Note   string
	Lines  []series
	Levels []mark // at the side
	Ticks  []mark // below
	Bars   []bar
}

// series is one line of a chart and one column of its table. Without a class it
// is not drawn; without a way of writing it is not in the table.
type series struct {
	Name, Class string
	Path        string // of an SVG path
	of          func(Month) (v float64, ok bool)
	write       func(float64) string
}

// mark is a word at a place of the scale.
type mark struct {
	At    float64
	Label string
}

type bar struct {
	Name, Class, Label string
	Y                  int
	Width              float64
}

// scale is how values are placed: between two levels that are multiples of a step.
type scale struct {
	steps    []float64 // to choose from, rising
	fromZero bool
	top      float64 // 0: the step above the largest value
	step     float64
	bottom   float64
	write    func(float64) string
}

// monthly draws lines over months.
func monthly(loc lang.Locale, months []Month, caption string, s scale, all []series) chart {
	c := chart{Table: table{Caption: caption, Head: []string{lang.T(loc, "backtest.month", nil)}}}
	for _, one := range all {
		if one.write != nil {
			c.Table.Head = append(c.Table.Head, one.Name)
		}
		if one.Class != "" {
			c.Lines = append(c.Lines, one)
		}
	}
	for _, m := range months {
		c.Table.Rows = append(c.Table.Rows, rowOf(m, all))
	}
	s.fit(months, c.Lines)
	c.Levels = s.levels()
	c.Ticks = ticks(months)
	c.Lines = s.trace(months, c.Lines)
	return c
}

func rowOf(m Month, all []series) []string {
	row := []string{monthName(m.Month)}
	for _, one := range all {
		if one.write == nil {
			continue
		}
		cell := "–"
		if v, ok := one.of(m); ok {
			cell = one.write(v)
		}
		row = append(row, cell)
	}
	return row
}

// monthName turns 2026-11 into 11/2026.
func monthName(month string) string {
	year, number, _ := strings.Cut(month, "-")
	return number + "/" + year
}

// mostLevels is how many levels are written at the side at most.
const mostLevels = 6

// fit takes the first step at which few enough levels hold every value.
func (s *scale) fit(months []Month, lines []series) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		for _, m := range months {
			if v, ok := l.of(m); ok {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if s.fromZero {
		low = min(low, 0)
	}
	fixed := s.top
	for _, s.step = range s.steps {
		if s.top = fixed; s.top == 0 {
			s.top = math.Ceil(high/s.step) * s.step
		}
		s.bottom = min(math.Floor(low/s.step)*s.step, s.top-s.step)
		if (s.top-s.bottom)/s.step < mostLevels {
			return
		}
	}
}

func (s *scale) y(v float64) float64 {
	return planeBottom - (v-s.bottom)/(s.top-s.bottom)*planeHeight
}

func (s *scale) levels() (levels []mark) {
	for n := 0; s.bottom+float64(n)*s.step <= s.top+s.step/2; n++ {
		v := s.bottom + float64(n)*s.step
		levels = append(levels, mark{At: s.y(v), Label: s.write(v)})
	}
	return levels
}

// x is the place of the i-th of n months.
func x(i, n int) float64 {
	if n == 1 {
		return planeLeft + (planeWidth-planeLeft)/2
	}
	const margin = 12
	return planeLeft + margin + float64(i)/float64(n-1)*(planeWidth-planeLeft-2*margin)
}

// ticks names a few months, evenly spread.
func ticks(months []Month) (marks []mark) {
	every := (len(months) + 4) / 5
	for i := 0; i < len(months); i += every {
		marks = append(marks, mark{At: x(i, len(months)), Label: monthName(months[i].Month)})
	}
	return marks
}

// trace makes the paths. A month without a value leaves a gap; a value alone
// between two gaps is a line of no length, which round caps show as a dot.
func (s *scale) trace(months []Month, lines []series) []series {
	for i := range lines {
		var path strings.Builder
		pen := "M"
		for j, m := range months {
			v, ok := lines[i].of(m)
			if !ok {
				pen = "M"
				continue
			}
			fmt.Fprintf(&path, "%s%.1f %.1f", pen, x(j, len(months)), s.y(v))
			if pen == "M" {
				path.WriteString("h0")
			}
			pen = "L"
		}
		lines[i].Path = path.String()
	}
	return lines
}
