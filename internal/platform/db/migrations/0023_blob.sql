-- +goose Up
-- Documents and pictures as they were handed in or made. bytea is PostgreSQL's
-- word; SQLite keeps bytes as bytes under any name of a type.
create table blob_document (
	merchant text not null,
	id text not null,
	content_type text not null,
	size bigint not null check (size > 0),
	hash text not null,
	body bytea not null,
	stored bigint not null,
	primary key (merchant, id)
);
