-- +goose Up
create table remedy_remedy (
	merchant text not null,
	id text not null,
	commitment text not null,
	orderid text not null,
	shopper text not null,
	owed text not null,
	until bigint not null,
	verdict text not null,
	late_by bigint not null,
	late_known boolean not null,
	early_by bigint not null,
	liable text not null,
	trust text not null,
	state text not null check (state in ('waiting', 'granted', 'refused')),
	reason text not null,
	next_at bigint,
	opened bigint not null,
	decided bigint not null,
	primary key (merchant, id),
	unique (merchant, commitment),
	check ((state = 'waiting') = (next_at is not null)),
	check (state <> 'refused' or reason <> '')
);
create index remedy_remedy_order on remedy_remedy (merchant, orderid, id);
create index remedy_remedy_due on remedy_remedy (next_at, id) where state = 'waiting';

create table remedy_grant (
	merchant text not null,
	id text not null,
	remedy text not null,
	orderid text not null,
	shopper text not null,
	rule text not null,
	kind text not null check (kind in ('delivery', 'goods')),
	minor bigint not null check (minor > 0),
	currency text not null,
	at bigint not null,
	primary key (merchant, id),
	unique (merchant, remedy, rule)
);
create index remedy_grant_shopper on remedy_grant (merchant, shopper);
