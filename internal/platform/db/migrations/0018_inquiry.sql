-- +goose Up
alter table carrier_connection add column inquiries text not null default '';

create table carrier_inquiry (
	merchant text not null,
	id text not null,
	connection text not null,
	parcel text not null,
	order_id text not null,
	number text not null,
	state text not null check (state in ('asked', 'taken', 'answered', 'failed')),
	answer text not null,
	asked bigint not null,
	changed bigint not null,
	primary key (merchant, id)
);
create index carrier_inquiry_order on carrier_inquiry (merchant, order_id, id);
