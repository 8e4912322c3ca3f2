-- across merchants: I12, what a row of returns, refunds and proofs points at is its own merchant's; $1 is now
select r.id from returns_return r
where cast($1 as bigint) > 0 and not exists (
	select 1 from order_order o where o.merchant = r.merchant and o.id = r.order_id and o.shopper = r.shopper
)
union
select i.id from returns_item i
left join returns_return r on r.merchant = i.merchant and r.id = i.return_id
left join order_line l on l.merchant = i.merchant and l.order_id = r.order_id and l.id = i.line
where r.id is null or l.id is null
union
select d.id from returns_decision d
where not exists (select 1 from returns_return r where r.merchant = d.merchant and r.id = d.return_id and r.order_id = d.order_id)
union
select d.id from returns_dispute d
where not exists (select 1 from returns_decision x where x.merchant = d.merchant and x.id = d.decision and x.return_id = d.return_id)
union
select l.id from returns_label l
where not exists (select 1 from returns_return r where r.merchant = l.merchant and r.id = l.return_id)
union
select p.id from returns_deposit p
where not exists (select 1 from returns_return r where r.merchant = p.merchant and r.id = p.return_id)
union
select f.id from returns_finding f
where not exists (select 1 from returns_return r where r.merchant = f.merchant and r.id = f.return_id)
union
select w.id from returns_withdrawal w
where w.order_id <> '' and not exists (
	select 1 from order_order o where o.merchant = w.merchant and o.id = w.order_id and o.shopper = w.shopper
)
order by 1
