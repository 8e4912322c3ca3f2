-- across merchants: I9, a slot holds what is booked in it and what is kept for a change, and no more than it may; $1 is now
with taken as (
	select merchant, service, since, until, id from lastmile_booking where released_at is null
	union all
	select merchant, service, since, until, id from lastmile_change where held
)
select s.service || ' ' || cast(s.since as text) from lastmile_slot s
left join (
	select merchant, service, since, until, count(*) as live from taken group by merchant, service, since, until
) t on t.merchant = s.merchant and t.service = s.service and t.since = s.since and t.until = s.until
where cast($1 as bigint) > 0 and (s.booked > s.capacity or s.booked <> coalesce(t.live, 0))
union
select t.id from taken t
where not exists (
	select 1 from lastmile_slot s where s.merchant = t.merchant and s.service = t.service and s.since = t.since and s.until = t.until
)
order by 1
