-- +goose Up
-- What a shopper contests about the evidence of an order's promises. Upheld, the
-- scans from before are not believed any more, and liable answers for it.
create table promise_contest (
	merchant text not null,
	claim text not null,
	order_id text not null,
	parcel text not null,
	what text not null check (what in ('lost', 'not_received', 'nobody_came')),
	state text not null check (state in ('open', 'upheld', 'dismissed')),
	liable text not null,
	since bigint not null,
	at bigint not null,
	primary key (merchant, claim)
);
create index promise_contest_order on promise_contest (merchant, order_id, claim);

-- Since when the evidence of the last verdict is contested: such a promise counts
-- in no measure.
alter table promise_commitment add column contested bigint;
