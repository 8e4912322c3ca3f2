-- +goose Up
-- Units that were not sent, or did not arrive whole, as the merchant or the
-- shopper said so. Rows are only ever added.
create table order_shortage (
	merchant text not null,
	id text not null,
	order_id text not null,
	shopper text not null,
	said_by text not null check (said_by in ('merchant', 'shopper')),
	damaged boolean not null,
	at bigint not null,
	primary key (merchant, id)
);
create index order_shortage_order on order_shortage (merchant, order_id, id);

create table order_shortage_line (
	merchant text not null,
	shortage text not null,
	line text not null,
	units bigint not null check (units >= 1),
	primary key (merchant, shortage, line)
);

-- When a parcel was in the shopper's hands: its units can be found missing from then on.
alter table order_parcel add column in_hand bigint;
update order_parcel set in_hand = (
	select t.in_hand_until from tracking_parcel t where t.merchant = order_parcel.merchant and t.id = order_parcel.id
);

-- What a complete order lacks.
alter table promise_verdict add column missing_units bigint not null default 0;
alter table promise_verdict add column missing_lines bigint not null default 0;
alter table remedy_remedy add column missing_units bigint not null default 0;
alter table remedy_remedy add column missing_lines bigint not null default 0;

-- From when a shopper lets the courier come before a slot; the earliest such
-- instant stands beside the commitment.
create table promise_consent (
	merchant text not null,
	early text not null,
	commitment text not null,
	since bigint not null,
	at bigint not null,
	primary key (merchant, early)
);
create index promise_consent_commitment on promise_consent (merchant, commitment);
alter table promise_commitment add column consented bigint;
