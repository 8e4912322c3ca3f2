-- +goose Up
create table shopper_contact (
	merchant text not null,
	id text not null,
	folded text not null,
	email text not null,
	name text not null,
	phone text not null,
	locale text not null,
	registered bigint not null,
	primary key (merchant, id),
	unique (merchant, folded)
);

create table shopper_person (
	contact text not null,
	id text not null,
	verified bigint not null,
	primary key (contact)
);

create table shopper_link (
	merchant text not null,
	hash text not null,
	shopper text not null,
	expires bigint not null,
	used bigint,
	primary key (merchant, hash)
);
create index shopper_link_hash on shopper_link (hash);

create table shopper_consent (
	merchant text not null,
	shopper text not null,
	number bigint not null,
	person text not null,
	wording text not null,
	given bigint not null,
	withdrawn bigint,
	primary key (merchant, shopper, number)
);
create unique index shopper_consent_given on shopper_consent (merchant, shopper) where withdrawn is null;
