-- +goose Up
create table tracking_raw (
	merchant text not null,
	id text not null,
	connection text not null,
	hash text not null,
	content_type text not null,
	body text not null,
	packed boolean not null,
	trust text not null check (trust in ('claimed', 'signed', 'confirmed')),
	received bigint not null,
	state text not null check (state in ('unread', 'read', 'partly')),
	error text not null,
	primary key (merchant, id),
	unique (merchant, connection, hash)
);
create index tracking_raw_unread on tracking_raw (merchant, id) where state <> 'read';

create table tracking_event (
	merchant text not null,
	id text not null,
	connection text not null,
	number text not null,
	code text not null,
	label text not null,
	status text not null check (status in ('pending', 'picked_up', 'in_transit', 'arrived_local', 'customs', 'customs_held',
		'exception', 'out_for_delivery', 'appointment', 'failed_attempt', 'redirected', 'ready_for_pickup', 'delivered',
		'returning', 'returned', 'lost', 'cancelled', 'unknown')),
	reason text not null,
	place text not null,
	party text not null,
	source text not null check (source in ('carrier', 'merchant', 'shopper', 'courier', 'relay', 'calculated', 'claim')),
	trust text not null check (trust in ('claimed', 'signed', 'confirmed')),
	at bigint not null,
	exactness text not null check (exactness in ('exact', 'minute', 'hour', 'day')),
	since bigint not null,
	until bigint not null,
	location text not null,
	supersedes text not null,
	received bigint not null,
	raw text not null,
	primary key (merchant, id)
);
create index tracking_event_number on tracking_event (merchant, connection, number);

create table tracking_leg (
	merchant text not null,
	connection text not null,
	number text not null,
	parcel text not null,
	since bigint not null,
	primary key (merchant, connection, number)
);
create index tracking_leg_parcel on tracking_leg (merchant, parcel);

create table tracking_parcel (
	merchant text not null,
	id text not null,
	order_id text not null,
	shopper text not null,
	direction text not null check (direction in ('out', 'back')),
	connection text not null,
	service text not null,
	wanted text not null check (wanted in ('home', 'point')),
	announced bigint not null,
	status text not null check (status in ('pending', 'picked_up', 'in_transit', 'arrived_local', 'customs', 'customs_held',
		'exception', 'out_for_delivery', 'appointment', 'failed_attempt', 'redirected', 'ready_for_pickup', 'delivered',
		'returning', 'returned', 'lost', 'cancelled')),
	reason text not null,
	place text not null,
	liable text not null,
	trust text not null check (trust in ('', 'claimed', 'signed', 'confirmed')),
	handed_from bigint,
	handed_until bigint,
	presented_from bigint,
	presented_until bigint,
	ready_from bigint,
	ready_until bigint,
	in_hand_from bigint,
	in_hand_until bigint,
	closed_from bigint,
	closed_until bigint,
	last_scan bigint,
	disputed text not null,
	events text not null,
	stalled bigint,
	stall_at bigint,
	version bigint not null,
	primary key (merchant, id)
);
create index tracking_parcel_stall on tracking_parcel (stall_at, id) where stall_at is not null;
