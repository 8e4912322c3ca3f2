// Package bench measures the product against what the machine it runs on can do
// at best. A limit is the same outcome written by hand: the same date from bare
// tables, the same rows by bare SQL in one transaction. Limit and product
// alternate within one run, at least five pairs, and the ratio of a pair is what
// counts: on a shared machine nothing else means anything.
//
// The limits import no room. The package stores nothing but throw-away
// databases, and asserts nothing: it prints, and says whether a goal was met.
package bench

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"
)

// Pairs is how often limit and product alternate.
const Pairs = 5

// Sample is one side of one pair.
type Sample struct {
	Ops     int
	Wall    time.Duration
	CPU     time.Duration   // of this process and, for PostgreSQL, of the server's
	Latency []time.Duration // of single operations, where they were timed
}

// Rate is what a side did, in units people compare.
type Rate struct {
	PerSecond float64  `json:"per_second"`
	CPUMicros float64  `json:"cpu_us"`
	P50Millis *float64 `json:"p50_ms,omitempty"`
	P99Millis *float64 `json:"p99_ms,omitempty"`
}

// Goal is what the issue of the moment asks for.
type Goal struct {
	Metric string  `json:"metric"` // cpu, wall, ms, mb, share
	Op     string  `json:"op"`     // <= or >=
	Value  float64 `json:"value"`
}

// Met reports whether a figure reaches the goal.
func (g Goal) Met(v float64) bool {
	if g.Op == ">=" {
		return v >= g.Value
	}
	return v <= g.Value
}

// Line is one case's result, one JSON object a line.
type Line struct {
	Name      string   `json:"name"`
	Case      string   `json:"case"`
	Pairs     int      `json:"pairs"` // or runs, when nothing is beside the product
	RatioCPU  *float64 `json:"ratio_cpu"`
	RatioWall *float64 `json:"ratio_wall"`
	Limit     *Rate    `json:"limit"`
	Product   any      `json:"product"`
	Goal      Goal     `json:"goal"`
	OK        bool     `json:"ok"`
}

// Case is one comparison. Each side does its work once and says how much that was.
type Case struct {
	Name, Case string
	Goal       Goal
	Limit      func() (Sample, error)
	Product    func() (Sample, error)
}

// Run alternates the sides of a case.
func (c Case) Run() (Line, error) {
	line := Line{Name: c.Name, Case: c.Case, Pairs: Pairs, Goal: c.Goal}
	var limits, products []Sample
	for pair := range Pairs + 1 {
		l, err := c.Limit()
		if err != nil {
			return line, err
		}
		p, err := c.Product()
		if err != nil {
			return line, err
		}
		if pair == 0 {
			continue // warm-up
		}
		limits, products = append(limits, l), append(products, p)
	}
	cpu := median(ratios(products, limits, func(s Sample) time.Duration { return s.CPU }))
	wall := median(ratios(products, limits, func(s Sample) time.Duration { return s.Wall }))
	limit, product := rate(limits), rate(products)
	line.RatioCPU, line.RatioWall, line.Limit, line.Product = &cpu, &wall, &limit, product
	line.OK = c.Goal.Met(map[string]float64{"cpu": cpu, "wall": wall}[c.Goal.Metric])
	return line, nil
}

func ratios(products, limits []Sample, cost func(Sample) time.Duration) []float64 {
	out := make([]float64, len(products))
	for i := range out {
		out[i] = each(products[i], cost) / max(each(limits[i], cost), 1e-9)
	}
	return out
}

func each(s Sample, cost func(Sample) time.Duration) float64 {
	return float64(cost(s)) / float64(max(s.Ops, 1))
}

func rate(ss []Sample) Rate {
	r := Rate{
		PerSecond: median(of(ss, func(s Sample) float64 { return float64(s.Ops) / s.Wall.Seconds() })),
		CPUMicros: median(of(ss, func(s Sample) float64 { return each(s, func(s Sample) time.Duration { return s.CPU }) / 1e3 })),
	}
	var all []time.Duration
	for _, s := range ss {
		all = append(all, s.Latency...)
	}
	if len(all) > 0 {
		slices.Sort(all)
		r.P50Millis, r.P99Millis = millis(all[len(all)/2]), millis(all[len(all)*99/100])
	}
	return r
}

func of(ss []Sample, f func(Sample) float64) []float64 {
	out := make([]float64, len(ss))
	for i, s := range ss {
		out[i] = f(s)
	}
	return out
}

func median[T cmp.Ordered](vs []T) (m T) {
	if len(vs) == 0 {
		return m
	}
	vs = slices.Sorted(slices.Values(vs))
	return vs[len(vs)/2]
}

func millis(d time.Duration) *float64 {
	ms := float64(d) / float64(time.Millisecond)
	return &ms
}

// Print writes a line.
func Print(w io.Writer, l Line) error { return json.NewEncoder(w).Encode(l) }
