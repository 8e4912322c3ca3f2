-- +goose Up
-- What waits for a person at the merchant's, the most urgent first.
create index returns_return_work on returns_return (merchant, coalesce(look_by, refund_by, asked), id)
	where (state in ('held', 'received', 'lost') or state = 'accepted' and route = 'keep');
create index returns_return_overdue on returns_return (merchant, refund_by, id)
	where state in ('deposited', 'received', 'lost') and refund_by is not null;
create index returns_dispute_desk on returns_dispute (merchant, answer_by, id) where state in ('open', 'asked');
create index returns_withdrawal_desk on returns_withdrawal (merchant, acknowledge_by, id) where acknowledged is null;
create index payment_refund_open on payment_refund (merchant, state, ordered, id) where state <> 'done';
