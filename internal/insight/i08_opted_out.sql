-- across merchants: I8, nothing leaves after an opt-out, nor to a number that said STOP; $1 is now
select m.id from notify_message m
join notify_preference p on p.merchant = m.merchant and p.shopper = m.shopper and p.topic = m.topic and p.channel = m.channel
where cast($1 as bigint) > 0 and not p.allowed and m.state in ('sent', 'bounced') and m.accepted_at > p.at and m.created > p.at
union
select m.id from notify_message m
join notify_suppressed s on s.merchant = m.merchant and s.contact = m.contact
where s.message = '' and m.channel = 'sms' and m.state in ('sent', 'bounced') and m.accepted_at > s.at and m.created > s.at
order by 1
