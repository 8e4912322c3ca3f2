-- across merchants: I2, no line gives back more than was captured for it, no order more money than money had paid; $1 is now
select max(l.refund) from payment_refund_line l
left join order_line o on o.merchant = l.merchant and o.order_id = l.order_id and o.id = l.line
where cast($1 as bigint) > 0
group by l.merchant, l.order_id, l.line
having sum(l.minor) > coalesce(max(o.captured), -1) or min(l.currency) <> max(l.currency) or min(l.currency) <> coalesce(max(o.currency), '')
union
select r.id from payment_refund r
left join (
	select merchant, refund, sum(minor) as total from payment_refund_line group by merchant, refund
) l on l.merchant = r.merchant and l.refund = r.id
where r.minor + r.credit <> coalesce(l.total, 0)
union
select o.id from order_order o
join (
	select merchant, order_id, sum(minor) as total from payment_refund group by merchant, order_id
) r on r.merchant = o.merchant and r.order_id = o.id
left join payment_spent s on s.merchant = o.merchant and s.order_id = o.id and s.back is null
where r.total > o.total - coalesce(s.minor, 0)
order by 1
