-- across merchants: I6, the sequence of verdicts and the state it led to; $1 is now
select c.id from promise_commitment c
left join (
	select merchant, commitment, count(*) as n, max(sequence) as last from promise_verdict group by merchant, commitment
) v on v.merchant = c.merchant and v.commitment = c.id
left join promise_verdict l on l.merchant = c.merchant and l.commitment = c.id and l.sequence = v.last
where cast($1 as bigint) > 0 and (
	coalesce(v.n, 0) <> c.verdicts
	or coalesce(v.last, 0) <> c.verdicts
	or (c.state in ('kept', 'broken', 'void') and (l.state is null or l.state <> c.state))
	or (c.state = 'open' and c.verdicts > 0)
)
order by c.id
