-- whole merchant: units bought in a period, by article, carrier and what became of the promise
select l.sku, max(l.name), l.traits, coalesce(s.connection, ''), coalesce(c.outcome, 0), cast(sum(l.units) as bigint)
from order_order o
join order_line l on l.merchant = o.merchant and l.order_id = o.id and l.kind = 'goods'
left join carrier_service s on s.merchant = o.merchant and s.id = o.service
left join (
	select order_id, max(case state when 'broken' then 2 when 'kept' then 1 else 0 end) as outcome
	from promise_commitment where merchant = $1 and about = '' and kind in ('deliver_by', 'deliver_in_slot')
	group by order_id
) c on c.order_id = o.id
where o.merchant = $1 and o.placed >= $2 and o.placed < $3 and o.state <> 'cancelled'
group by l.sku, l.traits, coalesce(s.connection, ''), coalesce(c.outcome, 0)
