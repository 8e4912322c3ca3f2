-- +goose Up
-- What the demo's people write to shops, and say of them, stands in the agenda too.
drop index demo_agenda_due;
alter table demo_agenda rename to demo_agenda_before;
create table demo_agenda (
	merchant text not null,
	id text not null,
	due bigint not null,
	kind text not null check (kind in ('day', 'visit', 'buy', 'adopt', 'cancel', 'amend', 'lack', 'ship', 'scan', 'noise', 'early', 'answer', 'meet', 'read', 'look', 'tap', 'bounce',
		'mind', 'sign', 'regret', 'return', 'withdraw', 'route', 'allow', 'label', 'take', 'bring', 'back', 'inspect', 'decide', 'confirm', 'repay', 'miss', 'contest', 'settle',
		'write', 'reply', 'score')),
	voice text not null,
	body text not null,
	primary key (merchant, id)
);
insert into demo_agenda (merchant, id, due, kind, voice, body) select merchant, id, due, kind, voice, body from demo_agenda_before;
drop table demo_agenda_before;
create index demo_agenda_due on demo_agenda (due, merchant, id);
