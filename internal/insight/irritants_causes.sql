-- whole merchant: why the promises due in a period were not kept
select c.kind, v.reason, v.liable, count(*)
from promise_commitment c
join promise_verdict v on v.merchant = c.merchant and v.commitment = c.id and v.sequence = c.verdicts
where c.merchant = $1 and c.state = 'broken' and c.contested is null and c.until >= $2 and c.until < $3
group by c.kind, v.reason, v.liable
order by 4 desc, 1, 2, 3
