-- +goose Up
-- How long pages took to show, as browsers measured it: how many visits of a day
-- took at most so many milliseconds, and more than the next smaller step. A row
-- is many visits; nothing in it is about one of them.
create table speed_visits (
	merchant text not null,
	day text not null,
	page text not null check (page in ('order', 'proof', 'shelves', 'article', 'basket', 'delivery', 'details', 'review', 'thanks')),
	width text not null check (width in ('narrow', 'medium', 'wide')),
	within bigint not null check (within > 0),
	visits bigint not null check (visits > 0),
	primary key (merchant, day, page, width, within)
);
