-- +goose Up
-- Goods that a decision on a claim gives back, and a number that people read out:
-- the how manieth claim about its order.
alter table desk_claim_said add column goods text not null default '[]';
alter table desk_claim add column number bigint not null default 1;
update desk_claim set number = (
	select count(*) from desk_claim c where c.merchant = desk_claim.merchant and c.order_id = desk_claim.order_id and c.id <= desk_claim.id
);

-- A return may also follow from a claim that a person decided.
alter table returns_return add column basis text not null default 'policy'
	check (basis in ('policy', 'withdrawal', 'conformity', 'resolution', 'claim'));
update returns_return set basis = ground;
alter table returns_return drop column ground;
alter table returns_return rename column basis to ground;
