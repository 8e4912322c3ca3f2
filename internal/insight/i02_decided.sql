-- across merchants: I2, what decisions give back of a line is no more than was captured for it, nor of more units than were bought; $1 is now
select max(d.id) from returns_decided_line l
join returns_decision d on d.merchant = l.merchant and d.id = l.decision and d.state <> 'dropped'
left join order_line o on o.merchant = d.merchant and o.order_id = d.order_id and o.id = l.line
where cast($1 as bigint) > 0
group by d.merchant, d.order_id, l.line
having sum(l.minor) > coalesce(max(o.captured), -1) or max(l.units) > 0 and sum(l.units) > coalesce(max(o.units), 0)
	or min(d.currency) <> max(d.currency) or min(d.currency) <> coalesce(max(o.currency), '')
union
select d.id from returns_decision d
left join (
	select merchant, decision, sum(minor) as total from returns_decided_line group by merchant, decision
) l on l.merchant = d.merchant and l.decision = d.id
where d.minor <> coalesce(l.total, 0)
order by 1
