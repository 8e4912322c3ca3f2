package returns

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// NoticeOf is what consumers are told of their right to withdraw from now on;
// false when nothing is.
func NoticeOf(tx *db.Tx, m ident.Merchant) (merchant.Policy, bool, error) {
	return merchant.PolicyOf(tx, m, noticeTopic)
}
