package mondialrelay

import (
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// A parcel is insured by level, and what a level covers stands in the merchant's
// contract: "1=50,2=125" says that level 1 covers 50 euros and level 2 covers 125.
const (
	insurance     = "insurance"
	insuranceForm = `[1-5]=[0-9]{1,5}(,[1-5]=[0-9]{1,5})*`
)

// optionInsured is the level's name among the options of API v2. The project's
// notes name the list of options and not its keys: that it is this one is an
// assumption.
const optionInsured = "ASS"

// level is the least one that covers an amount, and most is what the highest
// covers; level is empty where none is needed, or none is enough.
func level(a carrier.Account, wanted money.Amount) (level string, most money.Amount) {
	most = money.Of(0, money.EUR)
	least := int64(0)
	for entry := range strings.SplitSeq(a.Field(insurance), ",") {
		name, euros, _ := strings.Cut(entry, "=")
		covered, err := strconv.ParseInt(euros, 10, 64)
		if err != nil {
			continue // the account holds nothing of it
		}
		covered *= 100
		most.Minor = max(most.Minor, covered)
		if wanted.Minor > 0 && covered >= wanted.Minor && (level == "" || covered < least) {
			level, least = name, covered
		}
	}
	return level, most
}
