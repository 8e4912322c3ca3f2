//go:build planted

package notify

// planted is a bug on purpose, for the simulation to find: a message is keyed without its cause.
const planted = true
