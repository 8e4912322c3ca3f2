-- across merchants: S-17, the second person neither asked, nor inspected, nor decided, and says why; $1 is now
select d.id from returns_decision d
join returns_return r on r.merchant = d.merchant and r.id = d.return_id
where cast($1 as bigint) > 0 and d.second_by <> '' and (
	d.second_by = d.decided_by or d.second_by = r.asked_by or exists (
		select 1 from returns_finding f
		where f.merchant = d.merchant and f.return_id = d.return_id and f.inspector = d.second_by and f.at <= coalesce(d.final_at, $1)
	)
)
union
select d.id from returns_decision d
where d.second_by <> '' and not exists (
	select 1 from returns_second w
	where w.merchant = d.merchant and w.return_id = d.return_id and w.decision = d.id and w.actor = d.second_by and w.reason <> ''
)
union
select d.id from returns_decision d where d.why <> '' and d.state <> 'waiting' and d.second_by = ''
union
select s.id from returns_dispute s
join returns_return r on r.merchant = s.merchant and r.id = s.return_id
where s.settled_by = 'person' and (
	s.settler = r.asked_by or exists (
		select 1 from returns_decision d
		where d.merchant = s.merchant and d.return_id = s.return_id and d.decided < s.settled and (d.decided_by = s.settler or d.second_by = s.settler)
	) or exists (
		select 1 from returns_finding f where f.merchant = s.merchant and f.return_id = s.return_id and f.inspector = s.settler and f.at < s.settled
	)
)
order by 1
