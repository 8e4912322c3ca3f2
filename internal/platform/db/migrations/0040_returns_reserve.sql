-- +goose Up
-- Damage found on arrival, and until when its carrier is to be told of it; sent
-- once somebody has written to the carrier.
create table returns_reserve (
	merchant text not null,
	return_id text not null,
	possession bigint not null,
	reserve_by bigint not null,
	unchecked_by bigint not null,
	action_by bigint not null,
	sent bigint,
	sent_by text not null,
	reference text not null,
	primary key (merchant, return_id)
);
create index returns_reserve_open on returns_reserve (merchant, unchecked_by, return_id) where sent is null;
