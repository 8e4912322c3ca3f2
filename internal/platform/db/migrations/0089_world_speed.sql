-- +goose Up
-- How many seconds of the world passed in one of the machine's when it was last seen:
-- what is due in a fast world is done later by its clock.
alter table flow_world add column speed double precision not null default 1;
