package demo

import "time"

// Conduct is how well shops and carrier work.
type Conduct struct {
	Fates  []share[fate]    // what becomes of a parcel
	Words  []share[telling] // how its scans are told; nil leaves it to the carrier
	Batch  float64          // share of parcels whose scans are told together, in the evening, where Words is not nil
	Rides  []share[ride]    // what becomes of an appointment
	Lacks  float64          // share of appointments for which the shop lacks a unit or two
	Taps   float64          // share of shoppers who find something missing
	Slow   float64          // share of orders that the shop hands over later than it said
	Cancel float64          // share of orders taken back before they leave
	Amend  float64          // share of shoppers who ask for a later day
	Bare   float64          // share of orders that come without a quote
	Junk   float64          // calls a day that mean nothing: unknown numbers, garbage
	Mixups float64          // share of those that name a parcel of the shop's
	Looks  float64          // share of shoppers who look at their letters and pages as the study on tracking says; the others never do
	Target float64          // what quotes aim at; 0 leaves it to the shop

	Asks     float64       // share of shoppers who write to a person
	Replies  time.Duration // how long the shop takes at most to answer, beside the hours in which it is closed
	Opinions float64       // share of shoppers who say how it went
	Changes  float64       // share who ask for a change of the delivery
	Claims   float64       // share who claim that something went wrong
	Demands  float64       // share of those who wait in vain that send a formal notice
	Chooses  float64       // share who choose how to be told
	Stops    float64       // share of those told by SMS who answer STOP
	Loyal    float64       // share of visits that are of the one who buys in every shop
	Steady   bool          // she has something on the way from two shops at any time
	Unites   float64       // how often she has what is on its way come together
	Moods    float64       // share of what carriers are asked to hold or to confirm that they do not
	Heeds    float64       // share of storms and strikes that a shop declares as incidents
	Alarms   float64       // incidents a day that a shop has alone

	Returns  float64          // how many send something back, beside what is usual for the shop: 1
	Ways     []share[fortune] // what becomes of parcels on their way back
	Boxes    []share[content] // and what is found in them
	Bench    time.Duration    // how long a parcel lies at most before it is opened, and before it is decided
	Statutes float64          // share of those who withdraw from the contract instead, by law
	Contests float64          // share of those who were not given all back that contest it
	Tardy    float64          // share of refunds that the shop pays weeks later
	Misses   float64          // share of shoppers who look for the money when it should have come
}

// fate is what becomes of a parcel.
type fate int

const (
	onTime    fate = iota // presented and handed over on the day that the carrier's pace makes
	lastTick              // in the last second of that day
	firstTick             // at the first instant after it
	dayOnly               // on that day, at an hour nobody wrote down
	nextDay               // sorted wrongly, a working day late
	daysLate              // three to five working days late
	absent                // nobody at home; the next working day
	refused               // the shopper sends it back
	silent                // never heard of again after the first hub
	lost                  // silent, and after a week said to be lost
	mistaken              // scanned as delivered at the wrong door, which is taken back
	confused              // seen on its way after it was delivered, and delivered again
)

// telling is how the scans of a parcel reach the application.
type telling int

const (
	orderly   telling = iota // as they happen
	delayed                  // the last of them hours or a day late
	doubled                  // everything twice
	shuffled                 // in any order, until after the journey's end
	untimely                 // before the shop has announced the parcel
	stuttered                // each call repeats all that was said before
)

