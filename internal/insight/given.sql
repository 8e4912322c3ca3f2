-- whole merchant: what was credited to shoppers in a period
select currency, cast(sum(minor) as bigint), count(*) from remedy_grant
where merchant = $1 and at >= $2 and at < $3
group by currency
order by currency
