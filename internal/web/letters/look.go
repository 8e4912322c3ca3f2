package letters

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// dark is the sheet for those whose mail program is dark and says so; it must
// outrank the styles on the elements. Others turn colours round by themselves,
// which these bear: no text of ours is part of a picture.
func (p page) dark() string {
	return fmt.Sprintf("<style>@media (prefers-color-scheme:dark){"+
		".paper{background-color:#14171b!important;color:#ecebe7!important}"+
		".card{background-color:#1d2127!important;color:#ecebe7!important}"+
		".soft{color:#a9b0b8!important}"+
		".line{border-color:#363c44!important}"+
		".accent{background-color:%[1]s!important;color:#1d2127!important}"+
		".ink{color:%[1]s!important}"+
		"}</style>", p.Brand.Dark)
}

func (p page) ask() string { return lang.T(p.Locale, "letter.ask", nil) }
