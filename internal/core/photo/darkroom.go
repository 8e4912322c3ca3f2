package photo

import "context"

// Darkroom is where photos are made clean, a few at a time: each takes up to
// MaxMemory. It is safe for concurrent use.
type Darkroom struct{ tanks chan struct{} }

// atOnce is how many photos a darkroom cleans at a time.
const atOnce = 2

// NewDarkroom opens one.
func NewDarkroom() Darkroom { return Darkroom{make(chan struct{}, atOnce)} }

// Clean is Clean once there is room. The error is the context's when that ends
// before, else as Clean's.
func (d Darkroom) Clean(ctx context.Context, file []byte) (Photo, error) {
	select {
	case d.tanks <- struct{}{}:
		defer func() { <-d.tanks }()
		return Clean(file)
	case <-ctx.Done():
		return Photo{}, ctx.Err()
	}
}
