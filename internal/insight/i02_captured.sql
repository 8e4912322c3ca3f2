-- across merchants: I2, what was given back against what was captured; $1 is now
select o.id from order_order o
join (
	select merchant, orderid, sum(minor) as total, sum(case when kind = 'delivery' then minor else 0 end) as delivery
	from remedy_grant group by merchant, orderid
) g on g.merchant = o.merchant and g.orderid = o.id
where cast($1 as bigint) > 0 and (g.total > o.total or g.delivery > o.delivery)
order by o.id
