-- +goose Up
-- What a merchant writes in place of our words: on a topic, by a channel, in a
-- language. Every version stays; the newest one rules. One that is standard has no
-- words: it gives ours back. failed and failure are of the last message that could not be
-- written with it, and went out in our words.
create table notify_template (
	merchant text not null,
	id text not null,
	topic text not null,
	channel text not null,
	locale text not null,
	standard bigint not null check (standard in (0, 1)),
	subject text not null,
	body text not null,
	button text not null,
	host text not null,
	actor text not null,
	since bigint not null,
	failed bigint,
	failure text not null default '',
	failures bigint not null default 0,
	primary key (merchant, id)
);
create index notify_template_newest on notify_template (merchant, topic, channel, locale, id);

-- Which version was to write a message; empty: none, it is in our words. Where there is a
-- failure, the version could not, and it is in our words too.
alter table notify_message add column template text not null default '';
alter table notify_message add column failure text not null default '';
