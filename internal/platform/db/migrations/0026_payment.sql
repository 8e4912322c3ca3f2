-- +goose Up
-- How an order was paid: the provider and its own name of the capture.
create table payment_means (
	merchant text not null,
	order_id text not null,
	provider text not null check (provider in ('offline', 'stripe')),
	reference text not null,
	label text not null,
	at bigint not null,
	primary key (merchant, order_id)
);

-- What a provider knows a merchant by, sealed.
create table payment_account (
	merchant text not null,
	provider text not null check (provider in ('stripe')),
	sealed text not null,
	changed bigint not null,
	primary key (merchant, provider)
);

create table payment_terms (
	merchant text not null,
	bank_days bigint not null check (bank_days between 1 and 60),
	answer_days bigint not null check (answer_days between 1 and 60),
	primary key (merchant)
);

-- One refund a decision, one key for its whole life. minor is what goes back in
-- money, credit what goes back as store credit. sent, first and next are machine
-- time: a provider forgets keys by its own clock.
create table payment_refund (
	merchant text not null,
	id text not null,
	decision text not null,
	key text not null,
	return_id text not null,
	order_id text not null,
	shopper text not null,
	settlement text not null check (settlement in ('refund', 'credit')),
	provider text not null check (provider in ('', 'offline', 'stripe')),
	capture text not null,
	minor bigint not null check (minor >= 0),
	credit bigint not null check (credit >= 0),
	currency text not null,
	state text not null check (state in ('ordered', 'sent', 'asked', 'pending', 'unknown', 'stuck', 'done')),
	why text not null,
	reference text not null,
	ordered bigint not null,
	due bigint,
	first bigint,
	sent bigint,
	calls bigint not null,
	looks bigint not null,
	next bigint,
	done bigint,
	arrives_by text,
	version bigint not null,
	primary key (merchant, id),
	unique (merchant, decision),
	unique (merchant, key),
	check (minor + credit > 0),
	check (minor = 0 or provider <> '')
);
create index payment_refund_order on payment_refund (merchant, order_id);
create index payment_refund_waiting on payment_refund (merchant, ordered, id) where state in ('asked', 'stuck');
create index payment_refund_next on payment_refund (next, id) where next is not null;
create unique index payment_refund_reference on payment_refund (merchant, provider, reference) where reference <> '' and provider <> 'offline';

create table payment_refund_line (
	merchant text not null,
	refund text not null,
	line text not null,
	order_id text not null,
	units bigint not null check (units >= 0),
	minor bigint not null check (minor > 0),
	currency text not null,
	primary key (merchant, refund, line)
);
create index payment_refund_line_order on payment_refund_line (merchant, order_id);

-- Store credit that paid a part of an order; back is set when the order was cancelled.
create table payment_spent (
	merchant text not null,
	order_id text not null,
	shopper text not null,
	minor bigint not null check (minor > 0),
	currency text not null,
	at bigint not null,
	back bigint,
	primary key (merchant, order_id)
);

-- Shoppers who say that the money has not come.
create table payment_missed (
	merchant text not null,
	refund text not null,
	said bigint not null,
	answer_by bigint not null,
	answered bigint,
	answer text not null check (answer in ('', 'found', 'sent_again')),
	primary key (merchant, refund)
);
create index payment_missed_open on payment_missed (merchant, answer_by, refund) where answered is null;

-- What providers said by themselves, by their own id: once each.
create table payment_notice (
	merchant text not null,
	provider text not null,
	id text not null,
	at bigint not null,
	primary key (merchant, provider, id)
);
