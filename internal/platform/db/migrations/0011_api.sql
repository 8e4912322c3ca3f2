-- +goose Up
create table api_idempotency (
	merchant text not null,
	key text not null,
	fingerprint text not null,
	status bigint not null,
	sealed text not null,
	until bigint not null,
	primary key (merchant, key)
);
create index api_idempotency_until on api_idempotency (until, merchant, key);
