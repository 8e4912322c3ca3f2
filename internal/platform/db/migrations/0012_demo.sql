-- +goose Up
create table demo_shop (
	merchant text not null,
	slug text not null,
	connection text not null,
	service text not null,
	primary key (merchant)
);

create table demo_agenda (
	merchant text not null,
	id text not null,
	due bigint not null,
	kind text not null check (kind in ('day', 'visit', 'buy', 'cancel', 'amend', 'ship', 'scan', 'noise', 'bounce')),
	body text not null,
	primary key (merchant, id)
);
create index demo_agenda_due on demo_agenda (due, merchant, id);
