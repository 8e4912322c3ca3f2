-- across merchants: I11, deliveries come together all or none, in one write that amends every promise, and each has its fact; $1 is now
select r.id from lastmile_regroup r
where cast($1 as bigint) > 0 and (r.state = 'asked') <> (r.ended is null)
	or r.state = 'asked' and r.answer_by < $1 - 3600000000
union
select m.order_id from lastmile_member m
left join lastmile_regroup r on r.id = m.regroup
where r.id is null or (r.state = 'settled') <> (m.state = 'settled') or r.state = 'fallen' and m.state = 'open'
union
select m.order_id from lastmile_member m
join lastmile_regroup r on r.id = m.regroup
where m.state = 'settled' and not exists (
	select 1 from flow_fact f
	where f.merchant = m.merchant and f.kind = 'lastmile.regrouped' and f.occurrence = m.regroup || '/' || m.order_id and f.at = r.ended
) or m.state = 'fallen' and not exists (
	select 1 from flow_fact f where f.merchant = m.merchant and f.kind = 'lastmile.regroup_fallen' and f.occurrence = m.regroup || '/' || m.order_id
)
union
select m.order_id from lastmile_member m
left join lastmile_change c on c.merchant = m.merchant and c.id = m.change and c.order_id = m.order_id
where m.change <> '' and (c.id is null or (c.state = 'accepted') <> (m.state = 'settled') or (c.state = 'asked') <> (m.state = 'open'))
union
select m.order_id from lastmile_member m
join lastmile_regroup r on r.id = m.regroup
where m.state = 'settled' and m.change <> '' and not exists (
	select 1 from flow_fact f
	join flow_fact a on a.merchant = f.merchant and a.subject = f.subject and a.kind = 'promise.amended' and a.cause = f.id and a.at = r.ended
	join promise_commitment o on o.merchant = a.merchant and o.id = a.occurrence and o.order_id = m.order_id and o.state = 'amended'
	join promise_commitment n on n.merchant = o.merchant and n.id = o.successor and n.until = m.until
	where f.merchant = m.merchant and f.kind = 'lastmile.change_accepted' and f.occurrence = m.change
)
union
select m.order_id from lastmile_member m
where m.state <> 'settled' and exists (
	select 1 from flow_fact f
	join flow_fact a on a.merchant = f.merchant and a.subject = f.subject and a.kind = 'promise.amended' and a.cause = f.id
	where f.merchant = m.merchant and f.occurrence = m.change and f.kind like 'lastmile.change_%'
)
union
select max(m.regroup) from lastmile_member m
where m.state = 'settled' and m.change <> ''
group by m.regroup
having max(m.until) - min(m.until) > 90000000000
order by 1
