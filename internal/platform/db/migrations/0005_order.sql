-- +goose Up
create table order_order (
	merchant text not null,
	id text not null,
	reference text not null,
	fingerprint text not null,
	link text not null,
	shopper text not null,
	locale text not null,
	service text not null,
	state text not null check (state in ('placed', 'cancelled')),
	currency text not null,
	total bigint not null check (total >= 0),
	delivery bigint not null check (delivery >= 0),
	placed bigint not null,
	cancelled bigint,
	cancelled_by text not null,
	primary key (merchant, id),
	unique (merchant, reference)
);
create index order_order_link on order_order (link) where link <> '';

create table order_line (
	merchant text not null,
	order_id text not null,
	id text not null,
	kind text not null check (kind in ('goods', 'delivery')),
	sku text not null,
	name text not null,
	units bigint not null check (units >= 1),
	unit bigint not null check (unit >= 0),
	captured bigint not null check (captured >= 0),
	currency text not null,
	grams bigint not null check (grams >= 0),
	primary key (merchant, order_id, id)
);

create table order_address (
	merchant text not null,
	order_id text not null,
	purpose text not null check (purpose in ('ship', 'bill')),
	name text not null,
	street text not null,
	extra text not null,
	postcode text not null,
	city text not null,
	country text not null,
	phone text not null,
	primary key (merchant, order_id, purpose)
);

create table order_parcel (
	merchant text not null,
	id text not null,
	order_id text not null,
	shopper text not null,
	direction text not null check (direction in ('out', 'back')),
	connection text not null,
	service text not null,
	number text not null,
	announced bigint not null,
	postcode text not null,
	country text not null,
	primary key (merchant, id),
	unique (merchant, connection, number)
);
create index order_parcel_order on order_parcel (merchant, order_id, id);

create table order_packed (
	merchant text not null,
	parcel text not null,
	line text not null,
	units bigint not null check (units >= 1),
	primary key (merchant, parcel, line)
);

create table order_tariff (
	merchant text not null,
	id text not null,
	service text not null,
	zone text not null,
	max_grams bigint not null check (max_grams >= 0),
	currency text not null,
	min_basket bigint not null check (min_basket >= 0),
	price bigint not null check (price >= 0),
	free_from bigint not null check (free_from >= 0),
	since text,
	until text,
	version bigint not null,
	primary key (merchant, id)
);
