-- +goose Up
-- What cover bought for the way back costs the shopper; insured is the cover itself.
alter table returns_return add column premium bigint not null default 0 check (premium >= 0);

-- What a decision keeps of the lines it gives back, each sum by its name. The
-- lines are less by it already.
create table returns_withheld (
	merchant text not null,
	decision text not null,
	line text not null,
	charge text not null check (charge in ('way_back', 'cover')),
	minor bigint not null check (minor > 0),
	primary key (merchant, decision, line, charge)
);
