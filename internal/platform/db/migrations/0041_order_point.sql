-- +goose Up
-- The relay point, locker or store that the shopper chose; empty where the order
-- goes to a door, or nobody said which point.
alter table order_order add column point text not null default '';
