-- across merchants: I11, a withdrawal is told, opens its return, and its acknowledgement is sent or owed as a promise; $1 is now
select w.id from returns_withdrawal w
where cast($1 as bigint) > 0 and not exists (
	select 1 from flow_fact f where f.merchant = w.merchant and f.kind = 'returns.withdrawn' and f.occurrence = w.id
)
union
select w.id from returns_withdrawal w
where w.return_id <> '' and not exists (
	select 1 from returns_return r where r.merchant = w.merchant and r.id = w.return_id and r.withdrawal = w.id and r.ground = 'withdrawal'
) and not exists (
	select 1 from flow_fact f join flow_later l on l.merchant = f.merchant and l.fact = f.id and l.reaction like 'returns.%'
	where f.merchant = w.merchant and f.kind = 'returns.withdrawn' and f.occurrence = w.id
) and not exists (
	select 1 from flow_fact f join flow_parked p on p.merchant = f.merchant and p.fact = f.id and p.reaction like 'returns.%'
	where f.merchant = w.merchant and f.kind = 'returns.withdrawn' and f.occurrence = w.id
)
union
select w.id from returns_withdrawal w
left join promise_commitment c on c.merchant = w.merchant and c.about = w.id and c.kind = 'acknowledge_by'
where c.id is null
	or (w.acknowledged is not null and c.state = 'open')
	or (w.acknowledged is null and c.state = 'open' and c.until + c.grace < $1 - 3600000000)
union
select w.id from returns_withdrawal w
where w.in_time and not exists (
	select 1 from promise_commitment c
	where c.merchant = w.merchant and c.about = case when w.return_id = '' then w.id else w.return_id end
		and c.kind = 'refund_by' and c.origin = 'law'
)
union
select r.id from returns_return r
where r.withdrawal <> '' and not exists (
	select 1 from returns_withdrawal w where w.merchant = r.merchant and w.id = r.withdrawal and w.return_id = r.id
)
order by 1