// Honest is carriers and shops as they are on an ordinary day. What a carrier
// says too much of itself, and the weather, come on top.
func Honest() Conduct {
	return Conduct{
		Fates: []share[fate]{
			{onTime, 900},
			{lastTick, 6},
			{firstTick, 4},
			{dayOnly, 12},
			{nextDay, 30},
			{daysLate, 8},
			{absent, 22},
			{refused, 4},
			{silent, 4},
			{lost, 6},
			{mistaken, 4},
			{confused, 2},
		},
		Rides: []share[ride]{{inSlot, 820}, {halfHour, 8}, {behind, 80}, {ahead, 70}, {hasty, 4}, {nobody, 18}},
		Lacks: 0.05, Taps: 0.02, Slow: 0.04, Cancel: 0.02, Amend: 0.01, Bare: 0.02, Junk: 2, Looks: 1,

		Asks: 0.05, Replies: 10 * time.Hour, Opinions: 0.2,
		Changes: 0.02, Claims: 0.015, Demands: 0.2, Chooses: 0.005, Stops: 0.01,
		Loyal: 0.0245, Steady: true, Heeds: 0.5,

		Returns: 1, Statutes: 0.06, Bench: 40 * time.Hour, Contests: 0.4, Tardy: 0.03, Misses: 0.05,
		Ways:  []share[fortune]{{fine, 86}, {dawdling, 5}, {vanished, 1}, {forgotten, 6}, {kept, 2}},
		Boxes: []share[content]{{asSaid, 84}, {worn, 6}, {broken, 4}, {another, 2}, {lacking, 2}, {oneMore, 2}},
	}
}

// Rough is a bad season, in which everything that can go wrong does so often:
// what the simulation lives through.
func Rough() Conduct {
	return Conduct{
		Fates: []share[fate]{
			{onTime, 270},
			{lastTick, 50},
			{firstTick, 60},
			{dayOnly, 60},
			{nextDay, 140},
			{daysLate, 140},
			{absent, 80},
			{refused, 40},
			{silent, 40},
			{lost, 80},
			{mistaken, 40},
			{confused, 40},
		},
		Words: []share[telling]{
			{orderly, 30}, {delayed, 14}, {doubled, 14}, {shuffled, 14}, {untimely, 14}, {stuttered, 14},
		},
		Rides: []share[ride]{{inSlot, 40}, {halfHour, 8}, {behind, 20}, {ahead, 18}, {hasty, 8}, {nobody, 6}},
		Lacks: 0.15, Taps: 0.08,

		Asks: 0.2, Replies: 40 * time.Hour, Opinions: 0.3,
		Changes: 0.2, Claims: 0.15, Demands: 0.3, Chooses: 0.1, Stops: 0.1,
		Loyal: 0.25, Unites: 0.8, Moods: 0.15, Heeds: 0.3, Alarms: 0.05,

		Returns: 3, Statutes: 0.2, Bench: 9 * 24 * time.Hour, Contests: 0.7, Tardy: 0.25, Misses: 0.15,
		Ways:  []share[fortune]{{fine, 55}, {dawdling, 15}, {vanished, 8}, {forgotten, 14}, {kept, 8}},
		Boxes: []share[content]{{asSaid, 50}, {worn, 14}, {broken, 12}, {another, 8}, {lacking, 8}, {oneMore, 8}},

		Batch: 0.9, Slow: 0.25, Cancel: 0.05, Amend: 0.05, Bare: 0.04, Junk: 0.4, Mixups: 0.5, Looks: 0.1, Target: 0.5,
	}
}

// tell draws how a carrier tells of a parcel.
func (c Conduct) tell(d dice, what *carriage, by *hauler) []call {
	words, batch := c.Words, c.Batch
	if words == nil {
		words, batch = by.words, by.batch
	}
	return what.tell(d, draw(d, words), d.chance(batch))
}

// phone draws how couriers tell of a round: at once, and sometimes twice because
// the connection was bad. In a season of its own words, they are no better than
// the others.
func (c Conduct) phone(d dice, what *carriage) []call {
	if c.Words != nil {
		return c.tell(d, what, nil)
	}
	calls := what.each(d, time.Minute)
	if d.chance(0.08) {
		for _, again := range calls {
			calls = append(calls, call{again.due.Add(d.between(time.Second, time.Minute)), again.scans})
		}
	}
	return calls
}
