-- across merchants: I11, whoever claims is owed a decision, a decision settles that, by two people where the first was contested, and not less was said than is counted
select c.id from desk_claim c
where c.state in ('open', 'contested') and not exists (
	select 1 from promise_commitment p where p.merchant = c.merchant and p.kind = 'answer_by' and p.about = c.question and p.state in ('open', 'broken') and p.until = c.answer_by
)
union
select c.id from desk_claim c
join promise_commitment p on p.merchant = c.merchant and p.kind = 'answer_by' and p.about = c.question
where c.state in ('decided', 'closed') and p.state = 'open'
union
select c.id from desk_claim c
where c.said <> (select count(*) from desk_claim_said s where s.merchant = c.merchant and s.claim = c.id)
	or cast($1 as bigint) > 0 and not exists (
		select 1 from flow_fact f where f.merchant = c.merchant and f.kind = 'desk.claimed' and f.occurrence = c.id
	)
union
select s.claim from desk_claim_said s
join desk_claim c on c.merchant = s.merchant and c.id = s.claim
where s.act in ('decided', 'reviewed') and (
	s.actor not like 'staff:%' or s.actor = c.opener
	or s.act = 'decided' and s.actor <> c.decider or s.act = 'reviewed' and s.actor = c.decider
)
union
select c.id from desk_claim c
where (c.state <> 'open' or c.decider <> '') and not exists (
	select 1 from desk_claim_said s
	join flow_fact f on f.merchant = s.merchant and f.kind = 'desk.claim_decided' and f.occurrence = s.id
	where s.merchant = c.merchant and s.claim = c.id and s.act = 'opened'
)
or c.state = 'contested' and not exists (
	select 1 from flow_fact f where f.merchant = c.merchant and f.kind = 'desk.contested' and f.occurrence = c.question
)
or c.state = 'closed' and not exists (
	select 1 from flow_fact f where f.merchant = c.merchant and f.kind = 'desk.contest_decided' and f.occurrence = c.question
)
union
select s.claim from desk_claim_said s
join desk_claim_said q on q.merchant = s.merchant and q.claim = s.claim and q.act = case s.act when 'decided' then 'opened' else 'contested' end
left join returns_return r on r.merchant = s.merchant and r.key = 'claim/' || q.id
where s.act in ('decided', 'reviewed') and (s.goods = '[]') <> (r.id is null)
order by 1
