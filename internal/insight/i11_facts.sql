-- across merchants: I11, each state has the fact that says who and why; $1 is now
select o.id from order_order o
where cast($1 as bigint) > 0 and not exists (select 1 from flow_fact f where f.merchant = o.merchant and f.kind = 'order.placed' and f.occurrence = o.id)
union
select o.id from order_order o
where o.state = 'cancelled' and not exists (select 1 from flow_fact f where f.merchant = o.merchant and f.kind = 'order.cancelled' and f.subject = o.id)
union
select c.id from promise_commitment c
where not exists (select 1 from flow_fact f where f.merchant = c.merchant and f.kind = 'promise.made' and f.occurrence = c.id)
union
select w.id from promise_warning w
where not exists (select 1 from flow_fact f where f.merchant = w.merchant and f.kind = 'promise.at_risk' and f.occurrence = w.id)
union
select p.id from order_parcel p
where not exists (select 1 from flow_fact f where f.merchant = p.merchant and f.kind = 'order.parcel_announced' and f.occurrence = p.id)
union
select h.id from order_shortage h
where not exists (select 1 from flow_fact f where f.merchant = h.merchant and f.kind = 'order.units_missing' and f.occurrence = h.id)
union
select n.commitment from promise_consent n
where not exists (select 1 from flow_fact f where f.merchant = n.merchant and f.kind = 'lastmile.early_answered' and f.occurrence = n.early)
union
select b.id from lastmile_booking b
where not exists (select 1 from flow_fact f where f.merchant = b.merchant and f.kind = 'lastmile.booked' and f.occurrence = b.id)
union
select b.id from lastmile_booking b
where b.released_at is not null and not exists (select 1 from flow_fact f where f.merchant = b.merchant and f.kind = 'lastmile.released' and f.occurrence = b.id)
union
select e.id from lastmile_early e
where not exists (select 1 from flow_fact f where f.merchant = e.merchant and f.kind = 'lastmile.early_asked' and f.occurrence = e.id)
union
select e.id from lastmile_early e
where e.answered is not null and not exists (select 1 from flow_fact f where f.merchant = e.merchant and f.kind = 'lastmile.early_answered' and f.occurrence = e.id)
union
select c.id from lastmile_change c
where not exists (select 1 from flow_fact f where f.merchant = c.merchant and f.kind = 'lastmile.change_asked' and f.occurrence = c.id)
union
select c.id from lastmile_change c
where c.state <> 'asked' and not exists (select 1 from flow_fact f where f.merchant = c.merchant and f.kind = 'lastmile.change_' || c.state and f.occurrence = c.id)
union
select r.id from remedy_remedy r
where r.state = 'granted' and not exists (select 1 from flow_fact f where f.merchant = r.merchant and f.kind = 'remedy.granted' and f.occurrence = r.id)
union
select r.id from remedy_remedy r
where r.state = 'refused' and not exists (
	select 1 from flow_fact f where f.merchant = r.merchant and f.kind = 'remedy.refused' and f.subject = r.orderid and (f.occurrence = r.id or f.occurrence like r.id || ' %')
)
union
select m.id from notify_message m
where m.state in ('sent', 'bounced') and not exists (select 1 from flow_fact f where f.merchant = m.merchant and f.kind = 'notify.sent' and f.occurrence = m.id)
union
select m.id from notify_message m
where m.state in ('bounced', 'failed') and not exists (select 1 from flow_fact f where f.merchant = m.merchant and f.kind = 'notify.' || m.state and f.occurrence = m.id)
union
select f.id from flow_fact f where f.actor = ''
order by 1
