-- whole merchant: the commitments of a period, by kind, week and lane
select
	case when c.about <> '' and c.kind = 'deliver_by' then 'back_by' else c.kind end, (c.until - $2) / 604800000000,
	coalesce(s.connection, ''), c.service, coalesce(a.country, ''), coalesce(substr(a.postcode, 1, 2), ''),
	sum(case when c.state = 'kept' then 1 else 0 end),
	sum(case when c.state = 'broken' then 1 else 0 end),
	sum(case when c.state = 'void' then 1 else 0 end),
	sum(case when c.state in ('broken', 'amended') and c.told_at < c.until then 1 else 0 end),
	sum(case when c.state = 'broken' and (c.told_at is null or c.told_at >= c.until) then 1 else 0 end),
	sum(case when c.state = 'broken' and r.state = 'granted' then 1 else 0 end),
	sum(case when c.state in ('kept', 'broken') then cast(c.until - c.made as double precision) else 0 end),
	sum(case when c.state = 'broken' and r.state = 'granted' and r.decided > c.until then cast(r.decided - c.until as double precision) else 0 end)
from promise_commitment c
left join carrier_service s on s.merchant = c.merchant and s.id = c.service
left join order_address a on a.merchant = c.merchant and a.order_id = c.order_id and a.purpose = 'ship'
left join remedy_remedy r on r.merchant = c.merchant and r.commitment = c.id
where c.merchant = $1 and c.until >= $2 and c.until < $3 and c.contested is null
group by case when c.about <> '' and c.kind = 'deliver_by' then 'back_by' else c.kind end, (c.until - $2) / 604800000000, coalesce(s.connection, ''), c.service, coalesce(a.country, ''), coalesce(substr(a.postcode, 1, 2), '')
order by 1, 2, 3, 4, 5, 6
