-- +goose Up
create table webhook_endpoint (
	merchant text not null,
	id text not null,
	url text not null,
	label text not null,
	state text not null check (state in ('on', 'rested', 'gone', 'removed')),
	made bigint not null,
	failing bigint,
	next bigint,
	version bigint not null,
	primary key (merchant, id)
);
create index webhook_endpoint_next on webhook_endpoint (next, id) where next is not null and state = 'on';

-- Secrets are added and end, never change. until is machine time.
create table webhook_secret (
	merchant text not null,
	endpoint text not null,
	sequence bigint not null,
	sealed text not null,
	since bigint not null,
	until bigint,
	primary key (merchant, endpoint, sequence)
);

-- Who hears what, and since when: ended ones stay, because they say which facts
-- had a subscriber.
create table webhook_subscription (
	merchant text not null,
	endpoint text not null,
	kind text not null,
	since bigint not null,
	until bigint,
	primary key (merchant, endpoint, kind, since)
);
create index webhook_subscription_kind on webhook_subscription (merchant, kind);

-- Where the numbering of an object stands at an endpoint.
create table webhook_object (
	merchant text not null,
	endpoint text not null,
	subject text not null,
	sequence bigint not null,
	fact text not null,
	primary key (merchant, endpoint, subject)
);

-- next is machine time; of an object's waiting deliveries only the first has one.
create table webhook_delivery (
	merchant text not null,
	id text not null,
	endpoint text not null,
	fact text not null,
	kind text not null,
	subject text not null,
	sequence bigint not null check (sequence >= 0),
	state text not null check (state in ('waiting', 'delivered', 'dead')),
	tries bigint not null,
	next bigint,
	status bigint not null,
	error text not null check (error in ('', 'no_answer', 'refused', 'resting', 'rested', 'gone', 'removed', 'lost')),
	made bigint not null,
	tried bigint,
	settled bigint,
	primary key (merchant, id),
	unique (merchant, endpoint, fact)
);
create unique index webhook_delivery_head on webhook_delivery (merchant, endpoint, subject) where next is not null;
create index webhook_delivery_due on webhook_delivery (merchant, endpoint, next) where next is not null;
create index webhook_delivery_waiting on webhook_delivery (merchant, endpoint, subject, sequence) where state = 'waiting';
create index webhook_delivery_dead on webhook_delivery (merchant, endpoint, id) where state = 'dead';
