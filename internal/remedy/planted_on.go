//go:build planted

package remedy

// planted is a bug on purpose, for the simulation to find: a remedy that was granted is decided again, as if nobody compared before setting.
const planted = true
