-- +goose Up
create table flow_fact (
	merchant text not null,
	id text not null,
	kind text not null,
	occurrence text not null,
	subject text not null,
	actor text not null,
	cause text not null,
	at bigint not null,
	body text not null,
	primary key (merchant, id),
	unique (merchant, kind, occurrence)
);
create index flow_fact_subject on flow_fact (merchant, subject, id);

create table flow_later (
	merchant text not null,
	reaction text not null,
	fact text not null,
	since bigint not null,
	primary key (merchant, reaction, fact)
);
create index flow_later_order on flow_later (fact);

create table flow_parked (
	merchant text not null,
	fact text not null,
	reaction text not null,
	error text not null,
	since bigint not null,
	tries bigint not null,
	primary key (merchant, reaction, fact)
);
create index flow_parked_since on flow_parked (since, fact);

create table flow_errand (
	merchant text not null,
	id text not null,
	kind text not null,
	key text not null,
	body text not null,
	cause text not null,
	state text not null check (state in ('ready', 'parked')),
	tries bigint not null,
	next bigint not null,
	fence bigint not null,
	error text not null,
	primary key (merchant, id),
	unique (merchant, kind, key)
);
create index flow_errand_next on flow_errand (next, id) where state = 'ready';

create table flow_world (
	id text primary key,
	at bigint not null
);
