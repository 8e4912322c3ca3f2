-- whole merchant: what travelled back in a period, by way and place of departure
select r.route, coalesce(a.country, ''), coalesce(a.postcode, ''), count(*), cast(sum(coalesce(g.grams, 0)) as bigint)
from returns_return r
left join order_address a on a.merchant = r.merchant and a.order_id = r.order_id and a.purpose = 'ship'
left join (
	select i.return_id, sum(l.grams * i.units) as grams
	from returns_item i
	join returns_return r on r.merchant = i.merchant and r.id = i.return_id
	join order_line l on l.merchant = i.merchant and l.order_id = r.order_id and l.id = i.line
	where i.merchant = $1
	group by i.return_id
) g on g.return_id = r.id
where r.merchant = $1 and r.asked >= $2 and r.asked < $3 and r.route <> 'keep' and (r.deposited is not null or r.received is not null)
group by r.route, coalesce(a.country, ''), coalesce(a.postcode, '')
order by 1, 2, 3
