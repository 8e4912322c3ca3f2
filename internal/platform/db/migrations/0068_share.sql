-- +goose Up
-- Links that tell whoever holds them where a parcel is, and nothing else.
create table order_share (
	merchant text not null,
	id text not null,
	order_id text not null,
	parcel text not null,
	hash text not null, -- of the link; empty once it was taken back
	made bigint not null,
	ended bigint,
	primary key (merchant, id)
);
create index order_share_order on order_share (merchant, order_id, id);
create index order_share_hash on order_share (hash) where hash <> '';
