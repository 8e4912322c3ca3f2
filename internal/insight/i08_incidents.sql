-- across merchants: I8, a promise is warned of an incident that there is, once, taken back once, and its shopper told of each no more often; $1 is now
select w.id from promise_warning w
where cast($1 as bigint) > 0 and w.cause like 'inc!_%' escape '!' and not exists (
	select 1 from promise_incident i where i.merchant = w.merchant and i.id = w.cause
)
union
select w.id from promise_warning w
where (w.lifted_at is not null) <> exists (
	select 1 from flow_fact f where f.merchant = w.merchant and f.kind = 'promise.risk_lifted' and f.occurrence = w.id
)
union
select i.id from promise_incident i
where not exists (select 1 from flow_fact f where f.merchant = i.merchant and f.kind = 'promise.incident_declared' and f.occurrence = i.id)
	or i.revision > 1 and not exists (
		select 1 from flow_fact f
		where f.merchant = i.merchant and f.subject = i.merchant and f.kind = 'promise.incident_changed' and f.at >= i.declared and f.body like '%' || i.id || '%'
	)
union
select i.id from promise_incident i
where not i.done and i.release not in ('waiting', 'refused') and not exists (
	select 1 from flow_errand e where e.merchant = i.merchant and e.kind = 'promise.Review' and e.body like '%' || i.id || '%'
)
union
select max(m.id) from promise_warning w
join promise_commitment c on c.merchant = w.merchant and c.id = w.commitment
join notify_message m on m.merchant = w.merchant and m.orderid = c.order_id and m.topic = 'promise_at_risk' and m.state in ('sent', 'bounced')
	and (m.cause = w.commitment || ':' || w.cause or m.cause like w.commitment || ':' || w.cause || '#%')
where w.cause like 'inc!_%' escape '!'
group by w.merchant, w.id, m.shopper, m.channel
having count(*) > 1 + (
	select count(*) from notify_message x
	where x.merchant = w.merchant and x.shopper = m.shopper and x.channel = m.channel and x.topic = 'told_wrong'
		and (x.cause = w.id or x.cause like w.id || '#%' or x.cause like w.commitment || ':' || w.cause || '#%')
)
union
select m.id from notify_message m
where m.topic = 'promise_at_risk' and m.cause like '%:inc!_%' escape '!' and not exists (
	select 1 from promise_warning w
	where w.merchant = m.merchant and w.commitment = m.commitment
		and (m.cause = w.commitment || ':' || w.cause or m.cause like w.commitment || ':' || w.cause || '#%')
)
order by 1
