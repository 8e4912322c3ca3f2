-- across merchants: I3, one refund a decision, under the decision's key, told as it is, booked as it is, and carried out or somebody's business; $1 is now
select r.id from payment_refund r
where cast($1 as bigint) > 0 and r.key <> r.decision
union
select r.id from payment_refund r
where r.minor > 0 and not exists (
	select 1 from flow_fact f where f.merchant = r.merchant and f.kind = 'payment.refund_ordered' and f.occurrence = r.id
)
union
select r.id from payment_refund r
where r.minor > 0 and r.state = 'done' and not exists (
	select 1 from flow_fact f where f.merchant = r.merchant and f.kind = 'payment.refunded' and f.subject = r.order_id and f.occurrence = r.id
)
union
select r.id from payment_refund r
where r.credit > 0 and not exists (
	select 1 from flow_fact f where f.merchant = r.merchant and f.kind = 'payment.credit_given' and f.occurrence = r.id
)
union
select r.id from payment_refund r
left join (
	select j.merchant, j.key, sum(p.minor) as total
	from ledger_journal j join ledger_posting p on p.merchant = j.merchant and p.journal = j.id
	where p.minor > 0 and j.key like 'credit:refund:%'
	group by j.merchant, j.key
) b on b.merchant = r.merchant and b.key = 'credit:refund:' || r.id
where r.credit <> coalesce(b.total, 0)
union
select f.occurrence from flow_fact f
where f.kind = 'payment.refund_ordered' and not exists (
	select 1 from payment_refund r where r.merchant = f.merchant and r.id = f.occurrence
)
union
select r.id from payment_refund r
where r.state in ('ordered', 'sent', 'unknown') and r.ordered < $1 - 172800000000
order by 1
