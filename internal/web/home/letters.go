package home

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// lettersPath is where the letters are that open something.
const lettersPath = "/monde/courrier"

// Secret is a letter that opens something to whoever reads it, as it came to
// somebody of the demo. The shop erases its words once it was sent.
type Secret struct{ To, Subject, Text string }

// lettersPage is those letters before they are HTML.
type lettersPage struct {
	ui.Frame
	Letters []Secret
}

// letters shows whoever sits at this machine the codes and links that were
// e-mailed to people who do not exist, so that the demo can be tried to its end.
func (c Config) letters(r *http.Request) (ui.Answer, error) {
	if c.World() == nil || !visitor.Local(r) {
		return ui.Answer{}, fault.New(fault.Forbidden, "world_is_local", "")
	}
	loc := ui.Reader(r)
	p := lettersPage{
		Frame:   ui.Frame{Locale: loc, Title: lang.T(loc, "mailbox.title", nil), Private: true, Look: look},
		Letters: c.Secrets(),
	}
	return ui.Answer{Page: lettersView(p)}, nil
}
