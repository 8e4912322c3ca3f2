-- +goose Up
-- Relay points are everybody's: a network's list is one, whoever brought it in.
-- The points of network "mer_…" are that organisation's own stores.
create table relay_point (
	network text not null,
	code text not null,
	id text not null unique,
	version bigint not null,
	kind text not null check (kind in ('shop', 'locker', 'post_office', 'store', 'depot')),
	name text not null,
	street text not null,
	extra text not null,
	postcode text not null,
	city text not null,
	country text not null,
	lat double precision not null check (lat between -90 and 90),
	lon double precision not null check (lon between -180 and 180),
	located text not null check (located in ('exact', 'commune', 'none')),
	services text not null,
	limits text not null,
	hours text not null,
	zone text not null,
	capacity bigint not null check (capacity >= 0),
	seen bigint not null,
	gone bigint,
	moved bigint,
	was text not null,
	primary key (network, code)
);
create index relay_point_version on relay_point (version);

-- Each change of the list has a number, so that what keeps it in memory asks
-- for what is newer than what it has.
create table relay_version (
	id bigint primary key check (id = 1),
	version bigint not null
);

-- Points that a shopper wants to be shown first.
create table relay_favourite (
	merchant text not null,
	shopper text not null,
	point text not null,
	since bigint not null,
	primary key (merchant, shopper, point)
);
