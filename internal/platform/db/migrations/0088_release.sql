-- +goose Up
-- An incident of which many would be told waits for a second person: how many there
-- are, who asked last, who answered, and the code of a shop in which nobody else works.
alter table promise_incident add column release text not null default 'free'
	check (release in ('counting', 'free', 'waiting', 'released', 'refused'));
alter table promise_incident add column people bigint not null default 0;
alter table promise_incident add column asked_by text not null default '';
alter table promise_incident add column answered_by text not null default '';
alter table promise_incident add column answered bigint;
alter table promise_incident add column code text not null default '';
alter table promise_incident add column code_until bigint;
alter table promise_incident add column code_tries bigint not null default 0;
alter table promise_incident add column codes bigint not null default 0;
update promise_incident set asked_by = actor;
