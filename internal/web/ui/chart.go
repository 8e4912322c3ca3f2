package ui

import (
	"fmt"
	"strconv"
)

// Bars is a chart of shares, as an image with a name; the table beside it holds
// the same figures. A second value of a bar is a mark across it.
type Bars struct {
	Label string // what it shows, for who does not see it
	Bars  []Bar
}

// Bar is one share.
type Bar struct {
	Label string  // under the bar
	Share float64 // 0 to 1
	Words string  // over the bar
	Mark  float64 // 0: none
	None  bool    // there is nothing to show
	Tone  Tone
}

// The measures of a chart, in units of its view box.
const (
	barWide  = 44
	barGap   = 12
	barHigh  = 100
	barAbove = 18
	barBelow = 22
)

func (b Bars) width() int { return max(1, len(b.Bars))*(barWide+barGap) + barGap }

func (b Bars) viewBox() string {
	return fmt.Sprintf("0 0 %d %d", b.width(), barAbove+barHigh+barBelow)
}

// span limits the picture's width, so that few bars are not huge.
func (b Bars) span() string { return strconv.Itoa(min(b.width()*2, 1200)) }

func (b Bars) left(i int) int { return barGap + i*(barWide+barGap) }

func (b Bars) middle(i int) string { return strconv.Itoa(b.left(i) + barWide/2) }

func (b Bars) x(i int) string { return strconv.Itoa(b.left(i)) }

// top is where a share ends, measured from above.
func top(share float64) string {
	return strconv.FormatFloat(barAbove+barHigh*(1-min(max(share, 0), 1)), 'f', 1, 64)
}

// over is where the words above a share stand.
func over(share float64) string {
	return strconv.FormatFloat(barAbove+barHigh*(1-min(max(share, 0), 1))-5, 'f', 1, 64)
}

func high(share float64) string {
	return strconv.FormatFloat(barHigh*min(max(share, 0), 1), 'f', 1, 64)
}

func (b Bars) right(i int) string { return strconv.Itoa(b.left(i) + barWide + 3) }

func (b Bars) before(i int) string { return strconv.Itoa(b.left(i) - 3) }

// foot is where labels stand.
func foot() string { return strconv.Itoa(barAbove + barHigh + 15) }

func wide() string { return strconv.Itoa(barWide) }

func ground() string { return strconv.Itoa(barAbove + barHigh) }

func (b Bars) end() string { return strconv.Itoa(b.width()) }
