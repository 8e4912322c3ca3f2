// Package speed is how fast pages show, as the browsers of real visitors measured
// it: one time a visit, counted into steps per shop, page, width of screen and
// day, and forgotten. Who visited, from where and which order is never told to
// this package, so it can neither store nor lose it.
//
// It stores the counts, for ninety days. Between two saves they wait in memory
// (Tally): a process that dies takes those of the last minute with it, which is
// less harm than a write for each page that is looked at.
//
// It emits no fact and hears none: a visit changes nothing that a reader of
// timelines should see. It stands beside shopper, above merchant, because it
// needs to know that a shop exists and nothing else. What the counts say is
// computed in insight.
package speed

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Page is a kind of page that tells how fast it was.
type Page string

// The pages of a shop that do.
const (
	Order    Page = "order"    // the order's page, behind its link
	Proof    Page = "proof"    // the promises kept, for everybody
	Shelves  Page = "shelves"  // of the storefront, as the pages below
	Article  Page = "article"  //
	Basket   Page = "basket"   //
	Delivery Page = "delivery" //
	Details  Page = "details"  //
	Review   Page = "review"   //
	Thanks   Page = "thanks"   //
)

// Pages are all of them, in the order in which a shopper meets them.
func Pages() []Page {
	return []Page{Shelves, Article, Basket, Delivery, Details, Review, Thanks, Order, Proof}
}

// Width is how wide the window is, in three classes: enough to tell telephones
// apart, too little to tell anybody apart.
type Width string

// The widths: below 600 CSS pixels, below 1024, and above.
const (
	Narrow Width = "narrow"
	Medium Width = "medium"
	Wide   Width = "wide"
)

// Slowest is the longest time that is believed: a page that took longer was left
// open in the background, or is somebody's joke.
const Slowest = time.Minute

// Visit is one page shown: from the click to the largest part of it painted.
type Visit struct {
	Merchant ident.Merchant
	Page     Page
	Width    Width
	Took     time.Duration // more than 0, at most Slowest
}

// told reports whether a page of ours can have told the visit.
func (v Visit) told() bool {
	width := v.Width == Narrow || v.Width == Medium || v.Width == Wide
	return width && slices.Contains(Pages(), v.Page) && v.Took > 0 && v.Took <= Slowest
}

// Good is the time within which a page shows quickly. Source: web.dev, Largest
// Contentful Paint: good is 2.5 s at the 75th percentile of visits.
const Good = 2500 * time.Millisecond

// steps are the times that visits are counted by, each the longest of its step;
// Good is one of them. They are finer where it matters whether a page got slower.
var steps = []time.Duration{
	50 * time.Millisecond, 75 * time.Millisecond, 100 * time.Millisecond, 125 * time.Millisecond, 150 * time.Millisecond,
	200 * time.Millisecond, 250 * time.Millisecond, 300 * time.Millisecond, 400 * time.Millisecond, 500 * time.Millisecond,
	600 * time.Millisecond, 700 * time.Millisecond, 800 * time.Millisecond, 900 * time.Millisecond, time.Second,
	1200 * time.Millisecond, 1400 * time.Millisecond, 1600 * time.Millisecond, 1800 * time.Millisecond, 2 * time.Second,
	2250 * time.Millisecond, Good, 2750 * time.Millisecond, 3 * time.Second, 3500 * time.Millisecond, 4 * time.Second,
	5 * time.Second, 6 * time.Second, 8 * time.Second, 10 * time.Second, 15 * time.Second, 20 * time.Second, 30 * time.Second, Slowest,
}

// step is the index of the step of a time: the shortest that holds it.
func step(took time.Duration) int {
	i, _ := slices.BinarySearch(steps, took)
	return i
}

// Below is where the step that ends within a time begins: the one before it.
func Below(within time.Duration) time.Duration {
	if i := step(within); i > 0 {
		return steps[i-1]
	}
	return 0
}

// kept is how long counts are stored.
const kept = 90 * 24 * time.Hour

// Today is the day that a visit is counted on. It is the machine's: whoever waits for
// a page waits by no other clock, also where the world's runs faster. It is one for
// all zones, because a day's counts are only read with those of the days around it.
func Today(wall civil.Instant) civil.Day { return wall.Day(time.UTC) }
