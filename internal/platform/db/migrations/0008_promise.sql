-- +goose Up
-- The kinds, clocks and origins are all those there will be, so that no key and
-- no check has to be written again.
create table promise_commitment (
	merchant text not null,
	id text not null,
	kind text not null check (kind in ('deliver_by', 'deliver_in_slot', 'complete', 'answer_by', 'refund_by', 'hold_until', 'gift_by', 'benefit', 'acknowledge_by')),
	order_id text not null,
	shopper text not null,
	service text not null,
	stock text not null,
	since bigint,
	until bigint not null,
	zone text not null,
	clock text not null check (clock in ('carrier', 'shopper', 'slot', 'law', 'business')),
	collect boolean not null,
	origin text not null check (origin in ('quote', 'rule', 'law', 'desk', 'pass')),
	quote text,
	shown text not null,
	locale text not null,
	confidence double precision,
	basis text check (basis in ('own', 'service', 'pool', 'standard')),
	handover_by bigint,
	grace bigint not null check (grace >= 0),
	state text not null check (state in ('open', 'kept', 'broken', 'amended', 'void')),
	verdicts bigint not null,
	made bigint not null,
	told_at bigint,
	predecessor text,
	successor text,
	due_at bigint,
	assess_at bigint,
	primary key (merchant, id),
	unique (merchant, quote, kind)
);
create index promise_commitment_order on promise_commitment (merchant, order_id, id);
create index promise_commitment_state on promise_commitment (merchant, state, id);
create index promise_commitment_due on promise_commitment (due_at, id) where due_at is not null;
create index promise_commitment_assess on promise_commitment (assess_at, id) where assess_at is not null;

create table promise_verdict (
	merchant text not null,
	id text not null,
	commitment text not null,
	sequence bigint not null check (sequence >= 1),
	at bigint not null,
	state text not null check (state in ('kept', 'broken', 'void')),
	reason text not null,
	late_by bigint not null check (late_by >= 0),
	late_known boolean not null,
	early_by bigint not null check (early_by >= 0),
	liable text not null check (liable in ('carrier', 'merchant', 'shopper', 'customs', 'relay', 'force_majeure', 'unknown', 'nobody')),
	trust text not null check (trust in ('claimed', 'signed', 'confirmed')),
	told boolean not null,
	evidence text not null,
	cause text not null,
	primary key (merchant, id),
	unique (merchant, commitment, sequence)
);

create table promise_warning (
	merchant text not null,
	id text not null,
	commitment text not null,
	cause text not null,
	probability double precision not null,
	at bigint not null,
	primary key (merchant, id),
	unique (merchant, commitment, cause)
);

create table promise_telling (
	merchant text not null,
	message text not null,
	commitment text not null,
	at bigint not null,
	undone_at bigint,
	primary key (merchant, message)
);
create index promise_telling_commitment on promise_telling (merchant, commitment);

create table promise_transit (
	merchant text not null,
	source text not null,
	service text not null,
	zone text not null,
	pool text not null,
	handed text not null,
	arrived text,
	closed text,
	primary key (merchant, source)
);
create index promise_transit_lane on promise_transit (merchant, service, zone, handed);
create index promise_transit_service on promise_transit (merchant, service, handed);
create index promise_transit_pool on promise_transit (pool, zone, handed);

create table promise_lane (
	merchant text not null,
	lane text not null,
	stamp bigint not null,
	primary key (merchant, lane)
);
