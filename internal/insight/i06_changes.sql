-- across merchants: I6, a change that its carrier accepted amends one delivery promise, or closes it, and nothing else of ours amends any; $1 is now
with delivery as (
	select merchant, order_id, id, state, until, made, predecessor from promise_commitment where kind in ('deliver_by', 'deliver_in_slot')
)
select c.id from lastmile_change c
where cast($1 as bigint) > 0 and c.state = 'accepted' and c.until is not null and (
	select count(*) from delivery p where p.merchant = c.merchant and p.order_id = c.order_id and p.predecessor <> '' and p.made = c.changed and p.until = c.until
) <> 1 and not exists (
	-- a breach is not amended away, nor what is settled
	select 1 from delivery p where p.merchant = c.merchant and p.order_id = c.order_id and p.made <= c.changed and (p.until <= c.changed or exists (
		select 1 from promise_verdict v where v.merchant = p.merchant and v.commitment = p.id and v.at <= c.changed
	))
)
union
select c.id from lastmile_change c
where c.state = 'accepted' and c.what = 'cancel' and (exists (
	select 1 from delivery p where p.merchant = c.merchant and p.order_id = c.order_id and p.state = 'open' and p.until > c.changed
) or not exists (
	select 1 from returns_withdrawal w where w.merchant = c.merchant and w.order_id = c.order_id
))
union
select f.occurrence from flow_fact f
where f.kind = 'promise.amended' and f.cause <> '' and not exists (
	select 1 from flow_fact a where a.merchant = f.merchant and a.id = f.cause and a.kind = 'lastmile.change_accepted'
)
union
select a.change from lastmile_address a
where not exists (select 1 from lastmile_change c where c.merchant = a.merchant and c.id = a.change and c.what = 'address')
union
select c.id from lastmile_change c
where c.what = 'address' and (select count(*) from lastmile_address a where a.merchant = c.merchant and a.change = c.id) <> 2
order by 1
