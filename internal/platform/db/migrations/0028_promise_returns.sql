-- +goose Up
-- What a commitment is about beside its order: a return or a withdrawal. Empty
-- for what is owed on the way out.
alter table promise_commitment add column about text not null default '';
create index promise_commitment_about on promise_commitment (merchant, about, id) where about <> '';

-- What was done about a return, as far as promises hang on it. Rows are only
-- ever added; of two of a kind the earlier counts.
create table promise_deed (
	merchant text not null,
	about text not null,
	deed text not null check (deed in ('received', 'paid', 'acknowledged', 'nothing_owed')),
	fact text not null,
	at bigint not null,
	primary key (merchant, about, deed, fact)
);
