-- +goose Up
-- Why a second person let a return or a decision pass, or did not: rows are only
-- ever added.
create table returns_second (
	merchant text not null,
	return_id text not null,
	sequence bigint not null,
	decision text not null,
	verb text not null check (verb in ('approve', 'confirm', 'drop')),
	actor text not null,
	reason text not null,
	at bigint not null,
	primary key (merchant, return_id, sequence)
);
