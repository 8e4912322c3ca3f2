package returns

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Shown is a return whose code somebody shows at a counter.
type Shown struct {
	Merchant ident.Merchant
	Return   ident.Return
	Label    ident.Label
}

const sqlShown = `-- across merchants: a relay point takes the parcels of many shops, and a code alone says whose it is
	select merchant, return_id, id from returns_label where code = $1 and code <> '' limit 20`

// ByShown finds the returns whose label holds a code, whatever their merchant:
// whoever asks must say why the answer is theirs. Of more than twenty it finds twenty.
func ByShown(tx *db.Tx, code string) ([]Shown, error) {
	return db.All(tx, sqlShown, func(r db.Row) (s Shown, err error) {
		err = r.Scan(&s.Merchant, &s.Return, &s.Label)
		return s, err
	}, code)
}

// ShownAgain notes that the label of a deposited return was shown for another
// parcel. It holds the return for a person and refuses nothing. The fault is
// not_found.
func ShownAgain(tx *flow.Tx, m ident.Merchant, id ident.Return) error {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	known := len(r.Doubts)
	r.note(Suspect(Signals{LabelAgain: true}))
	if len(r.Doubts) == known {
		return nil
	}
	return r.save(tx, m, r.State)
}
