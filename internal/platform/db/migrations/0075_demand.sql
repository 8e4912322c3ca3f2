-- +goose Up
-- Orders whose day of delivery has passed, formal notices to deliver, and what was
-- resolved because nothing came.
create table returns_overdue (
	merchant text not null,
	order_id text not null,
	due bigint not null,
	primary key (merchant, order_id)
);

create table returns_demand (
	merchant text not null,
	id text not null,
	order_id text not null,
	shopper text not null,
	due bigint not null,
	sent bigint not null,
	until bigint not null,
	statement text not null,
	hash text not null,
	declined bigint,
	told bigint,
	resolved bigint,
	return_id text not null,
	next_at bigint,
	primary key (merchant, id),
	unique (merchant, order_id)
);
create index returns_demand_due on returns_demand (next_at, id) where next_at is not null;
create index returns_demand_open on returns_demand (merchant, until, id) where resolved is null;

-- A return may also follow from a contract that was resolved.
alter table returns_return add column basis text not null default 'policy'
	check (basis in ('policy', 'withdrawal', 'conformity', 'resolution'));
update returns_return set basis = ground;
alter table returns_return drop column ground;
alter table returns_return rename column basis to ground;
