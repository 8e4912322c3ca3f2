//go:build planted

package tracking

// planted is a bug on purpose, for the simulation to find: an event's identity holds the payload it came in, so that one sent twice counts twice.
const planted = true
