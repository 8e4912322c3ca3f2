-- +goose Up
-- Who drives a shop's own rounds, and on what.
create table lastmile_courier (
	merchant text not null,
	id text not null,
	name text not null,
	pin text not null, -- hash of what the master key makes of it
	tries bigint not null check (tries >= 0), -- wrong ones since the last right one
	since bigint not null,
	until bigint,
	primary key (merchant, id)
);

create table lastmile_device (
	merchant text not null,
	id text not null,
	name text not null,
	link text not null, -- hash of the enrolment link; empty once it was used
	link_until bigint not null, -- machine time
	token text not null, -- hash of what the device keeps; empty before
	made bigint not null,
	enrolled bigint,
	revoked bigint,
	primary key (merchant, id)
);
create index lastmile_device_link on lastmile_device (link) where link <> '';
create index lastmile_device_token on lastmile_device (token) where token <> '';

create table lastmile_shift (
	merchant text not null,
	id text not null,
	token text not null, -- hash
	device text not null,
	courier text not null,
	began bigint not null, -- machine time, as are the others
	until bigint not null,
	ended bigint,
	primary key (merchant, id)
);
create index lastmile_shift_token on lastmile_shift (token);
create index lastmile_shift_open on lastmile_shift (merchant, device) where ended is null;

-- A door that a courier goes to on a day. A courier's round is the stops of a day.
create table lastmile_stop (
	merchant text not null,
	id text not null,
	day text not null, -- local
	order_id text not null,
	courier text not null, -- empty: taken off the round
	tries bigint not null check (tries between 0 and 5), -- wrong codes of the shopper
	made bigint not null,
	primary key (merchant, id),
	unique (merchant, order_id, day)
);
create index lastmile_stop_round on lastmile_stop (merchant, day, courier);

-- What a courier said of a stop, kept as it came, and then what came of it.
create table lastmile_visit (
	merchant text not null,
	id text not null,
	device text not null,
	client text not null, -- the device's own name for it
	shift text not null,
	courier text not null,
	stop text not null,
	order_id text not null,
	act text not null check (act in ('going', 'late', 'delivered', 'failed')),
	reason text not null,
	place text not null,
	expected bigint,
	proof text not null check (proof in ('', 'photo', 'signature', 'name', 'code')),
	signed_by text not null,
	picture text not null, -- document of the photo or the signature
	offline boolean not null,
	age bigint not null, -- microseconds between the act and its sending, by the device's clock
	said bigint, -- when it was, by the device's clock
	received bigint not null,
	outcome text not null check (outcome in ('kept', 'done', 'again', 'refused')),
	refusal text not null, -- code of the fault
	primary key (merchant, id),
	unique (merchant, device, client)
);
create index lastmile_visit_stop on lastmile_visit (merchant, stop, id);

-- The places of a day, for whoever composes its rounds.
create index lastmile_booking_day on lastmile_booking (merchant, since) where released_at is null;
