-- +goose Up
-- How slots of a service were kept, the last ones first.
create index promise_commitment_slot on promise_commitment (merchant, service, until)
	where kind = 'deliver_in_slot' and state in ('kept', 'broken');
