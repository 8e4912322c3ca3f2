//go:build soak

package stripe_test

// How many nodes are killed, in a night.
const (
	killsOnSQLite     = 1000
	killsOnPostgreSQL = 200
)
