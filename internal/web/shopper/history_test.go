package shopper

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// The facts that are not read are those that the page has no words for.
func TestWhatIsNotReadIsNotTold(t *testing.T) {
	body, err := fact.Decode(toldByScans, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if m, told := (&lived{}).told(flow.Fact{Body: body}); told {
		t.Errorf("the page tells of %s: %+v", toldByScans, m)
	}
}
