-- +goose Up
-- What stands in the demo's agenda is the demo's affair: the kinds are named there.
drop index demo_agenda_due;
alter table demo_agenda rename to demo_agenda_before;
create table demo_agenda (
	merchant text not null,
	id text not null,
	due bigint not null,
	kind text not null,
	voice text not null,
	body text not null,
	primary key (merchant, id)
);
insert into demo_agenda (merchant, id, due, kind, voice, body) select merchant, id, due, kind, voice, body from demo_agenda_before;
drop table demo_agenda_before;
create index demo_agenda_due on demo_agenda (due, merchant, id);
