-- +goose Up
create table carrier_connection (
	merchant text not null,
	id text not null,
	adapter text not null,
	name text not null,
	grace bigint not null check (grace >= 0),
	stall_after bigint not null check (stall_after > 0),
	zone text not null,
	primary key (merchant, id)
);

create table carrier_service (
	merchant text not null,
	id text not null,
	connection text not null,
	name text not null,
	mode text not null check (mode in ('home', 'relay', 'locker', 'store', 'slot')),
	countries text not null,
	max_grams bigint not null check (max_grams >= 0),
	max_units bigint not null check (max_units >= 0),
	collects bigint not null check (collects between 1 and 127),
	delivers bigint not null check (delivers between 1 and 127),
	region text not null,
	standards text not null,
	by_minute bigint not null check (by_minute between 0 and 1440),
	last_mile text not null,
	version bigint not null,
	primary key (merchant, id)
);
