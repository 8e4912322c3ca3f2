package civil

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // so that every machine knows every zone

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// zones keeps the zones met so far; only names of the tz database get in, so
// it stays small.
var zones sync.Map // string → *time.Location

// Zone is the time zone of an IANA name such as "Europe/Paris". The fault
// unknown_zone refuses what is no such name, and the names that mean another
// zone on another machine: "", "Local", "localtime", "right/…".
func Zone(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	if !zoneName(name) {
		return nil, fault.New(fault.Invalid, "unknown_zone", "zone", "name", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fault.New(fault.Invalid, "unknown_zone", "zone", "name", name).Because(err)
	}
	zones.Store(name, loc)
	return loc, nil
}

// zoneName accepts "UTC" and Area/Place, each segment a capital and then
// letters, digits, "_", "+" or "-". That also keeps paths out of the file system.
func zoneName(name string) bool {
	if name == "UTC" {
		return true
	}
	segments := 0
	for segment := range strings.SplitSeq(name, "/") {
		segments++
		if !zoneSegment(segment) {
			return false
		}
	}
	return segments > 1
}

func zoneSegment(s string) bool {
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_+-", r))
	}) < 0
}
