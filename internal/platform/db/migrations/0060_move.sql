-- +goose Up
-- Another e-mail address that somebody gave for theirs: it counts once a link that
-- was sent to it came back.
create table shopper_move (
	hash text not null primary key, -- of the link
	folded text not null, -- the address that is proved
	email text not null, -- the one that is not yet
	asked bigint not null, -- machine time, as are the others
	until bigint not null,
	used bigint
);
create index shopper_move_folded on shopper_move (folded, asked);
create index shopper_move_until on shopper_move (until);
