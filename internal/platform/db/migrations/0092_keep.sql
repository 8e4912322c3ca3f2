-- +goose Up
-- Since when the age of what a carrier sent counts; null once its content was taken out.
alter table tracking_raw add column ages bigint;
update tracking_raw set ages = received where body <> '';
create index tracking_raw_ages on tracking_raw (ages, id) where ages is not null and state = 'read';

-- Documents that no row speaks of, or that are only kept for a while, and since when.
-- Photos that were kept before are not among them: nobody noted what speaks of them.
create table blob_aging (
	merchant text not null,
	id text not null,
	since bigint not null,
	primary key (merchant, id)
);
create index blob_aging_since on blob_aging (since, id);
insert into blob_aging (merchant, id, since) select merchant, id, stored from blob_document where content_type = 'message/rfc822';

-- What an erasure looks through by address: letters and complaints of nobody we know,
-- and what strangers wrote in somebody's conversation.
create index blob_document_nobody on blob_document (merchant, id) where content_type = 'message/rfc822' and about = '';
create index desk_conversation_nobody on desk_conversation (merchant, id) where shopper = '';
create index desk_said_stranger on desk_said (merchant, lower(source)) where party = 'unknown';
