-- whole merchant: what a period's returns were worth and what was given for them
select r.currency, count(*), cast(sum(r.value) as bigint), cast(sum(r.fee) as bigint), cast(sum(coalesce(d.owed, 0)) as bigint),
	cast(sum(coalesce(f.paid, 0)) as bigint), cast(sum(coalesce(f.credit, 0)) as bigint), cast(sum(coalesce(u.surcharge, 0)) as bigint)
from returns_return r
left join (
	select return_id, sum(minor) as owed from returns_decision where merchant = $1 and state = 'final' group by return_id
) d on d.return_id = r.id
left join (
	select return_id, sum(case when done is null then 0 else minor end) as paid, sum(credit) as credit from payment_refund where merchant = $1 group by return_id
) f on f.return_id = r.id
left join (
	select return_id, max(minor) as surcharge from returns_uplift where merchant = $1 group by return_id
) u on u.return_id = r.id
where r.merchant = $1 and r.asked >= $2 and r.asked < $3 and r.state not in ('cancelled', 'expired')
group by r.currency
order by r.currency
