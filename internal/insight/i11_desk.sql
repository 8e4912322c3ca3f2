-- across merchants: I11, whoever waits for a person is owed an answer, and what a person answered is settled; what was said is all there
select c.id from desk_conversation c
where c.state = 'waiting' and not exists (
	select 1 from promise_commitment p where p.merchant = c.merchant and p.kind = 'answer_by' and p.about = c.question and p.state in ('open', 'broken') and p.until = c.answer_by
)
union
select c.id from desk_conversation c
join promise_commitment p on p.merchant = c.merchant and p.kind = 'answer_by' and p.about = c.question
where c.state <> 'waiting' and p.state = 'open'
union
select c.id from desk_conversation c
where c.said <> (select count(*) from desk_said s where s.merchant = c.merchant and s.conversation = c.id)
	or cast($1 as bigint) > 0 and not exists (
		select 1 from flow_fact f where f.merchant = c.merchant and f.kind = 'desk.asked' and f.occurrence = c.id
	)
union
select s.id from desk_said s
where s.party = 'merchant' and (s.actor not like 'staff:%' or not exists (
	select 1 from flow_fact f where f.merchant = s.merchant and f.kind = 'desk.answered' and f.occurrence = s.id
))
union
select q.order_id from survey_asking q
where q.version <> (select count(*) from survey_answer a where a.merchant = q.merchant and a.order_id = q.order_id and a.kind = q.kind)
order by 1
