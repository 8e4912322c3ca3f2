//go:build !planted

package notify

// planted is a bug on purpose, compiled in by a tag of that name alone.
const planted = false
