-- +goose Up
-- Beginnings of the postcodes a service brings parcels to; none is all.
alter table carrier_service add column postcodes text not null default 'null';

-- When somebody on the way said a parcel would arrive.
alter table tracking_event add column expected bigint;
alter table tracking_parcel add column expected bigint;

-- Grids are added, never changed: what was offered on a day can be told later.
create table lastmile_grid (
	merchant text not null,
	service text not null,
	sequence bigint not null check (sequence >= 1),
	since text not null,
	windows text not null,
	closures text not null,
	made bigint not null,
	primary key (merchant, service, sequence)
);

-- A slot has a row once somebody booked it. Its capacity is the grid's when it
-- was booked last.
create table lastmile_slot (
	merchant text not null,
	service text not null,
	since bigint not null,
	until bigint not null,
	capacity bigint not null,
	booked bigint not null check (booked between 0 and capacity),
	primary key (merchant, service, since, until)
);

create table lastmile_booking (
	merchant text not null,
	id text not null,
	order_id text not null,
	shopper text not null,
	service text not null,
	since bigint not null,
	until bigint not null,
	zone text not null,
	made bigint not null,
	released_at bigint,
	primary key (merchant, id)
);
create unique index lastmile_booking_order on lastmile_booking (merchant, order_id) where released_at is null;
create index lastmile_booking_slot on lastmile_booking (merchant, service, since, until);

create table lastmile_early (
	merchant text not null,
	id text not null,
	booking text not null,
	at bigint not null,
	asked bigint not null,
	answered bigint,
	accepted boolean not null,
	primary key (merchant, id),
	unique (merchant, booking)
);
