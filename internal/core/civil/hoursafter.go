package civil

import "time"

// After is when a place has been open so long since an instant: the end of so
// many opening hours. False when that is more than a year away.
func (h Hours) After(at Instant, open time.Duration, zone *time.Location) (Instant, bool) {
	end := at.Add(farthest * 24 * time.Hour)
	for at < end {
		w, ok := h.Next(at, zone)
		if !ok {
			return 0, false
		}
		from := max(w.From, at)
		if left := w.Until.Sub(from); left < open {
			open -= left
			at = w.Until
			continue
		}
		return from.Add(open), true
	}
	return 0, false
}
