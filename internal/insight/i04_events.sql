-- across merchants: I4, one event of a carrier is one row; $1 is now
select max(e.id) from tracking_event e
where cast($1 as bigint) > 0 and not e.erased
group by e.merchant, e.connection, e.number, e.code, e.label, e.status, e.source, e.at, e.exactness, e.location, e.supersedes, e.reason, e.place,
	e.party, e.since, e.until, e.expected
having count(*) > 1
order by 1
