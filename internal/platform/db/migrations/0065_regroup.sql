-- +goose Up
-- Deliveries, of several shops perhaps, that one person wants on one day at one place.
-- It belongs to no merchant: each sees its own member and nothing of the others.
create table lastmile_regroup (
	id text not null primary key,
	person text not null,
	key text not null, -- of the form
	state text not null check (state in ('asked', 'settled', 'fallen')),
	day text not null,
	point text not null, -- empty: at the address that they share
	asked bigint not null,
	answer_by bigint not null,
	ended bigint,
	before_low bigint not null, -- grams of CO2 equivalent, and likewise the others
	before_high bigint not null,
	after_low bigint not null,
	after_high bigint not null,
	method text not null,
	unique (person, key)
);

-- A delivery among them. One that is on that day at that place already has no change.
create table lastmile_member (
	merchant text not null,
	regroup text not null,
	order_id text not null,
	shopper text not null,
	change text not null,
	state text not null check (state in ('open', 'settled', 'fallen')),
	reason text not null,
	since bigint,
	until bigint not null,
	slot boolean not null,
	promised bigint not null, -- until when, before
	primary key (merchant, regroup, order_id)
);
create unique index lastmile_member_open on lastmile_member (merchant, order_id) where state = 'open';
create index lastmile_member_regroup on lastmile_member (regroup, merchant, order_id);
create index lastmile_member_order on lastmile_member (merchant, order_id, regroup);

-- A change that is carried out with others or not at all, and since when its carrier agrees.
alter table lastmile_change add column regroup text not null default '';
alter table lastmile_change add column agreed bigint;
