package api

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// NewAccount is what a carrier knows the merchant by. It is sealed, and shown to
// nobody again.
type NewAccount struct {
	Account map[string]string `json:"account" doc:"The whole of it, by the names that GET lists."`
}

// Account is which of it is there.
type Account struct {
	Fields []AccountField `json:"fields"`
}

// AccountField is one thing that an account is made of.
type AccountField struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Unless   string `json:"unless,omitempty" doc:"Required, but where that other field is given."`
	With     string `json:"with,omitempty" doc:"Required where that other field is given."`
	Form     string `json:"form,omitempty" doc:"Regular expression of the whole value."`
	Set      bool   `json:"set" doc:"It is there. Its value is shown to nobody."`
}

type connectionPath struct {
	ID ident.Connection `path:"id"`
}

func getAccount(a *API, tx *db.Tx, c call, in *connectionPath) (Account, error) {
	by, err := carrier.Get(tx, c.Merchant, in.ID)
	if err != nil {
		return Account{}, err
	}
	holder, needs := carrier.As[carrier.AccountHolder](a.adapters, by.Adapter)
	if !needs {
		return Account{Fields: []AccountField{}}, nil
	}
	kept, err := carrier.AccountOf(tx, a.vault, c.Merchant, by)
	if err != nil && !fault.Is(err, "carrier_account_missing") {
		return Account{}, err
	}
	return Account{Fields: mapped(holder.AccountFields(), func(f carrier.AccountField) AccountField {
		return AccountField{f.Name, f.Required, f.Unless, f.With, f.Form, kept.Field(f.Name) != ""}
	})}, nil
}

type accountIn struct {
	ID   ident.Connection `path:"id"`
	Body NewAccount
}

func setAccount(a *API, tx *flow.Tx, c call, in *accountIn) (reply[Account], error) {
	err := a.adapters.SetAccount(tx, a.vault, c.Merchant, in.ID, carrier.Account{Fields: in.Body.Account})
	if err != nil {
		return reply[Account]{}, err
	}
	shown, err := getAccount(a, tx.Tx, c, &connectionPath{in.ID})
	return ok(shown), err
}
