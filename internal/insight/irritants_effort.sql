-- whole merchant: what it took shoppers, for the deliveries due in a period
with delivered as (
	select c.order_id, max(c.until) as until from promise_commitment c
	where c.merchant = $1 and c.about = '' and c.kind in ('deliver_by', 'deliver_in_slot') and c.state in ('kept', 'broken')
		and c.until >= $2 and c.until < $3
	group by c.order_id
)
select (select count(*) from delivered),
	(select count(*) from desk_said s join desk_conversation c on c.merchant = s.merchant and c.id = s.conversation
		where s.merchant = $1 and s.party = 'shopper' and c.order_id in (select order_id from delivered)),
	(select count(*) from promise_commitment c where c.merchant = $1 and c.about = '' and c.state = 'amended' and c.kind <> 'complete'
		and c.order_id in (select order_id from delivered)),
	(select count(*) from promise_commitment c join promise_deed d on d.merchant = c.merchant and d.about = c.about and d.deed = 'answered'
		where c.merchant = $1 and c.kind = 'answer_by' and c.order_id in (select order_id from delivered)),
	(select cast(coalesce(sum(d.at - c.made), 0) as bigint) from promise_commitment c
		join promise_deed d on d.merchant = c.merchant and d.about = c.about and d.deed = 'answered'
		where c.merchant = $1 and c.kind = 'answer_by' and c.order_id in (select order_id from delivered))
