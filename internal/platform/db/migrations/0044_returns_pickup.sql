-- +goose Up
-- The day on which a parcel is fetched at the shopper's door, and when nobody had
-- come by its end.
alter table returns_return add column pickup text;
alter table returns_return add column missed_at bigint;
