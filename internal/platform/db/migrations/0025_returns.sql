-- +goose Up
-- What an article is like: category, handling, size, and why it does not come
-- back for a change of mind. JSON; empty when the shop said nothing.
alter table order_line add column traits text not null default '';

create table returns_return (
	merchant text not null,
	id text not null,
	key text not null,
	fingerprint text not null,
	order_id text not null,
	shopper text not null,
	ground text not null check (ground in ('policy', 'withdrawal', 'conformity')),
	route text not null check (route in ('relay', 'post', 'store', 'pickup', 'keep', 'own_way')),
	settlement text not null check (settlement in ('refund', 'credit', 'exchange')),
	state text not null check (state in ('held', 'accepted', 'ready', 'deposited', 'received', 'decided', 'closed', 'cancelled', 'expired', 'lost')),
	late boolean not null,
	legal boolean not null,
	units bigint not null check (units >= 1),
	value bigint not null check (value >= 0),
	fee bigint not null check (fee >= 0),
	insured bigint not null check (insured >= 0),
	currency text not null,
	zone text not null,
	connection text not null,
	point text not null,
	parcel text not null,
	code text not null,
	withdrawal text not null,
	transit bigint not null,
	asked_by text not null,
	asked bigint not null,
	why text not null,
	doubts text not null,
	look_by bigint,
	deposit_by bigint,
	deposited bigint,
	receive_by bigint,
	received bigint,
	process_by bigint,
	refund_by bigint,
	contest_by bigint,
	stock text not null check (stock in ('', 'asked', 'there', 'none', 'silent')),
	stock_by bigint,
	stock_sku text not null,
	exchanged text not null,
	next_at bigint,
	uplift_at bigint,
	primary key (merchant, id),
	unique (merchant, key)
);
create index returns_return_order on returns_return (merchant, order_id, id);
create index returns_return_shopper on returns_return (merchant, shopper, asked);
create index returns_return_state on returns_return (merchant, state, id);
create index returns_return_parcel on returns_return (merchant, parcel) where parcel <> '';
create index returns_return_code on returns_return (merchant, code) where code <> '';
create index returns_return_due on returns_return (next_at, id) where next_at is not null;
create index returns_return_uplift on returns_return (uplift_at, id) where uplift_at is not null;

create table returns_item (
	merchant text not null,
	return_id text not null,
	id text not null,
	line text not null,
	units bigint not null check (units >= 1),
	reason text not null,
	taxon text not null,
	comment text not null,
	condition text not null,
	photos text not null,
	primary key (merchant, return_id, id)
);

-- A label is asked for once a return and format; the carrier's own book keeps
-- to one label a key.
create table returns_label (
	merchant text not null,
	return_id text not null,
	format text not null,
	id text not null,
	state text not null check (state in ('asked', 'ready', 'failed', 'void', 'used')),
	number text not null,
	document text not null,
	code text not null,
	until bigint,
	refusal text not null,
	asked bigint not null,
	changed bigint not null,
	primary key (merchant, return_id, format)
);
create index returns_label_number on returns_label (merchant, number) where number <> '';

-- Proofs of deposit, chained: each holds the hash of the one before.
create table returns_deposit (
	merchant text not null,
	sequence bigint not null check (sequence >= 1),
	id text not null,
	return_id text not null,
	parcel text not null,
	number text not null,
	source text not null check (source in ('counter', 'store', 'carrier', 'receipt')),
	point text not null,
	place text not null,
	clerk text not null,
	device text not null,
	at bigint not null,
	recorded bigint not null,
	was text not null,
	hash text not null,
	primary key (merchant, sequence),
	unique (merchant, return_id)
);
create unique index returns_deposit_id on returns_deposit (merchant, id);
create index returns_deposit_number on returns_deposit (merchant, number);

create table returns_finding (
	merchant text not null,
	return_id text not null,
	id text not null,
	line text not null,
	surplus boolean not null,
	condition text not null,
	outcome text not null check (outcome in ('restock', 'refurbish', 'second_hand', 'donate', 'recycle', 'destroy')),
	ground text not null,
	note text not null,
	photos text not null,
	inspector text not null,
	at bigint not null,
	primary key (merchant, return_id, id),
	check (outcome <> 'destroy' or ground <> '')
);

create table returns_decision (
	merchant text not null,
	id text not null,
	return_id text not null,
	order_id text not null,
	sequence bigint not null check (sequence >= 1),
	state text not null check (state in ('waiting', 'final', 'dropped')),
	outcome text not null check (outcome in ('full', 'partial', 'refused')),
	settlement text not null,
	reasons text not null,
	minor bigint not null check (minor >= 0),
	currency text not null,
	why text not null,
	decided_by text not null,
	decided bigint not null,
	second_by text not null,
	final_at bigint,
	day text,
	refund_by bigint,
	paid bigint,
	primary key (merchant, id),
	unique (merchant, return_id, sequence),
	check (outcome <> 'refused' or minor = 0)
);
create index returns_decision_order on returns_decision (merchant, order_id, id);
create index returns_decision_day on returns_decision (merchant, day);
create unique index returns_decision_waiting on returns_decision (merchant, return_id) where state = 'waiting';

create table returns_decided_line (
	merchant text not null,
	decision text not null,
	line text not null,
	units bigint not null check (units >= 0),
	minor bigint not null check (minor >= 0),
	primary key (merchant, decision, line)
);

create table returns_dispute (
	merchant text not null,
	id text not null,
	return_id text not null,
	decision text not null,
	opened_by text not null check (opened_by in ('shopper', 'merchant')),
	actor text not null,
	state text not null check (state in ('open', 'asked', 'upheld', 'rejected')),
	settled_by text not null,
	settler text not null,
	opened bigint not null,
	answer_by bigint not null,
	settled bigint,
	primary key (merchant, id)
);
create index returns_dispute_return on returns_dispute (merchant, return_id, id);
create unique index returns_dispute_open on returns_dispute (merchant, return_id) where state in ('open', 'asked');
create index returns_dispute_due on returns_dispute (answer_by, id) where state in ('open', 'asked');

create table returns_said (
	merchant text not null,
	dispute text not null,
	sequence bigint not null,
	party text not null,
	actor text not null,
	words text not null,
	photos text not null,
	at bigint not null,
	primary key (merchant, dispute, sequence)
);

-- Withdrawals from a contract, apart from what the shop offers: rows are only
-- ever added, and an acknowledgement noted.
create table returns_withdrawal (
	merchant text not null,
	id text not null,
	key text not null,
	order_id text not null,
	shopper text not null,
	name text not null,
	contract text not null,
	email text not null,
	statement text not null,
	hash text not null,
	sent bigint not null,
	in_time boolean not null,
	until bigint,
	notice text not null,
	units bigint not null,
	return_id text not null,
	send_back_by bigint,
	refund_by bigint not null,
	acknowledge_by bigint not null,
	acknowledged bigint,
	primary key (merchant, id),
	unique (merchant, key)
);
create index returns_withdrawal_order on returns_withdrawal (merchant, order_id, id);

create table returns_withdrawn_line (
	merchant text not null,
	withdrawal text not null,
	line text not null,
	units bigint not null check (units >= 1),
	excluded text not null,
	primary key (merchant, withdrawal, line)
);

-- The legal surcharge on a refund that is late, as booked day by day.
create table returns_uplift (
	merchant text not null,
	return_id text not null,
	day text not null,
	band text not null,
	minor bigint not null check (minor >= 0),
	currency text not null,
	at bigint not null,
	primary key (merchant, return_id, day)
);
