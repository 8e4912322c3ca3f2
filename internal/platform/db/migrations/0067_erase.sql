-- +goose Up
-- A shopper whose data were erased: what is left is an id.
alter table shopper_contact add column erased bigint;

-- The words of an event are part of what makes it one of a kind.
alter table tracking_event add column erased boolean not null default false;

-- A payload that says of a number only what others had said: its events name those.
create table tracking_mention (
	merchant text not null,
	connection text not null,
	number text not null,
	raw text not null,
	primary key (merchant, connection, number, raw)
);

-- Whose a document is, where no other row says so.
alter table blob_document add column about text not null default '';
create index blob_document_about on blob_document (merchant, about) where about <> '';

-- A statement by somebody whose order nobody knows is found by what it says.
create index returns_withdrawal_public on returns_withdrawal (merchant, lower(email)) where order_id = '';
create index returns_stray_return on returns_stray (merchant, return_id) where return_id <> '';
-- A person is forgotten with the last consent in force.
create index shopper_consent_person on shopper_consent (person) where withdrawn is null;
