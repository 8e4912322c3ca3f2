-- +goose Up
create table shopper_code (
	merchant text not null,
	shopper text not null,
	number bigint not null,
	purpose text not null,
	hash text not null,
	sent bigint not null,
	expires bigint not null,
	tries bigint not null check (tries >= 0),
	used bigint,
	primary key (merchant, shopper, number)
);

-- A parcel's story is found by its order, and by the number on its label.
create index tracking_parcel_order on tracking_parcel (merchant, order_id, id);
create index tracking_leg_number on tracking_leg (number);
