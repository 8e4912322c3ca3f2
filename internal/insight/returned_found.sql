-- whole merchant: what the warehouse found in a period's returns, beside what shoppers had said, and what became of it
select coalesce(i.said, ''), f.condition, f.outcome, count(*), cast(coalesce(sum(l.unit), 0) as bigint)
from returns_return r
join returns_finding f on f.merchant = r.merchant and f.return_id = r.id
left join (
	select return_id, line, max(condition) as said from returns_item where merchant = $1 group by return_id, line
) i on i.return_id = r.id and i.line = f.line
left join order_line l on l.merchant = r.merchant and l.order_id = r.order_id and l.id = f.line
where r.merchant = $1 and r.asked >= $2 and r.asked < $3
group by coalesce(i.said, ''), f.condition, f.outcome
order by 1, 2, 3
