-- +goose Up
create table ledger_journal (
	merchant text not null,
	id text not null,
	key text not null,
	cause text not null,
	at bigint not null,
	primary key (merchant, id),
	unique (merchant, key)
);

create table ledger_posting (
	merchant text not null,
	journal text not null,
	place bigint not null,
	account text not null,
	currency text not null,
	minor bigint not null,
	primary key (merchant, journal, place)
);
create index ledger_posting_account on ledger_posting (merchant, account, currency, minor);
