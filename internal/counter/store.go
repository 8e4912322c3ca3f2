package counter

import (
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlEntrust = `insert into counter_network (network, merchant, since) values ($1, $2, $3)
		on conflict (network) do update set merchant = excluded.merchant, since = excluded.since`
	sqlEntrusted = `select merchant from counter_network where network = $1`
	sqlNetworks  = `-- whole merchant: the networks it runs, to be shown
		select network from counter_network where merchant = $1 order by network`
)

const (
	sqlInsertDevice = `insert into counter_device (merchant, id, point, name, link, link_until, token, made)
		values ($1, $2, $3, $4, $5, $6, '', $7)`
	sqlInvited = `-- across merchants: a link tells which device it lets in
		select id, merchant, point, name, made, enrolled, revoked from counter_device
		where link = $1 and link <> '' and link_until > $2 and revoked is null`
	sqlEnrol = `update counter_device set token = $3, link = '', enrolled = $4
		where merchant = $1 and link = $2 and link <> '' and link_until > $5 and revoked is null`
	sqlDevice   = `select id, merchant, point, name, made, enrolled, revoked from counter_device where merchant = $1 and id = $2`
	sqlDeviceOf = `-- across merchants: a token tells which device holds it
		select id, merchant, point, name, made, enrolled, revoked from counter_device
		where token = $1 and token <> '' and revoked is null`
	sqlRevoke  = `update counter_device set revoked = $3, link = '', token = '' where merchant = $1 and id = $2 and revoked is null`
	sqlDevices = `-- whole merchant: the devices of its counters, to be shown
		select id, merchant, point, name, made, enrolled, revoked from counter_device where merchant = $1 order by point, id`
)

func scanDevice(r db.Row) (d Device, err error) {
	err = r.Scan(&d.ID, &d.Merchant, &d.Point, &d.Name, &d.Made, &d.Enrolled, &d.Revoked)
	return d, err
}

const (
	sqlInsertClerk = `insert into counter_clerk (merchant, id, point, name, pin, tries, since) values ($1, $2, $3, $4, $5, 0, $6)`
	sqlClerk       = `select id, point, name, tries, since, until from counter_clerk where merchant = $1 and id = $2`
	sqlClerksAt    = `select id, point, name, tries, since, until from counter_clerk
		where merchant = $1 and point = $2 and until is null order by id`
	sqlClerks = `-- whole merchant: the clerks of its counters, to be shown
		select id, point, name, tries, since, until from counter_clerk where merchant = $1 order by point, id`
	sqlSetPIN   = `update counter_clerk set pin = $3, tries = 0 where merchant = $1 and id = $2 and until is null`
	sqlRightPIN = `update counter_clerk set tries = 0 where merchant = $1 and id = $2 and pin = $3 and tries < 5 and until is null`
	sqlWrongPIN = `update counter_clerk set tries = tries + 1 where merchant = $1 and id = $2 and tries < 5`
	sqlDismiss  = `update counter_clerk set until = $3 where merchant = $1 and id = $2 and until is null`
)

func scanClerk(r db.Row) (c Clerk, err error) {
	err = r.Scan(&c.ID, &c.Point, &c.Name, &c.Tries, &c.Since, &c.Until)
	return c, err
}

const (
	sqlInsertShift = `insert into counter_shift (merchant, id, token, device, clerk, point, began, until)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlShiftOf = `-- across merchants: a token tells whose shift it is
		select s.id, s.merchant, s.point, s.device, d.name, s.clerk, c.name, s.began, s.until, s.ended
		from counter_shift s
		join counter_clerk c on c.merchant = s.merchant and c.id = s.clerk and c.until is null
		join counter_device d on d.merchant = s.merchant and d.id = s.device and d.revoked is null
		where s.token = $1`
	sqlShift = `select s.id, s.merchant, s.point, s.device, d.name, s.clerk, c.name, s.began, s.until, s.ended
		from counter_shift s
		join counter_clerk c on c.merchant = s.merchant and c.id = s.clerk
		join counter_device d on d.merchant = s.merchant and d.id = s.device
		where s.merchant = $1 and s.id = $2`
	sqlEndShifts = `update counter_shift set ended = $3 where merchant = $1 and device = $2 and ended is null`
)

func scanShift(r db.Row) (s Shift, err error) {
	err = r.Scan(&s.ID, &s.Merchant, &s.Point, &s.Device, &s.Named, &s.Clerk, &s.Name, &s.Began, &s.Until, &s.Ended)
	return s, err
}

const (
	sqlLearn = `insert into counter_lesson (merchant, clerk, lesson, done) values ($1, $2, $3, $4)
		on conflict (merchant, clerk, lesson) do nothing`
	sqlLearned = `select lesson, done from counter_lesson where merchant = $1 and clerk = $2`
)
