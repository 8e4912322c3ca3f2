-- whole merchant: the visits of some days, by page, width and step
select page, width, within, cast(sum(visits) as bigint) from speed_visits
where merchant = $1 and day >= $2 and day <= $3
group by page, width, within
order by page, within
