-- across merchants: I6, what is contested stands as its claim does, and only what somebody contests is left out of the measures; $1 is now
select x.claim from promise_contest x
left join desk_claim c on c.merchant = x.merchant and c.id = x.claim and c.order_id = x.order_id
where cast($1 as bigint) > 0 and (
	c.id is null
	or c.state = 'open' and c.what = x.what and x.state <> 'open'
	or c.what <> x.what and x.state <> 'dismissed'
	or c.state = 'contested' and c.what = x.what and x.state <> case c.outcome when 'refused' then 'open' else 'upheld' end
	or c.state in ('decided', 'closed') and c.what = x.what and x.state <> case c.outcome when 'refused' then 'dismissed' else 'upheld' end
)
union
select c.id from desk_claim c
where c.what in ('lost', 'not_received', 'nobody_came') and not exists (
	select 1 from promise_contest x where x.merchant = c.merchant and x.claim = c.id and x.what = c.what and x.parcel = c.parcel
)
union
select p.id from promise_commitment p
where p.contested is not null and p.state <> 'amended' and not exists (
	select 1 from promise_contest x where x.merchant = p.merchant and x.order_id = p.order_id and x.state <> 'dismissed'
)
order by 1
