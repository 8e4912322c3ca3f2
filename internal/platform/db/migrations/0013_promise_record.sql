-- +goose Up
-- The day a quote promised to whom a parcel goes, so that quotes learn from what
-- became of quotes.
alter table promise_transit add column promised text;

-- Windows are read by the day of arrival, and what has none is on the road.
drop index promise_transit_lane;
drop index promise_transit_service;
drop index promise_transit_pool;
create index promise_transit_lane on promise_transit (merchant, service, zone, arrived, handed);
create index promise_transit_service on promise_transit (merchant, service, arrived, handed);
create index promise_transit_pool on promise_transit (pool, zone, arrived, handed, merchant);

create table promise_record (
	merchant text not null,
	lane text not null,
	day text not null,
	due bigint not null,
	missed bigint not null,
	primary key (merchant, lane, day)
);
