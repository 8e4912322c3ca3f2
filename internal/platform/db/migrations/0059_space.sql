-- +goose Up
-- A shopper's space belongs to no merchant: it is opened by a link that was e-mailed
-- to an address, asked for by anybody, before anybody knows whether a shop knows it.
create table shopper_signin (
	hash text not null primary key, -- of the link
	folded text not null,
	asked bigint not null, -- machine time, as are the others
	until bigint not null,
	used bigint
);
create index shopper_signin_folded on shopper_signin (folded, asked);
create index shopper_signin_until on shopper_signin (until);

create table shopper_session (
	hash text not null primary key, -- of the token
	folded text not null, -- the address that was proved
	began bigint not null, -- machine time, as is the other
	seen bigint not null
);
create index shopper_session_folded on shopper_session (folded);
create index shopper_session_seen on shopper_session (seen);

create index shopper_contact_folded on shopper_contact (folded, merchant);
create index shopper_link_pending on shopper_link (merchant, shopper, expires);
