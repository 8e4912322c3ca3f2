package bench

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/bench/limit"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/label"
)

// labels is how many labels one sample draws.
const labels = 300

// Labels compares a label of 10 × 15 cm with the same lines and codes drawn at
// fixed places, the fonts parsed once on both sides.
func Labels() ([]Case, error) {
	l, err := limit.NewLabels()
	if err != nil {
		return nil, err
	}
	return []Case{{
		Name: "label", Case: "10 x 15 cm, PDF", Goal: Goal{"cpu", "<=", 1.3},
		Limit: func() (Sample, error) {
			return drawn(func(i int) ([]byte, error) { return l.Draw(labelLines(i), bars(i), link(i)) })
		},
		Product: func() (Sample, error) {
			return drawn(func(i int) ([]byte, error) {
				return label.PDF([]label.Sheet{labelSheet(i)}, label.Small, civil.Instant(i+1))
			})
		},
	}}, nil
}

func drawn(draw func(int) ([]byte, error)) (Sample, error) {
	m := start(false)
	for i := range labels {
		if pdf, err := draw(i); err != nil || len(pdf) < 10_000 {
			return Sample{}, fmt.Errorf("label %d has %d bytes: %w", i, len(pdf), err)
		}
	}
	return m.stop(labels), nil
}

func bars(i int) string { return fmt.Sprintf("6A%011d", i) }

func link(i int) string { return fmt.Sprintf("https://retours.example/r/%011d?k=7f3a9c2e", i) }

// The words of both sides are the same.
var (
	labelFrom = []string{"Camille Martin", "12 rue des Lilas", "69003 Lyon"}
	labelTo   = []string{"Entrepot retours", "ZI Nord, quai 4", "45770 Saran"}
)

func labelSheet(i int) label.Sheet {
	return label.Sheet{
		Network: "RELAIS", Title: "RETOUR", From: labelFrom, To: labelTo, Number: bars(i), Bars: bars(i), QR: link(i),
		Fields: []label.Field{{Name: "Poids", Value: "1,20 kg"}, {Name: "Colis", Value: "1/1"}},
		Insert: label.Insert{Brand: "Epicerie du Canal", Lines: []string{"Merci !"}},
	}
}

func labelLines(i int) []limit.Line {
	lines := []limit.Line{
		{X: 4, Y: 10, Size: 15, Bold: true, Text: "RELAIS"},
		{X: 62, Y: 10, Size: 11, Bold: true, Text: "RETOUR"},
		{X: 4, Y: 126, Size: 12, Bold: true, Text: bars(i)},
		{X: 4, Y: 88, Size: 8, Text: "Poids : 1,20 kg"},
		{X: 34, Y: 88, Size: 8, Text: "Colis : 1/1"},
		{X: 4, Y: 136, Size: 11, Bold: true, Text: "Epicerie du Canal"},
		{X: 4, Y: 141, Size: 7.5, Text: "Merci !"},
	}
	for k := range labelFrom {
		lines = append(lines,
			limit.Line{X: 4, Y: 20 + 4.6*float64(k), Size: 8.5, Text: labelFrom[k]},
			limit.Line{X: 6, Y: 57 + 6*float64(k), Size: 13, Bold: true, Text: labelTo[k]})
	}
	return lines
}
