-- across merchants: I11, each state of a return has the fact that says who and why, and each deposit its proof; $1 is now
select r.id from returns_return r
where cast($1 as bigint) > 0 and not exists (
	select 1 from flow_fact f where f.merchant = r.merchant and f.occurrence = r.id
		and f.kind = case r.ground when 'resolution' then 'returns.resolved' when 'claim' then 'returns.made_good' else 'returns.requested' end
)
union
select r.id from returns_return r
where r.state in ('held', 'cancelled', 'expired', 'closed') and not exists (
	select 1 from flow_fact f where f.merchant = r.merchant and f.kind = 'returns.' || r.state and f.occurrence = r.id
)
union
select r.id from returns_return r
where r.received is not null and not exists (
	select 1 from flow_fact f where f.merchant = r.merchant and f.kind = 'returns.received' and f.occurrence = r.id
)
union
select r.id from returns_return r
where (r.state = 'lost' or (r.state in ('decided', 'closed') and r.deposited is not null and r.received is null)) and not exists (
	select 1 from flow_fact f where f.merchant = r.merchant and f.kind = 'returns.lost' and f.occurrence = r.id
)
union
select r.id from returns_return r
left join returns_deposit p on p.merchant = r.merchant and p.return_id = r.id
where (r.deposited is null and p.id is not null) or (r.deposited is not null and (p.id is null or p.at <> r.deposited))
union
select p.id from returns_deposit p
where not exists (select 1 from flow_fact f where f.merchant = p.merchant and f.kind = 'returns.deposited' and f.occurrence = p.id)
union
select r.id from returns_return r
left join (
	select merchant, return_id, count(*) as n, max(sequence) as last, sum(case when state = 'final' then 1 else 0 end) as final,
		sum(case when state = 'waiting' then 1 else 0 end) as waiting
	from returns_decision group by merchant, return_id
) d on d.merchant = r.merchant and d.return_id = r.id
where (r.state in ('decided', 'closed') and coalesce(d.final, 0) = 0) or d.n <> d.last or (r.state = 'closed' and d.waiting > 0)
union
select d.id from returns_dispute d
where not exists (select 1 from flow_fact f where f.merchant = d.merchant and f.kind = 'returns.contested' and f.occurrence = d.id)
union
select d.id from returns_dispute d
left join flow_fact f on f.merchant = d.merchant and f.kind = 'returns.dispute_settled' and f.occurrence = d.id
where (d.settled is null) <> (f.id is null) or (d.settled is null) <> (d.state in ('open', 'asked'))
union
select d.id from returns_dispute d
join returns_return r on r.merchant = d.merchant and r.id = d.return_id
where r.state = 'closed' and d.state in ('open', 'asked')
union
select u.return_id from returns_uplift u
join ledger_journal j on j.merchant = u.merchant and j.key = 'uplift:' || u.return_id || ':' || u.day
where not exists (select 1 from flow_fact f where f.merchant = j.merchant and f.kind = 'returns.uplift_booked' and f.occurrence = j.key)
union
select d.id from returns_demand d
where (d.resolved is null) <> (d.return_id = '') or not exists (
	select 1 from flow_fact f where f.merchant = d.merchant and f.kind = 'returns.demanded' and f.occurrence = d.id
)
order by 1
