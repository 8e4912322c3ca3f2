-- +goose Up
-- Which organisation runs the points of a network; said by whoever runs the installation.
create table counter_network (
	network text not null primary key,
	merchant text not null,
	since bigint not null
);
create index counter_network_merchant on counter_network (merchant);

create table counter_device (
	merchant text not null, -- who runs the point, as in all tables but counter_hold
	id text not null,
	point text not null,
	name text not null,
	link text not null, -- hash of the enrolment link; empty once it was used
	link_until bigint not null, -- machine time
	token text not null, -- hash of what the device keeps; empty before
	made bigint not null,
	enrolled bigint,
	revoked bigint,
	primary key (merchant, id)
);
create index counter_device_link on counter_device (link) where link <> '';
create index counter_device_token on counter_device (token) where token <> '';

create table counter_clerk (
	merchant text not null,
	id text not null,
	point text not null,
	name text not null,
	pin text not null, -- hash of what the master key makes of it
	tries bigint not null check (tries >= 0), -- wrong ones since the last right one
	since bigint not null,
	until bigint,
	primary key (merchant, id)
);
create index counter_clerk_point on counter_clerk (merchant, point, id);

create table counter_shift (
	merchant text not null,
	id text not null,
	token text not null, -- hash
	device text not null,
	clerk text not null,
	point text not null,
	began bigint not null, -- machine time, as are the others
	until bigint not null,
	ended bigint,
	primary key (merchant, id)
);
create index counter_shift_token on counter_shift (token);
create index counter_shift_open on counter_shift (merchant, device) where ended is null;

-- Every scan as it came, kept before it is understood, and then what came of it.
create table counter_scan (
	merchant text not null,
	id text not null,
	device text not null,
	client text not null, -- the device's own name for it
	shift text not null,
	clerk text not null,
	point text not null,
	wish text not null check (wish in ('', 'arrival')),
	code text not null,
	offline boolean not null,
	age bigint not null, -- microseconds between the scan and its sending, by the device's clock
	said bigint, -- when it was, by the device's clock
	received bigint not null,
	wall bigint not null, -- received, in machine time
	outcome text not null,
	refusal text not null, -- code of the fault
	owner text not null, -- whose parcel it is
	return_id text not null,
	parcel text not null,
	label text not null,
	hold text not null,
	passed boolean not null, -- it was the signed code of the hold
	proof text not null, -- number of the proof of deposit
	face text not null check (face in ('', 'good', 'so_so', 'bad')), -- what the shopper said of the visit
	primary key (merchant, id),
	unique (merchant, device, client)
);
create index counter_scan_recent on counter_scan (merchant, device, wall);
create index counter_scan_face on counter_scan (merchant, point, face) where face <> '';

-- A parcel that waits at a counter; merchant is the one who sent it.
create table counter_hold (
	merchant text not null,
	id text not null,
	keeper text not null, -- who runs the point
	point text not null,
	parcel text not null,
	order_id text not null,
	shopper text not null,
	number text not null,
	state text not null check (state in ('waiting', 'locked', 'handed')),
	round bigint not null check (round >= 1), -- another round is another code
	tries bigint not null check (tries between 0 and 5),
	arrived bigint not null,
	scan text not null, -- that brought it in
	handed bigint,
	handed_scan text not null,
	clerk text not null, -- who gave it out
	device text not null,
	primary key (merchant, id),
	unique (merchant, parcel)
);
create index counter_hold_order on counter_hold (merchant, order_id, id);
create index counter_hold_point on counter_hold (point, id) where state <> 'handed';
create index counter_hold_id on counter_hold (id);
create index counter_hold_locked on counter_hold (keeper, id) where state = 'locked';

create table counter_lesson (
	merchant text not null,
	clerk text not null,
	lesson text not null check (lesson in ('deposit', 'no_label', 'wrong_parcel', 'hand_over', 'offline')),
	done bigint not null,
	primary key (merchant, clerk, lesson)
);

-- A counter reads the code inside a QR, whose it is only tells the answer.
create index returns_label_code on returns_label (code) where code <> '';
