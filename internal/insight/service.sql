-- whole merchant: the orders of a period whose delivery is settled, and those of them that came whole and in time
select count(*), coalesce(sum(case when d.state = 'kept' and (w.state is null or w.state <> 'broken') then 1 else 0 end), 0)
from promise_commitment d
left join promise_commitment w on w.merchant = d.merchant and w.order_id = d.order_id and w.kind = 'complete' and w.state <> 'amended'
where d.merchant = $1 and d.kind in ('deliver_by', 'deliver_in_slot') and d.about = '' and d.contested is null and (w.contested is null) and d.state in ('kept', 'broken')
	and d.until >= $2 and d.until < $3
