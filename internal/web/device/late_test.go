package device_test

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func TestADeviceForgetsWhatWouldNeverBeTaken(t *testing.T) {
	for _, row := range []struct {
		law  string
		err  error
		done bool
		tone ui.Tone
	}{
		{"the machine's trouble passes", errors.New("disk full"), false, ui.Care},
		{"a carrier that does not answer may answer later", fault.New(fault.Unavailable, "unavailable", ""), false, ui.Care},
		{"too often is later not too often", fault.New(fault.TooMany, "scans_exhausted", "code", "wait", "1"), false, ui.Care},
		{"a word that is missing stays missing", fault.New(fault.Invalid, "field_required", "code"), true, ui.Bad},
		{"a shift that nobody has", fault.New(fault.NotFound, "not_found", "shift"), true, ui.Bad},
	} {
		a := device.Untaken(lang.French, slog.New(slog.DiscardHandler), "c1", row.err)
		if a.Done != row.done || a.Tone != row.tone || a.Client != "c1" || a.Words == "" {
			t.Errorf("%s: %+v", row.law, a)
		}
	}
}
