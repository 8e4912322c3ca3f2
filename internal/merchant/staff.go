package merchant

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Staff is somebody who works for an organisation. Somebody who works for
// several is one of each of them.
type Staff struct {
	ID    ident.Staff
	Email string // as first typed
	Name  string
	Set   Set
	Since civil.Instant
	Until civil.Instant // zero while they work there
}

// NewStaff is somebody to let in.
type NewStaff struct {
	Email string
	Name  string
	Set   Set
}

// Hire lets somebody in. The faults are not_found, field_required,
// email_invalid, unknown_permission_set, permission_set_misplaced, staff_exists
// (the address is somebody's who works there) and those of the name.
func Hire(tx *flow.Tx, m ident.Merchant, in NewStaff) (Staff, error) {
	o, err := Get(tx.Tx, m)
	if err != nil {
		return Staff{}, err
	}
	if err := in.check(o.Kind); err != nil {
		return Staff{}, err
	}
	s := Staff{
		ID: ident.New[ident.Staff](tx.Mint), Email: strings.TrimSpace(in.Email), Name: strings.TrimSpace(in.Name),
		Set: in.Set, Since: tx.Now,
	}
	fresh, err := tx.Changed(sqlHire, m, s.ID, s.Email, mailbox.Hash(s.Email), s.Name, s.Set, s.Since)
	if err == nil && !fresh {
		err = fault.New(fault.Conflict, "staff_exists", "email")
	}
	if err != nil {
		return Staff{}, err
	}
	return s, staffSet(tx, m, s.ID, s.Set)
}

func (in NewStaff) check(k Kind) error {
	var faults fault.List
	switch {
	case strings.TrimSpace(in.Email) == "":
		faults.Add(fault.Invalid, "field_required", "email")
	case !mailbox.Formed(in.Email):
		faults.Add(fault.Invalid, "email_invalid", "email")
	}
	text.Required(&faults, "name", in.Name, maxName)
	checkStaffSet(&faults, k, in.Set)
	return faults.Err()
}

// StaffSets is which sets people of an organisation may hold: those of its keys,
// but for the ones made for machines.
func StaffSets(k Kind) []Set {
	return slices.DeleteFunc(setsOf(k), func(s Set) bool { return s == Carrier })
}

func checkStaffSet(faults *fault.List, k Kind, s Set) {
	switch {
	case !slices.Contains(Sets(), s):
		faults.Add(fault.Invalid, "unknown_permission_set", "set", "value", string(s))
	case !slices.Contains(StaffSets(k), s):
		faults.Add(fault.Invalid, "permission_set_misplaced", "set", "set", string(s), "kind", string(k))
	}
}

// Change gives somebody other rights, from their next click on. Rights they have
// already change nothing. The faults are not_found, unknown_permission_set,
// permission_set_misplaced, and last_owner (nobody could let anybody in any more).
func Change(tx *flow.Tx, m ident.Merchant, id ident.Staff, set Set) error {
	o, err := Get(tx.Tx, m)
	if err != nil {
		return err
	}
	var faults fault.List
	checkStaffSet(&faults, o.Kind, set)
	if err := faults.Err(); err != nil {
		return err
	}
	if err := keepAnOwner(tx.Tx, m, id, set); err != nil {
		return err
	}
	changed, err := tx.Changed(sqlChangeStaff, m, id, set)
	if err != nil || !changed {
		return err
	}
	return staffSet(tx, m, id, set)
}

// Dismiss shows somebody out, and ends their sessions. The faults are not_found
// and last_owner.
func Dismiss(tx *flow.Tx, m ident.Merchant, id ident.Staff) error {
	if err := keepAnOwner(tx.Tx, m, id, ""); err != nil {
		return err
	}
	changed, err := tx.Changed(sqlDismiss, m, id, tx.Now)
	if err != nil || !changed {
		return err
	}
	if err := tx.Do(sqlEndSessionsOf, m, id); err != nil {
		return err
	}
	return staffSet(tx, m, id, "")
}

// keepAnOwner refuses to leave an organisation without one. The faults are
// not_found and last_owner.
func keepAnOwner(tx *db.Tx, m ident.Merchant, id ident.Staff, set Set) error {
	all, err := StaffOf(tx, m)
	if err != nil {
		return err
	}
	known, others := false, 0
	wasOwner := false
	for _, s := range all {
		switch {
		case s.ID == id:
			known, wasOwner = true, s.Set == Owner
		case s.Set == Owner:
			others++
		}
	}
	switch {
	case !known:
		return fault.New(fault.NotFound, "not_found", "staff")
	case wasOwner && set != Owner && others == 0:
		return fault.New(fault.Conflict, "last_owner", "set")
	}
	return nil
}

func staffSet(tx *flow.Tx, m ident.Merchant, id ident.Staff, set Set) error {
	return tx.Emit(m, string(m), string(ident.New[ident.Fact](tx.Mint)), fact.StaffSet{Staff: id, Set: string(set)})
}

// StaffOf lists who works for an organisation, the first to come first.
func StaffOf(tx *db.Tx, m ident.Merchant) ([]Staff, error) { return db.All(tx, sqlStaff, scanStaff, m) }

// Colleagues reads people by id, also those who left; those the organisation
// never had are not in the answer.
func Colleagues(tx *db.Tx, m ident.Merchant, ids []ident.Staff) (map[ident.Staff]Staff, error) {
	all, err := db.All(tx, sqlColleagues, scanStaff, m, db.In(ids))
	of := make(map[ident.Staff]Staff, len(all))
	for _, s := range all {
		of[s.ID] = s
	}
	return of, err
}
