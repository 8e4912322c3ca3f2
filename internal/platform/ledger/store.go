package ledger

const (
	sqlInsertJournal = `insert into ledger_journal (merchant, id, key, cause, at) values ($1, $2, $3, $4, $5)`
	sqlInsertPosting = `insert into ledger_posting (merchant, journal, place, account, currency, minor)
		values ($1, $2, $3, $4, $5, $6)`
	sqlBalance = `select cast(coalesce(sum(minor), 0) as bigint) from ledger_posting
		where merchant = $1 and account = $2 and currency = $3`
)
