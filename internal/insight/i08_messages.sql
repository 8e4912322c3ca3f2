-- across merchants: I8, one message a cause, one Message-ID a message for life; $1 is now
select max(m.id) from notify_message m
where cast($1 as bigint) > 0
group by m.merchant, m.shopper, m.channel, m.topic, m.cause having count(*) > 1
union
select max(m.id) from notify_message m
where m.message_id <> ''
group by m.message_id having count(*) > 1
union
select m.id from notify_message m
where m.cause = '' or (m.state in ('sent', 'bounced') and (m.message_id = '' or m.accepted_at is null))
order by 1
