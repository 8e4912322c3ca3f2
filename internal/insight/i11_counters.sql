-- across merchants: I11, each hand-over has its fact and its own scan at the point, and each deposit at a counter the one scan that made it; $1 is now
select h.id from counter_hold h
left join counter_scan s on s.merchant = h.keeper and s.id = h.handed_scan
where cast($1 as bigint) > 0 and ((h.state = 'handed') <> (h.handed is not null) or (h.state = 'handed') <> (h.handed_scan <> '')
	or (h.state = 'handed' and (s.id is null or s.outcome <> 'handed' or s.hold <> h.id or s.point <> h.point)))
union
select h.id from counter_hold h
where h.state = 'handed' and not exists (
	select 1 from flow_fact f where f.merchant = h.merchant and f.kind = 'counter.handed_over' and f.occurrence = h.id
)
union
select s.id from counter_scan s
left join counter_hold h on h.merchant = s.owner and h.id = s.hold
where s.outcome = 'handed' and (h.id is null or h.state <> 'handed' or h.handed_scan <> s.id)
union
-- A deposit of somebody's own system has no scan here. The proof of a counter ends with its device's id, in brackets.
select p.id from returns_deposit p
join crew_device d on d.id = substr(p.device, length(p.device) - 30, 30)
left join (
	select owner, proof, count(*) as n from counter_scan where outcome = 'deposited' group by owner, proof
) s on s.owner = p.merchant and s.proof = p.number
where p.source in ('counter', 'store') and coalesce(s.n, 0) <> 1
union
select s.id from counter_scan s
left join returns_deposit p on p.merchant = s.owner and p.number = s.proof and p.return_id = s.return_id
where s.outcome = 'deposited' and (p.id is null or p.point <> s.point)
order by 1
