-- +goose Up
-- When a code that was sent to the number came back: its holder is told of a change.
alter table shopper_contact add column phone_proved bigint;
