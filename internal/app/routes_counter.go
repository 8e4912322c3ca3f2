package app

import "github.com/promesse-dev/promesse/internal/fact"

// counterLeaves are the facts of counters. What they mean for a parcel, tracking
// tells: these say who was let in, and who gave what out.
var counterLeaves = []fact.Kind{"counter.device_set", "counter.clerk_set", "counter.held", "counter.locked", "counter.handed_over"}
