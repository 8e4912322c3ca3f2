-- whole merchant: how long each stage of a period's returns took, in the middle and for nine of ten
with mine as (
	select r.asked, l.labelled, r.deposited, r.received, d.decided, f.refunded
	from returns_return r
	left join (
		select l.return_id, min(c.changed) as labelled
		from returns_label l join carrier_label c on c.merchant = l.merchant and c.key = l.return_id || '/' || l.format and c.state = 'issued'
		where l.merchant = $1 group by l.return_id
	) l on l.return_id = r.id
	left join (
		select return_id, min(final_at) as decided from returns_decision where merchant = $1 and state = 'final' group by return_id
	) d on d.return_id = r.id
	left join (
		select return_id, case when count(*) = count(done) then max(done) end as refunded from payment_refund where merchant = $1 group by return_id
	) f on f.return_id = r.id
	where r.merchant = $1 and r.asked >= $2 and r.asked < $3
), took as (
	select 1 as stage, labelled - asked as t from mine where labelled >= asked
	union all select 2, deposited - coalesce(labelled, asked) from mine where deposited >= coalesce(labelled, asked)
	union all select 3, received - deposited from mine where received >= deposited
	union all select 4, decided - received from mine where decided >= received
	union all select 5, refunded - decided from mine where refunded >= decided
	union all select 6, refunded - asked from mine where refunded >= asked
), placed as (
	select stage, t, row_number() over (partition by stage order by t) as place, count(*) over (partition by stage) as n from took
)
select stage, max(n), max(case when place = (n + 1) / 2 then t end), max(case when place = (9 * n + 9) / 10 then t end)
from placed
group by stage
order by stage
