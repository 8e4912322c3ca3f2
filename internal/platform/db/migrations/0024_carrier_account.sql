-- +goose Up
-- What a carrier knows a merchant by, sealed: one account per connection.
create table carrier_account (
	merchant text not null,
	connection text not null,
	sealed bytea not null,
	changed bigint not null,
	primary key (merchant, connection)
);

-- Labels asked of carriers: one per key, for ever.
create table carrier_label (
	merchant text not null,
	key text not null,
	id text not null,
	connection text not null,
	state text not null check (state in ('asking', 'issued', 'refused', 'void')),
	attempts bigint not null check (attempts > 0),
	unknown bigint not null,
	until bigint not null,
	number text not null,
	format text not null,
	document text not null,
	code text not null,
	serves_until bigint,
	refusal text not null,
	resume text not null,
	asked bigint not null,
	changed bigint not null,
	primary key (merchant, key)
);
create unique index carrier_label_id on carrier_label (merchant, id);
create index carrier_label_number on carrier_label (merchant, connection, number) where number <> '';
