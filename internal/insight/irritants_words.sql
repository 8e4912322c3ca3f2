-- whole merchant: what shoppers wrote in a period, in their own words
select 'survey' as via, a.order_id, '' as conversation, a.score, a.words, a.at
from survey_answer a
where a.merchant = $1 and a.words <> '' and a.at >= $2 and a.at < $3
union all
select s.via, c.order_id, c.id, -1, s.words, s.at
from desk_said s
join desk_conversation c on c.merchant = s.merchant and c.id = s.conversation
where s.merchant = $1 and s.party = 'shopper' and s.via <> 'survey' and s.at >= $2 and s.at < $3
order by at desc, order_id
limit $4
