-- across merchants: I9, a slot holds what is booked in it, and no more than it may; $1 is now
select s.service || ' ' || cast(s.since as text) from lastmile_slot s
left join (
	select merchant, service, since, until, count(*) as live from lastmile_booking
	where released_at is null group by merchant, service, since, until
) b on b.merchant = s.merchant and b.service = s.service and b.since = s.since and b.until = s.until
where cast($1 as bigint) > 0 and (s.booked > s.capacity or s.booked <> coalesce(b.live, 0))
union
select b.id from lastmile_booking b
where b.released_at is null and not exists (
	select 1 from lastmile_slot s where s.merchant = b.merchant and s.service = b.service and s.since = b.since and s.until = b.until
)
order by 1
