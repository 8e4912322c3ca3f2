-- +goose Up
-- Keys that browsers keep, by which whoever reads an address's mail enters their space
-- without a letter.
create table shopper_passkey (
	id text primary key, -- as browsers name it
	folded text not null,
	handle text not null, -- of its holder, drawn by lot
	record text not null, -- JSON: what proves its answers, and how often it was used
	name text not null, -- of the device, as its holder called it
	made bigint not null,
	used bigint
);
create index shopper_passkey_folded on shopper_passkey (folded);

-- Challenges that were answered: none is, twice.
create table shopper_challenge (
	hash text primary key,
	until bigint not null -- machine time: when it would be over anyway
);
create index shopper_challenge_until on shopper_challenge (until);
