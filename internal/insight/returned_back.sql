-- whole merchant: units of orders of a period that came back or are to, by article, carrier, what became of the promise, and reason
select l.sku, max(l.name), l.traits, coalesce(s.connection, ''), coalesce(c.outcome, 0), i.taxon, cast(sum(i.units) as bigint)
from order_order o
join returns_return r on r.merchant = o.merchant and r.order_id = o.id and r.state not in ('cancelled', 'expired')
join returns_item i on i.merchant = r.merchant and i.return_id = r.id
join order_line l on l.merchant = o.merchant and l.order_id = o.id and l.id = i.line
left join carrier_service s on s.merchant = o.merchant and s.id = o.service
left join (
	select order_id, max(case state when 'broken' then 2 when 'kept' then 1 else 0 end) as outcome
	from promise_commitment where merchant = $1 and about = '' and kind in ('deliver_by', 'deliver_in_slot')
	group by order_id
) c on c.order_id = o.id
where o.merchant = $1 and o.placed >= $2 and o.placed < $3 and o.state <> 'cancelled'
group by l.sku, l.traits, coalesce(s.connection, ''), coalesce(c.outcome, 0), i.taxon
