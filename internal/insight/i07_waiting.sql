-- across merchants: I7, waiting counts until its instant; an hour is left for a node that was down; $1 is now
select r.id from remedy_remedy r
where r.state = 'waiting' and r.next_at < $1 - 3600000000 and not exists (
	select 1 from flow_parked p where p.merchant = r.merchant and p.fact = r.id
)
order by r.id
