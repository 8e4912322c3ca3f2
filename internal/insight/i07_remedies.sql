-- across merchants: I7, each commitment ever broken has one remedy, and no other has; $1 is now
select c.id from promise_commitment c
join (
	select distinct merchant, commitment from promise_verdict where state = 'broken'
) b on b.merchant = c.merchant and b.commitment = c.id
left join remedy_remedy r on r.merchant = c.merchant and r.commitment = c.id
where cast($1 as bigint) > 0 and r.id is null and not exists (
	select 1 from flow_parked p
	join flow_fact f on f.merchant = p.merchant and f.id = p.fact
	where p.merchant = c.merchant and p.reaction like 'remedy.%' and f.subject = c.order_id
)
union
select r.commitment from remedy_remedy r
where not exists (
	select 1 from promise_verdict v where v.merchant = r.merchant and v.commitment = r.commitment and v.state = 'broken'
)
order by 1
