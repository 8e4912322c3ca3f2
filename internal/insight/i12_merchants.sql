-- across merchants: I12, what a row points at is its own merchant's; $1 is now
select o.id from order_order o
where cast($1 as bigint) > 0 and not exists (select 1 from shopper_contact s where s.merchant = o.merchant and s.id = o.shopper)
union
select p.id from order_parcel p
where not exists (select 1 from order_order o where o.merchant = p.merchant and o.id = p.order_id)
union
select c.id from promise_commitment c
where c.order_id <> '' and not exists (select 1 from order_order o where o.merchant = c.merchant and o.id = c.order_id)
union
select v.id from promise_verdict v
where not exists (select 1 from promise_commitment c where c.merchant = v.merchant and c.id = v.commitment)
union
select n.early from promise_consent n
where not exists (select 1 from promise_commitment c where c.merchant = n.merchant and c.id = n.commitment)
union
select h.id from order_shortage h
where not exists (select 1 from order_order o where o.merchant = h.merchant and o.id = h.order_id)
union
select b.id from lastmile_booking b
where not exists (select 1 from order_order o where o.merchant = b.merchant and o.id = b.order_id)
union
select e.id from lastmile_early e
where not exists (select 1 from lastmile_booking b where b.merchant = e.merchant and b.id = e.booking)
union
select c.id from lastmile_change c
where not exists (select 1 from order_order o where o.merchant = c.merchant and o.id = c.order_id)
union
select r.id from remedy_remedy r
where not exists (select 1 from order_order o where o.merchant = r.merchant and o.id = r.orderid)
union
select g.id from remedy_grant g
where not exists (select 1 from remedy_remedy r where r.merchant = g.merchant and r.id = g.remedy)
union
select d.id from desk_claim d
where not exists (select 1 from order_order o where o.merchant = d.merchant and o.id = d.order_id and o.shopper = d.shopper)
union
select m.id from notify_message m
where not exists (select 1 from shopper_contact s where s.merchant = m.merchant and s.id = m.shopper)
union
select s.id from carrier_service s
where not exists (select 1 from carrier_connection c where c.merchant = s.merchant and c.id = s.connection)
order by 1
