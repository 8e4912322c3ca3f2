-- +goose Up
create table merchant_staff (
	merchant text not null,
	id text not null,
	email text not null,
	contact text not null, -- hash of the folded address
	name text not null,
	permissions text not null check (permissions in ('owner', 'agent', 'developer', 'viewer', 'operator')),
	since bigint not null,
	until bigint, -- set once they were shown out
	primary key (merchant, id)
);
create unique index merchant_staff_one on merchant_staff (merchant, contact) where until is null;
create index merchant_staff_contact on merchant_staff (contact, merchant) where until is null;

-- Asked for by anybody, before anybody knows for which organisation.
create table merchant_signin (
	hash text not null primary key, -- of the link
	contact text not null,
	asked bigint not null, -- machine time, as are the others
	until bigint not null,
	used bigint
);
create index merchant_signin_contact on merchant_signin (contact, asked);
create index merchant_signin_until on merchant_signin (until);

create table merchant_session (
	merchant text not null,
	hash text not null, -- of the token
	staff text not null,
	began bigint not null, -- machine time, as is the other
	seen bigint not null,
	primary key (merchant, hash)
);
create unique index merchant_session_hash on merchant_session (hash);
create index merchant_session_staff on merchant_session (merchant, staff);

create table merchant_brand (
	merchant text not null,
	accent text not null,
	shown text not null,
	contact text not null,
	site text not null,
	primary key (merchant)
);

create table merchant_browser_key (
	merchant text not null,
	id text not null,
	public text not null, -- it stands in pages, so it is no secret
	label text not null,
	issued bigint not null,
	revoked bigint,
	primary key (merchant, id)
);
create unique index merchant_browser_key_public on merchant_browser_key (public) where revoked is null;

create table merchant_browser_origin (
	merchant text not null,
	browser_key text not null,
	origin text not null, -- as browsers send it
	primary key (merchant, browser_key, origin)
);
create index merchant_browser_origin_origin on merchant_browser_origin (origin, merchant, browser_key);

-- The console asks for the orders of a shopper, and for messages in a state.
create index order_order_shopper on order_order (merchant, shopper, id);
create index notify_message_state on notify_message (merchant, state, id);
