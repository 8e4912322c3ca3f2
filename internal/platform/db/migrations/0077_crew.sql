-- +goose Up
-- Devices that several people share, who signs in on them and when: what counters
-- and rounds each had of their own.
create table crew_device (
	merchant text not null, -- who let it in
	id text not null,
	trade text not null check (trade in ('clerk', 'courier')),
	point text not null, -- where it stands; empty for couriers
	name text not null,
	link text not null, -- hash of the enrolment link; empty once it was used
	link_until bigint not null, -- machine time
	token text not null, -- hash of what the device keeps; empty before
	made bigint not null,
	enrolled bigint,
	revoked bigint,
	primary key (merchant, id),
	check ((trade = 'clerk') = (point <> ''))
);
insert into crew_device (merchant, id, trade, point, name, link, link_until, token, made, enrolled, revoked)
	select merchant, id, 'clerk', point, name, link, link_until, token, made, enrolled, revoked from counter_device;
insert into crew_device (merchant, id, trade, point, name, link, link_until, token, made, enrolled, revoked)
	select merchant, id, 'courier', '', name, link, link_until, token, made, enrolled, revoked from lastmile_device;
create index crew_device_link on crew_device (link) where link <> '';
create index crew_device_token on crew_device (token) where token <> '';

create table crew_member (
	merchant text not null,
	id text not null,
	trade text not null check (trade in ('clerk', 'courier')),
	point text not null, -- where they work; empty for couriers
	name text not null,
	pin text not null, -- hash of what the master key makes of it
	tries bigint not null check (tries >= 0), -- wrong ones since the last right one
	since bigint not null,
	until bigint,
	primary key (merchant, id),
	check ((trade = 'clerk') = (point <> ''))
);
insert into crew_member (merchant, id, trade, point, name, pin, tries, since, until)
	select merchant, id, 'clerk', point, name, pin, tries, since, until from counter_clerk;
insert into crew_member (merchant, id, trade, point, name, pin, tries, since, until)
	select merchant, id, 'courier', '', name, pin, tries, since, until from lastmile_courier;
create index crew_member_post on crew_member (merchant, trade, point, id);

create table crew_shift (
	merchant text not null,
	id text not null,
	token text not null, -- hash
	device text not null,
	member text not null,
	began bigint not null, -- machine time, as are the others
	until bigint not null,
	ended bigint,
	primary key (merchant, id)
);
insert into crew_shift (merchant, id, token, device, member, began, until, ended)
	select merchant, id, token, device, clerk, began, until, ended from counter_shift;
insert into crew_shift (merchant, id, token, device, member, began, until, ended)
	select merchant, id, token, device, courier, began, until, ended from lastmile_shift;
create index crew_shift_token on crew_shift (token);
create index crew_shift_open on crew_shift (merchant, device) where ended is null;

drop table counter_shift;
drop table counter_clerk;
drop table counter_device;
drop table lastmile_shift;
drop table lastmile_courier;
drop table lastmile_device;
