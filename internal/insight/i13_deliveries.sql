-- across merchants: I13, each fact that somebody hears of has its delivery, numbered without gaps, under way or visibly exhausted; $1 is now
select f.id from webhook_subscription s
join flow_fact f on f.merchant = s.merchant and f.kind = s.kind and f.at > s.since and (s.until is null or f.at < s.until)
join webhook_endpoint e on e.merchant = s.merchant and e.id = s.endpoint and e.state <> 'removed'
where cast($1 as bigint) > 0
and not exists (select 1 from webhook_delivery d where d.merchant = s.merchant and d.endpoint = s.endpoint and d.fact = f.id)
and not exists (select 1 from flow_later l where l.merchant = f.merchant and l.fact = f.id and l.reaction like 'webhook.%')
and not exists (select 1 from flow_parked p where p.merchant = f.merchant and p.fact = f.id and p.reaction like 'webhook.%')
union
select max(d.id) from webhook_delivery d
where d.sequence > 0
group by d.merchant, d.endpoint, d.subject
having count(*) <> max(d.sequence) or count(distinct d.sequence) <> count(*)
union
select d.id from webhook_delivery d
where d.state = 'waiting' and not exists (
	select 1 from webhook_delivery h where h.merchant = d.merchant and h.endpoint = d.endpoint and h.subject = d.subject and h.next is not null
)
union
select d.id from webhook_delivery d
where (d.state = 'dead' and d.error = '') or (d.state = 'delivered' and (d.tries = 0 or d.tried is null))
order by 1
