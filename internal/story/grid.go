package story

import "strings"

// grid is a week of slots, the same every day.
func grid(t terms) object {
	var windows []object
	for _, hours := range t.slots {
		from, until, _ := strings.Cut(hours, "-")
		for _, d := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
			windows = append(windows, object{"weekday": d, "from": from, "until": until, "capacity": t.capacity})
		}
	}
	return object{"windows": windows}
}
