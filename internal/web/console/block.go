package console

import (
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// block is one thing that a page tells of: what it is, how it stands, what is
// known of it, and what may be done about it.
type block struct {
	ID, Title, Path string // Path is where the title leads; empty: nowhere
	Tone            ui.Tone
	Badge           string
	Says            []string // sentences
	Facts           []pair
	Notes           []string // small print
	Quote           string   // somebody's own words
	Photos          []picture
	Links           []pair // words and where they lead
	Deeds           []deed
}

// picture is a photo of ours.
type picture struct{ Path, Alt string }

// deed is a form that does one thing.
type deed struct {
	Path, Button string
	Style        string // of the button: "second", "danger"; empty: the first one
	Name, Value  string // of the button, where a form has several
	Fold         string // words of the fold that the form lies in; empty: it stands open
	Open         bool   // the fold is
	How          string
	Keep         []pair  // fields that are not shown
	Lead         []input // before the groups
	Groups       []group
	Fields       []input
	Files        bool
	Other        string // words of a second button: what it does is in OtherName
	OtherName    string
}

// group is fields that belong together, under a heading.
type group struct {
	Title, Text string
	Fields      []input
}
