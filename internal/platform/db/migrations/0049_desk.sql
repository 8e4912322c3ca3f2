-- +goose Up
-- What people write to a shop, and what a person answers. A conversation waits
-- from the first message nobody answered until a person does.
create table desk_conversation (
	merchant text not null,
	id text not null,
	key text not null,
	order_id text not null,
	shopper text not null,
	via text not null check (via in ('page', 'mail', 'api', 'public', 'survey')),
	source text not null,
	locale text not null,
	state text not null check (state in ('waiting', 'answered', 'closed')),
	question text not null,
	opened bigint not null,
	since bigint not null,
	answer_by bigint not null,
	value bigint not null,
	currency text not null,
	said bigint not null,
	strange bigint,
	primary key (merchant, id),
	unique (merchant, key)
);
create index desk_conversation_queue on desk_conversation (merchant, answer_by, value, id) where state = 'waiting';
create index desk_conversation_order on desk_conversation (merchant, order_id, id) where order_id <> '';
create index desk_conversation_shopper on desk_conversation (merchant, shopper, id) where shopper <> '';
create index desk_conversation_strange on desk_conversation (merchant, strange, id) where strange is not null;

-- Every message of a conversation, as it was written. Rows are only ever added.
create table desk_said (
	merchant text not null,
	conversation text not null,
	sequence bigint not null,
	id text not null,
	party text not null check (party in ('shopper', 'merchant', 'unknown')),
	actor text not null,
	via text not null check (via in ('page', 'mail', 'api', 'public', 'survey')),
	source text not null,
	words text not null,
	photos text not null,
	at bigint not null,
	primary key (merchant, conversation, sequence),
	unique (merchant, id)
);

-- Answers that are written often, to begin from.
create table desk_reply (
	merchant text not null,
	id text not null,
	title text not null,
	words text not null,
	changed bigint not null,
	primary key (merchant, id)
);

-- An answer is one more thing that promises hang on.
create table promise_deed_next (
	merchant text not null,
	about text not null,
	deed text not null check (deed in ('received', 'paid', 'acknowledged', 'nothing_owed', 'answered')),
	fact text not null,
	at bigint not null,
	primary key (merchant, about, deed, fact)
);
insert into promise_deed_next select merchant, about, deed, fact, at from promise_deed;
drop table promise_deed;
alter table promise_deed_next rename to promise_deed;
