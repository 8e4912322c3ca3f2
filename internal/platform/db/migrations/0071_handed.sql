-- +goose Up
-- A conversation that the desk of a network answers in the shop's name, and who of
-- which network answered.
alter table desk_conversation add column network text not null default '';
alter table desk_conversation add column handed_at bigint;
create index desk_conversation_handed on desk_conversation (network, merchant, state, answer_by, id) where network <> '';
alter table desk_said add column house text not null default '';
