-- +goose Up
create table notify_message (
	merchant text not null,
	id text not null,
	shopper text not null,
	channel text not null,
	topic text not null,
	cause text not null,
	orderid text not null,
	commitment text not null,
	locale text not null,
	decision text not null check (decision in ('send', 'skip')),
	reason text not null check (reason <> ''),
	state text not null check (state in ('queued', 'sent', 'failed', 'bounced', 'skipped')),
	message_id text not null,
	contact text not null,
	subject text not null,
	html text not null,
	text text not null,
	created bigint not null,
	changed bigint not null,
	accepted_at bigint,
	primary key (merchant, id),
	unique (merchant, shopper, channel, topic, cause)
);
create index notify_message_order on notify_message (merchant, orderid, id);

create table notify_preference (
	merchant text not null,
	shopper text not null,
	topic text not null,
	channel text not null,
	allowed boolean not null,
	at bigint not null,
	primary key (merchant, shopper, topic, channel)
);

create table notify_suppressed (
	merchant text not null,
	contact text not null,
	message text not null,
	at bigint not null,
	primary key (merchant, contact)
);
