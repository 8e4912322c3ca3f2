package returns

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// File is all that is known of a return, for a mediator.
type File struct {
	Record
	Return      Return
	Withdrawal  *Withdrawal
	Timeline    []flow.Fact
	Outstanding money.Amount // claimed and not given
	Mediator    string
}

// MediationFile puts a return's file together. The fault is not_found.
func MediationFile(tx *db.Tx, m ident.Merchant, id ident.Return) (f File, err error) {
	if f.Return, err = Get(tx, m, id); err != nil {
		return f, err
	}
	if f.Record, err = RecordOf(tx, m, id); err != nil {
		return f, err
	}
	return f, f.rest(tx, m)
}

func (f *File) rest(tx *db.Tx, m ident.Merchant) error {
	c, err := ConditionsOf(tx, m)
	if err != nil {
		return err
	}
	f.Mediator, f.Outstanding = c.Mediator, f.Return.Value
	for _, d := range f.Decisions {
		if d.State == Final {
			f.Outstanding.Minor = max(0, f.Outstanding.Minor-d.Amount.Minor)
		}
	}
	if f.Return.Withdrawal != "" {
		w, err := GetWithdrawal(tx, m, f.Return.Withdrawal)
		if err != nil {
			return err
		}
		f.Withdrawal = &w
	}
	if f.Timeline, err = flow.Timeline(tx, m, string(f.Return.Order)); err != nil {
		return fmt.Errorf("mediation file of %s: %w", f.Return.ID, err)
	}
	return nil
}
