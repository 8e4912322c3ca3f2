-- +goose Up
-- A parcel that its carrier takes back before anybody was handed it.
drop index returns_return_work;
alter table returns_return add column way text not null default 'relay'
	check (way in ('relay', 'post', 'store', 'pickup', 'keep', 'own_way', 'recalled'));
update returns_return set way = route;
alter table returns_return drop column route;
alter table returns_return rename column way to route;
create index returns_return_work on returns_return (merchant, coalesce(look_by, refund_by, asked), id)
	where (state in ('held', 'received', 'lost') or state = 'accepted' and route in ('keep', 'recalled'));
