-- +goose Up
-- What waits for no morning: asked again when the message is about to leave.
alter table notify_message add column urgent boolean not null default false;
