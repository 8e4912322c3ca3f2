-- +goose Up
-- Whom to ask how a delivery, or a refund, went: once for each order and kind.
create table survey_asking (
	merchant text not null,
	order_id text not null,
	kind text not null check (kind in ('delivery', 'refund')),
	shopper text not null,
	state text not null check (state in ('planned', 'asked', 'answered', 'dropped')),
	since bigint not null,
	due_at bigint,
	asked bigint,
	version bigint not null,
	primary key (merchant, order_id, kind)
);
create index survey_asking_due on survey_asking (due_at, order_id) where due_at is not null;

-- What is open about an order: as long as something is, nobody is asked.
create table survey_matter (
	merchant text not null,
	order_id text not null,
	about text not null,
	primary key (merchant, order_id, about)
);

-- What was answered. Rows are only ever added; the last version counts.
create table survey_answer (
	merchant text not null,
	order_id text not null,
	kind text not null check (kind in ('delivery', 'refund')),
	version bigint not null,
	shopper text not null,
	score bigint not null check (score between 0 and 10),
	words text not null,
	at bigint not null,
	primary key (merchant, order_id, kind, version)
);
create index survey_answer_shopper on survey_answer (merchant, shopper, at) where shopper <> '';
