-- +goose Up
-- A shop of the demo has as many carriers as it likes.
create table demo_haul (
	merchant text not null,
	carrier text not null,
	connection text not null,
	service text not null,
	primary key (merchant, carrier)
);
insert into demo_haul (merchant, carrier, connection, service)
	select merchant, 'colis-express', connection, service from demo_shop;
alter table demo_shop drop column connection;
alter table demo_shop drop column service;

-- What is to be done is done in somebody's voice: that of a carrier, or of the
-- shop when it is empty.
drop index demo_agenda_due;
alter table demo_agenda rename to demo_agenda_before;
create table demo_agenda (
	merchant text not null,
	id text not null,
	due bigint not null,
	kind text not null check (kind in ('day', 'visit', 'buy', 'adopt', 'cancel', 'amend', 'lack', 'ship', 'scan', 'noise', 'early', 'answer', 'meet', 'read', 'look', 'tap', 'bounce')),
	voice text not null,
	body text not null,
	primary key (merchant, id)
);
insert into demo_agenda (merchant, id, due, kind, voice, body)
	select merchant, id, due, kind, case when kind in ('scan', 'noise') then 'colis-express' else '' end, body from demo_agenda_before;
drop table demo_agenda_before;
create index demo_agenda_due on demo_agenda (due, merchant, id);

create table demo_news (
	id text primary key,
	kind text not null check (kind in ('storm', 'strike')),
	place text not null,
	since bigint not null,
	until bigint not null
);
create index demo_news_until on demo_news (until, since);

create table demo_state (
	id text primary key,
	paused bigint not null check (paused in (0, 1))
);
