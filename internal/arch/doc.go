// Package arch holds no code: its tests hold up the house. They read the source
// of every package and refuse what the design forbids: an import against the
// order of the rooms, a table named by a stranger, a wall clock in a room, a
// query that forgets its merchant or scans all of one.
package arch
