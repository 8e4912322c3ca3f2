-- across merchants: I2, the law's surcharge stands on its own account, as much as was reckoned day by day; $1 is now
select u.return_id from (
	select u.merchant, u.return_id, max(u.minor) as reckoned, max(u.currency) as currency, sum(coalesce(b.booked, 0)) as booked,
		max(coalesce(b.elsewhere, 0)) as elsewhere
	from returns_uplift u
	left join (
		select j.merchant, j.key, sum(case when p.minor > 0 then p.minor else 0 end) as booked,
			max(case when p.account = 'uplift' or p.account like 'uplift:%' then 0 else 1 end) as elsewhere
		from ledger_journal j join ledger_posting p on p.merchant = j.merchant and p.journal = j.id
		where j.key like 'uplift:%'
		group by j.merchant, j.key
	) b on b.merchant = u.merchant and b.key = 'uplift:' || u.return_id || ':' || u.day
	group by u.merchant, u.return_id
) u
where cast($1 as bigint) > 0 and (u.reckoned <> u.booked or u.elsewhere <> 0)
union
select j.id from ledger_journal j
where j.key like 'uplift:%' and not exists (
	select 1 from returns_uplift u where u.merchant = j.merchant and j.key = 'uplift:' || u.return_id || ':' || u.day
)
order by 1
