-- across merchants: I1, the books as a whole; $1 is now
select j.id from ledger_journal j
left join (
	select merchant, journal, currency, sum(minor) as total from ledger_posting group by merchant, journal, currency
) p on p.merchant = j.merchant and p.journal = j.id
where cast($1 as bigint) > 0 and (p.total is null or p.total <> 0)
order by j.id
