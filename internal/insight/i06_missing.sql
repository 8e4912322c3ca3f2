-- across merchants: I6, the verdict on a complete order counts what was declared missing; $1 is now
select c.id from promise_commitment c
left join promise_verdict l on l.merchant = c.merchant and l.commitment = c.id and l.sequence = c.verdicts
left join (
	select h.merchant, h.order_id, sum(i.units) as units
	from order_shortage h join order_shortage_line i on i.merchant = h.merchant and i.shortage = h.id
	group by h.merchant, h.order_id
) d on d.merchant = c.merchant and d.order_id = c.order_id
where cast($1 as bigint) > 0 and c.kind = 'complete' and c.state in ('open', 'kept', 'broken')
	and coalesce(d.units, 0) <> coalesce(l.missing_units, 0)
order by c.id
