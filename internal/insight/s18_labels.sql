-- across merchants: S-18, a label is one a key, of one return, serves once, and is void for any other; $1 is now
select max(l.id) from returns_label l
join returns_return r on r.merchant = l.merchant and r.id = l.return_id
where cast($1 as bigint) > 0 and l.number <> ''
group by l.merchant, r.connection, l.number having count(distinct l.return_id) > 1
union
select max(l.id) from returns_label l
where l.state = 'used'
group by l.merchant, l.return_id having count(*) > 1
union
select l.id from returns_label l
join returns_return r on r.merchant = l.merchant and r.id = l.return_id
where (l.state = 'used' and r.deposited is null and r.received is null)
	or (l.state = 'ready' and r.state not in ('accepted', 'ready'))
union
select l.id from returns_label l
left join carrier_label c on c.merchant = l.merchant and c.key = l.return_id || '/' || l.format
where l.state in ('ready', 'used') and (c.key is null or c.number <> l.number or c.state not in ('issued', 'void') or (l.state = 'ready' and c.state = 'void'))
order by 1
