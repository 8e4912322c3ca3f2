-- +goose Up
create table merchant_organisation (
	merchant text not null,
	kind text not null check (kind in ('merchant', 'network')),
	name text not null,
	country text not null,
	zone text not null,
	locale text not null,
	currency text not null,
	target double precision not null check (target > 0 and target < 1),
	risk_at double precision not null check (risk_at > 0 and risk_at < 1),
	created bigint not null,
	primary key (merchant)
);

create table merchant_key (
	merchant text not null,
	id text not null,
	hash text not null,
	permissions text not null check (permissions in ('owner', 'agent', 'developer', 'viewer', 'operator', 'carrier')),
	connection text not null,
	label text not null,
	issued bigint not null,
	revoked bigint,
	primary key (merchant, id),
	unique (merchant, hash)
);
create index merchant_key_hash on merchant_key (hash) where revoked is null;

create table merchant_stock_point (
	merchant text not null,
	id text not null,
	name text not null,
	country text not null,
	postcode text not null,
	zone text not null,
	cutoffs text not null,
	prep_days bigint not null check (prep_days >= 0),
	closures text not null,
	version bigint not null,
	primary key (merchant, id)
);

create table merchant_policy (
	merchant text not null,
	id text not null,
	topic text not null,
	source text not null,
	since bigint not null,
	primary key (merchant, topic, id)
);

create table merchant_grant (
	merchant text not null,
	id text not null,
	grantee text not null,
	scope text not null check (scope in ('pool_history', 'read_reports')),
	since bigint not null,
	until bigint,
	primary key (merchant, id)
);
create unique index merchant_grant_held on merchant_grant (merchant, grantee, scope) where until is null;
create index merchant_grant_grantee on merchant_grant (grantee, scope, merchant) where until is null;
