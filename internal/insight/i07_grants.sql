-- across merchants: I7, a granted remedy has its lines, booked once to the shopper; $1 is now
select r.id from remedy_remedy r
left join (
	select merchant, remedy, sum(minor) as total from remedy_grant group by merchant, remedy
) g on g.merchant = r.merchant and g.remedy = r.id
left join (
	select j.merchant, j.key, sum(p.minor) as total
	from ledger_journal j join ledger_posting p on p.merchant = j.merchant and p.journal = j.id
	where p.minor > 0 and j.key like 'remedy:%'
	group by j.merchant, j.key
) b on b.merchant = r.merchant and b.key = 'remedy:' || r.id
where cast($1 as bigint) > 0 and (
	(r.state = 'granted' and (g.total is null or b.total is null or g.total <> b.total))
	or (r.state <> 'granted' and (g.total is not null or b.total is not null))
)
order by r.id
