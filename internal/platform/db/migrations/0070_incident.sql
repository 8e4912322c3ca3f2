-- +goose Up
-- Incidents: lanes that do not work on some days, as somebody of the shop said. The
-- pass is how far the errand came that looks at what is open.
create table promise_incident (
	merchant text not null,
	id text not null,
	key text not null,
	trouble text not null check (trouble in ('strike', 'weather', 'road', 'it', 'closure', 'other')),
	services text not null,
	places text not null,
	stock text not null,
	first text not null,
	last text not null,
	words text not null,
	declared bigint not null,
	actor text not null,
	ended bigint,
	revision bigint not null,
	looked bigint not null,
	done boolean not null,
	primary key (merchant, id),
	unique (merchant, key)
);
create index promise_incident_last on promise_incident (merchant, last, id);

-- A warning of an incident that is over before it did harm stands no more.
alter table promise_warning add column lifted_at bigint;
create index promise_warning_cause on promise_warning (merchant, cause, commitment);
