-- across merchants: I11, what a courier said of a stop, and was believed, has its fact and the scan that it is; $1 is now
select v.id from lastmile_visit v
where cast($1 as bigint) > 0 and (v.outcome = 'done') <> exists (
	select 1 from flow_fact f where f.merchant = v.merchant and f.kind = 'lastmile.visited' and f.occurrence = v.id
)
union
select v.id from lastmile_visit v
where v.outcome = 'done' and not exists (
	select 1 from order_parcel p
	join tracking_leg l on l.merchant = p.merchant and l.parcel = p.id
	join tracking_event e on e.merchant = l.merchant and e.connection = l.connection and e.number = l.number
	where p.merchant = v.merchant and p.order_id = v.order_id and e.source = 'courier' and e.at = v.received - v.age
		and e.status = case v.act when 'delivered' then 'delivered' when 'failed' then 'failed_attempt' else 'out_for_delivery' end
)
union
select v.id from lastmile_visit v
left join lastmile_stop s on s.merchant = v.merchant and s.id = v.stop
where s.id is null or s.order_id <> v.order_id
	or v.act = 'delivered' and v.proof = ''
	or (v.outcome = 'refused') <> (v.refusal <> '')
order by 1
