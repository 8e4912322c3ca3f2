//go:build !planted

package tracking

// planted is a bug on purpose, compiled in by a tag of that name alone.
const planted = false
