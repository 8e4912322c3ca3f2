-- across merchants: I6, a verdict is told once, by one fact, as it stands; $1 is now
select v.id from promise_verdict v
left join (
	select merchant, occurrence, min(kind) as kind, count(*) as n from flow_fact
	where kind in ('promise.kept', 'promise.broken', 'promise.voided', 'promise.corrected')
	group by merchant, occurrence
) f on f.merchant = v.merchant and f.occurrence = v.id
where cast($1 as bigint) > 0 and (
	f.n is null or f.n <> 1
	or (v.sequence = 1 and f.kind <> case v.state when 'kept' then 'promise.kept' when 'broken' then 'promise.broken' else 'promise.voided' end)
	or (v.sequence > 1 and f.kind <> 'promise.corrected')
)
order by v.id
