package letters

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// acknowledge writes the acknowledgement of a withdrawal (Code de la consommation,
// articles L221-21 and D221-5): the whole statement, when it came, and its hash,
// to the address that the consumer gave. It reads the statement and the shop and
// nothing else, so that it leaves whatever else is down.
func acknowledge(tx *db.Tx, m ident.Merchant, msg notify.Message) (notify.Letter, error) {
	w, err := returns.GetWithdrawal(tx, m, ident.Withdrawal(msg.Cause))
	if err != nil {
		return notify.Letter{}, fmt.Errorf("letter %s of %s: %w", msg.Topic, msg.ID, err)
	}
	shop, b, err := merchant.Face(tx, m)
	if err != nil {
		return notify.Letter{}, err
	}
	read := ui.Reading{Locale: cmp.Or(msg.Locale, shop.Locale), Now: tx.Now}
	if read.Zone, err = civil.Zone(shop.Zone); err != nil {
		return notify.Letter{}, err
	}
	l, err := withdrawn(read, brandOf(b), w).dress(tx, m, notify.Form{Topic: msg.Topic, Channel: notify.Email})
	l.To, l.ToName = w.Email, w.Name
	return l, err
}

// withdrawn is the acknowledgement before it is HTML and text.
func withdrawn(read ui.Reading, b brand, w returns.Withdrawal) page {
	args := map[string]any{"Shop": b.Name, "Due": read.Due(w.RefundBy), "Send": ""}
	p := blank(read.Locale, w.Name, b)
	p.Subject, p.Promise = read.T("letter.withdrawn_subject", args), read.T("letter.withdrawn", args)
	p.know("deadline", read.Due(w.RefundBy))
	told := []string{read.T("letter.withdrawn_text", args)}
	switch {
	case !w.InTime:
		args["Due"] = read.Due(w.Until)
		told = append(told, read.T("letter.withdrawn_late", args))
	case w.SendBackBy != 0:
		args["Send"] = read.Due(w.SendBackBy)
		told = append(told, read.T("letter.withdrawn_send_back", args), read.T("letter.withdrawn_refund", args))
	default:
		told = append(told, read.T("letter.withdrawn_refund", args))
	}
	p.look(read.T("letter.row_received", nil), read.When(w.Sent, fact.Minute))
	p.look(read.T("letter.row_fingerprint", nil), w.Hash)
	p.say(told...)
	p.say(read.T("letter.withdrawn_statement", nil))
	p.say(strings.Split(strings.TrimSpace(w.Statement), "\n")...)
	p.write(told...)
	p.write(p.rows())
	p.write(read.T("letter.withdrawn_statement", nil), w.Statement)
	if w.Order != "" {
		p.Button, p.URL, p.Open = read.T("letter.withdrawn_button", nil), notify.PageMark+"/retractation", read.T("letter.back_open", nil)
	}
	return p
}
