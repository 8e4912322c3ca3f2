-- +goose Up
-- What a shopper asked for otherwise about a delivery, and what its carrier said.
-- While it waits for an answer it holds the place it asks for, if it asks for one.
create table lastmile_change (
	merchant text not null,
	id text not null,
	key text not null,
	order_id text not null,
	shopper text not null,
	other text not null,
	parcel text not null,
	connection text not null,
	service text not null,
	number text not null,
	what text not null check (what in ('reschedule', 'redirect', 'safe_place', 'neighbour', 'hold')),
	since bigint,
	until bigint,
	slot boolean not null,
	held boolean not null,
	zone text not null,
	point text not null,
	words text not null,
	state text not null check (state in ('asked', 'accepted', 'refused', 'unanswered')),
	reason text not null,
	said text not null,
	asked bigint not null,
	answer_by bigint not null,
	changed bigint not null,
	primary key (merchant, id),
	unique (merchant, order_id, key)
);
create unique index lastmile_change_asked on lastmile_change (merchant, order_id) where state = 'asked';
create index lastmile_change_order on lastmile_change (merchant, order_id, id);
create index lastmile_change_due on lastmile_change (answer_by, merchant, id) where state = 'asked';
create index lastmile_change_held on lastmile_change (merchant, service, since, until) where held;
