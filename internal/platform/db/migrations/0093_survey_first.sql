-- +goose Up
-- Whether a delivery is the first that a shopper had from a shop.
create index survey_asking_shopper on survey_asking (merchant, shopper, since) where kind = 'delivery';
