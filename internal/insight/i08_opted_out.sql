-- across merchants: I8, nothing leaves after an opt-out; $1 is now
select m.id from notify_message m
join notify_preference p on p.merchant = m.merchant and p.shopper = m.shopper and p.topic = m.topic and p.channel = m.channel
where cast($1 as bigint) > 0 and not p.allowed and m.state in ('sent', 'bounced') and m.accepted_at > p.at and m.created > p.at
order by m.id
