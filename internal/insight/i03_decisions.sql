-- across merchants: I3, a final decision is told once and paid by one refund of its own amount, and no refund is of anything else; $1 is now
select d.id from returns_decision d
where cast($1 as bigint) > 0 and d.state = 'final' and not exists (
	select 1 from flow_fact f where f.merchant = d.merchant and f.kind = 'returns.decided' and f.subject = d.order_id and f.occurrence = d.id
)
union
select f.occurrence from flow_fact f
where f.kind = 'returns.decided' and not exists (
	select 1 from returns_decision d where d.merchant = f.merchant and d.id = f.occurrence and d.state = 'final'
)
union
select d.id from returns_decision d
left join payment_refund r on r.merchant = d.merchant and r.decision = d.id
where d.state = 'final' and d.minor > 0 and d.settlement <> 'exchange' and (
	r.id is null or r.minor + r.credit <> d.minor or r.currency <> d.currency or r.order_id <> d.order_id or r.return_id <> d.return_id
	or r.settlement <> d.settlement
)
union
select r.id from payment_refund r
left join returns_decision d on d.merchant = r.merchant and d.id = r.decision
where d.id is null or d.state <> 'final' or d.minor = 0 or d.settlement = 'exchange'
union
select d.id from returns_decision d
left join payment_refund r on r.merchant = d.merchant and r.decision = d.id
where d.paid is not null and (r.id is null or (r.minor > 0 and r.done is null))
union
select d.id from returns_decision d
join payment_refund r on r.merchant = d.merchant and r.decision = d.id
where d.paid is null and r.state = 'done' and not exists (
	select 1 from flow_parked p join flow_fact f on f.merchant = p.merchant and f.id = p.fact
	where p.merchant = d.merchant and p.reaction like 'returns.%' and f.subject = d.order_id
)
union
select d.id from returns_decision d
join returns_return r on r.merchant = d.merchant and r.id = d.return_id
where d.state = 'final' and d.settlement = 'exchange' and d.minor > 0 and d.refund_by < $1
	and r.exchanged = '' and r.stock in ('none', 'silent')
order by 1
