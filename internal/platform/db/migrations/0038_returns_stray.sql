-- +goose Up
-- Parcels that came to the warehouse with nothing announced under what stands on
-- them. A number is kept once; settled when somebody found out whose it is.
create table returns_stray (
	merchant text not null,
	number text not null,
	note text not null,
	photos text not null,
	kept_by text not null,
	at bigint not null,
	return_id text not null,
	settled bigint,
	primary key (merchant, number)
);
create index returns_stray_open on returns_stray (merchant, at, number) where settled is null;
