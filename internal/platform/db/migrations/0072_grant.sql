-- +goose Up
-- A network may be granted to answer in a shop's name what the shop hands to it.
create table merchant_grant_next (
	merchant text not null,
	id text not null,
	grantee text not null,
	scope text not null check (scope in ('pool_history', 'read_reports', 'answer_desk')),
	since bigint not null,
	until bigint,
	primary key (merchant, id)
);
insert into merchant_grant_next select merchant, id, grantee, scope, since, until from merchant_grant;
drop table merchant_grant;
alter table merchant_grant_next rename to merchant_grant;
create unique index merchant_grant_held on merchant_grant (merchant, grantee, scope) where until is null;
create index merchant_grant_grantee on merchant_grant (grantee, scope, merchant) where until is null;
