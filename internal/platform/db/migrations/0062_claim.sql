-- +goose Up
-- Claims: what a shopper says went wrong with an order, decided by a person, and
-- by a second one where the shopper does not accept that.
create table desk_claim (
	merchant text not null,
	id text not null,
	key text not null,
	order_id text not null,
	parcel text not null,
	shopper text not null,
	what text not null check (what in ('late', 'lost', 'damaged', 'missing', 'not_received', 'nobody_came', 'other')),
	locale text not null,
	state text not null check (state in ('open', 'decided', 'contested', 'closed')),
	opened bigint not null,
	opener text not null,
	question text not null,
	answer_by bigint not null,
	value bigint not null,
	currency text not null,
	outcome text not null check (outcome in ('', 'full', 'partial', 'refused')),
	liable text not null,
	decider text not null,
	decided bigint,
	said bigint not null,
	primary key (merchant, id),
	unique (merchant, key)
);
create index desk_claim_queue on desk_claim (merchant, answer_by, value, id) where state in ('open', 'contested');
create index desk_claim_order on desk_claim (merchant, order_id, id);
create index desk_claim_shopper on desk_claim (merchant, shopper, id);

-- All that was said about a claim, asked of others and decided. Rows are only ever added.
create table desk_claim_said (
	merchant text not null,
	claim text not null,
	sequence bigint not null,
	id text not null,
	act text not null check (act in ('opened', 'added', 'asked', 'given', 'decided', 'contested', 'reviewed')),
	party text not null check (party in ('shopper', 'merchant', 'carrier')),
	actor text not null,
	via text not null,
	words text not null,
	photos text not null,
	outcome text not null,
	liable text not null,
	at bigint not null,
	primary key (merchant, claim, sequence),
	unique (merchant, id)
);
