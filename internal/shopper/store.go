package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlRegister = `insert into shopper_contact (merchant, id, folded, email, name, phone, locale, registered)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (merchant, folded) do update set
			name = case when excluded.name = '' then shopper_contact.name else excluded.name end,
			phone = case when excluded.phone = '' then shopper_contact.phone else excluded.phone end,
			phone_proved = case when excluded.phone in ('', shopper_contact.phone) then shopper_contact.phone_proved end,
			locale = excluded.locale
		returning id`
	sqlContacts = `select s.id, s.email, s.name, s.phone, s.locale, coalesce(c.person, '')
		from shopper_contact s
		left join shopper_consent c on c.merchant = s.merchant and c.shopper = s.id and c.withdrawn is null
		where s.merchant = $1 and s.id in ($2)`
)

func scanContact(r db.Row) (c Contact, err error) {
	err = r.Scan(&c.ID, &c.Email, &c.Name, &c.Phone, &c.Locale, &c.Person)
	return c, err
}

const (
	sqlInsertLink = `insert into shopper_link (merchant, hash, shopper, expires) values ($1, $2, $3, $4)`
	sqlLink       = `-- across merchants: a link tells which merchant invited
		select merchant, shopper, expires, used from shopper_link where hash = $1`
	sqlUseLink = `update shopper_link set used = $3 where merchant = $1 and hash = $2 and used is null`
)

func scanInvitation(r db.Row) (i invitation, err error) {
	err = r.Scan(&i.merchant, &i.shopper, &i.expires, &i.used)
	return i, err
}

const (
	sqlPersonOf = `-- across merchants: a person is one human over all shops; read only after proof and consent
		insert into shopper_person (contact, id, verified) values ($1, $2, $3)
		on conflict (contact) do update set contact = excluded.contact returning id`
	sqlConsents = `select coalesce(max(number), 0) from shopper_consent where merchant = $1 and shopper = $2`
	sqlConsent  = `insert into shopper_consent (merchant, shopper, number, person, wording, given)
		values ($1, $2, $3, $4, $5, $6)`
	sqlWithdraw = `update shopper_consent set withdrawn = $3
		where merchant = $1 and shopper = $2 and withdrawn is null returning number, person`
)

// given is a consent as withdrawn.
type given struct {
	number int64
	person ident.Person
}

func scanConsent(r db.Row) (c given, err error) {
	err = r.Scan(&c.number, &c.person)
	return c, err
}

// Of the codes sent to a shopper, the last one for a purpose is the one that may open.
const (
	sqlCodesSent = `select (select coalesce(max(a.number), 0) from shopper_code a where a.merchant = $1 and a.shopper = $2),
		count(*), min(sent) from shopper_code where merchant = $1 and shopper = $2 and sent > $3`
	sqlInsertCode = `insert into shopper_code (merchant, shopper, number, purpose, hash, sent, expires, tries)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlCode = `select number, hash, expires, tries, used from shopper_code
		where merchant = $1 and shopper = $2 and purpose = $3 order by number desc limit 1`
	sqlUseCode  = `update shopper_code set used = $4, hash = '' where merchant = $1 and shopper = $2 and number = $3 and used is null`
	sqlMissCode = `update shopper_code set tries = tries - 1 where merchant = $1 and shopper = $2 and number = $3 and tries > 0`
)

func scanSendings(r db.Row) (s sendings, err error) {
	err = r.Scan(&s.last, &s.recent, &s.since)
	return s, err
}

func scanCode(r db.Row) (c code, err error) {
	err = r.Scan(&c.number, &c.hash, &c.expires, &c.tries, &c.used)
	return c, err
}
