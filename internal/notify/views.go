package notify

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads a message with its words. The fault is not_found.
func Get(tx *db.Tx, m ident.Merchant, id ident.Message) (Message, error) {
	msg, ok, err := get(tx, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "message")
	}
	return msg, err
}

func get(tx *db.Tx, m ident.Merchant, id ident.Message) (Message, bool, error) {
	return db.One(tx, sqlMessages, scanMessage, m, db.In([]ident.Message{id}))
}

// OfOrders reads the decisions about orders, oldest first, without HTML and text.
func OfOrders(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Message, error) {
	all, err := db.All(tx, sqlOfOrders, scanMessage, m, db.In(orders))
	of := map[ident.Order][]Message{}
	for _, msg := range all {
		of[msg.Order] = append(of[msg.Order], msg)
	}
	return of, err
}
