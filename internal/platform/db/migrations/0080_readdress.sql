-- +goose Up
-- A delivery may be had at another address, or not at all any more.
alter table lastmile_change add column wish text not null default 'reschedule'
	check (wish in ('reschedule', 'redirect', 'address', 'safe_place', 'neighbour', 'hold', 'cancel'));
update lastmile_change set wish = what;
alter table lastmile_change drop column what;
alter table lastmile_change rename column wish to what;

-- The address that a change asks for, and the one it takes the place of. Empty texts: its
-- shopper was erased.
create table lastmile_address (
	merchant text not null,
	change text not null,
	side text not null check (side in ('to', 'from')),
	name text not null,
	street text not null,
	extra text not null,
	postcode text not null,
	city text not null,
	country text not null,
	phone text not null,
	primary key (merchant, change, side)
);
