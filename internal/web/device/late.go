package device

import (
	"log/slog"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Answer is what came of something done without network. A device forgets what is done.
type Answer struct {
	Client string  `json:"client"` // the device's own name for it
	Done   bool    `json:"done"`
	Tone   ui.Tone `json:"tone"`
	Words  string  `json:"words"`
}

// Untaken is the answer for what could not be taken: it is done when trying again
// would come to the same.
func Untaken(loc lang.Locale, log *slog.Logger, client string, err error) Answer {
	switch fault.KindOf(err) {
	case fault.Internal, fault.Unavailable:
		log.Warn("what was done without network could not be taken", "err", err)
		return Answer{Client: client, Tone: ui.Care, Words: lang.T(loc, "device.later", nil)}
	case fault.TooMany:
		return Answer{Client: client, Tone: ui.Care, Words: lang.Fault(loc, fault.All(err)[0])}
	}
	return Answer{Client: client, Done: true, Tone: ui.Bad, Words: lang.Fault(loc, fault.All(err)[0])}
}
