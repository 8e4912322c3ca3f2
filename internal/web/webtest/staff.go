package webtest

import (
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// SignIn lets somebody with a set of rights in, and gives the Cookie header of
// their session in the console. Each set is one person, however often asked for.
func (s *Shop) SignIn(set merchant.Set) (cookie string) {
	s.T.Helper()
	var token string
	s.Do(s.ID, func(tx *flow.Tx) error {
		all, err := merchant.StaffOf(tx.Tx, s.ID)
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.Set == set {
				token, err = merchant.OpenSession(tx, s.ID, p.ID)
				return err
			}
		}
		p, err := merchant.Hire(tx, s.ID, merchant.NewStaff{Email: string(set) + "@shop.example", Name: "Sam " + string(set), Set: set})
		if err != nil {
			return err
		}
		token, err = merchant.OpenSession(tx, s.ID, p.ID)
		return err
	})
	return "promesse_console=" + token
}
