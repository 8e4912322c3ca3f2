package carrier

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads a connection. The fault is not_found, at the field connection.
func Get(tx *db.Tx, m ident.Merchant, id ident.Connection) (Connection, error) {
	c, ok, err := db.One(tx, sqlConnection, scanConnection, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "connection")
	}
	return c, err
}

// Connections reads the connections of a merchant, the oldest first.
func Connections(tx *db.Tx, m ident.Merchant) ([]Connection, error) {
	return db.All(tx, sqlConnections, scanConnection, m)
}

// Services reads the services of a merchant, the oldest first.
func Services(tx *db.Tx, m ident.Merchant) ([]Service, error) {
	return db.All(tx, sqlServices, scanService, m)
}
