-- whole merchant: stated confidence against what became of it, by tenths
select d.decile, count(*), sum(case when d.state = 'kept' then 1 else 0 end), avg(d.confidence)
from (
	select c.state, c.confidence,
		case when c.confidence >= 0.9 then 9 when c.confidence >= 0.8 then 8 when c.confidence >= 0.7 then 7
			when c.confidence >= 0.6 then 6 when c.confidence >= 0.5 then 5 when c.confidence >= 0.4 then 4
			when c.confidence >= 0.3 then 3 when c.confidence >= 0.2 then 2 when c.confidence >= 0.1 then 1 else 0 end as decile
	from promise_commitment c
	where c.merchant = $1 and c.until >= $2 and c.until < $3 and c.state in ('kept', 'broken') and c.confidence > 0
		and c.kind in ('deliver_by', 'deliver_in_slot') and c.about = '' and c.contested is null
) d
group by d.decile
order by d.decile
