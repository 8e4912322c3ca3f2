//go:build !soak

package stripe_test

// How many nodes are killed.
const (
	killsOnSQLite     = 100
	killsOnPostgreSQL = 20
)
