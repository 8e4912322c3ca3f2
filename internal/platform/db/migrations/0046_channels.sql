-- +goose Up
-- A message may wait: for more scans of the same minute, for the end of the night.
alter table notify_message add column not_before bigint;
create index notify_message_waiting on notify_message (not_before, merchant, id) where not_before is not null;
-- Whose messages a number got: its STOP is for all of them.
create index notify_message_texted on notify_message (contact) where channel = 'sms';

-- Browsers that asked to be told. The endpoint is the browser maker's address for one browser.
create table notify_device (
	merchant text not null,
	id text not null,
	shopper text not null,
	endpoint text not null,
	endpoint_hash text not null,
	p256dh text not null,
	auth text not null,
	created bigint not null,
	primary key (merchant, id),
	unique (merchant, shopper, endpoint_hash)
);

create index notify_device_shopper on notify_device (merchant, shopper, id);

-- Hours in which a shopper wants no SMS and no push, in minutes of the local day.
create table notify_quiet (
	merchant text not null,
	shopper text not null,
	from_minute bigint not null check (from_minute between 0 and 1439),
	until_minute bigint not null check (until_minute between 0 and 1439),
	at bigint not null,
	primary key (merchant, shopper)
);
