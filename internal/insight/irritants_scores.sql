-- whole merchant: the last score of each order answered about in a period, beside what became of its promise
select a.score, coalesce((
	select c.state from promise_commitment c
	where c.merchant = a.merchant and c.order_id = a.order_id and c.about = '' and c.kind in ('deliver_by', 'deliver_in_slot') and c.state <> 'amended'
	order by c.id desc limit 1
), 'open'), count(*)
from survey_asking q
join survey_answer a on a.merchant = q.merchant and a.order_id = q.order_id and a.kind = q.kind and a.version = q.version
where q.merchant = $1 and q.kind = 'delivery' and a.at >= $2 and a.at < $3
group by 1, 2
order by 1, 2
