package returns

import "time"

// Doubt is one thing about a return that somebody should look at, with its
// weight. Doubts hold a return for a person; they never refuse it (GDPR, article 22).
type Doubt struct {
	Code   string `json:"code"`
	Points int    `json:"points"`
}

// enough is from how many points on a person looks.
const enough = 100

// Signals are what is known of a return when it is asked for, deposited or opened.
// The zero value of each says nothing.
type Signals struct {
	// Of the shopper, in the last year.
	Asked       int // returns asked for in the last ninety days, this one not
	Refused     int // that were refused, or came back as something else
	NothingCame int // deposited, said the shopper, and never came
	Missing     int // in which parts or articles were said to be missing
	Faults      int // in which an article was said to be faulty

	// Of the request.
	Value        int64         // in minor units of euros, or of what is worth about as much
	Reason       Taxon         // the gravest
	Photos       int           // sent along
	SinceInHand  time.Duration // until it was asked for; 0: not known
	BeforeLook   bool          // the money is wanted before anybody looked
	SameArticles int           // bought and returned before, of these very articles

	// Of the deposit and the way.
	OtherRegion bool // deposited in another region than the address
	OtherPoint  bool // at another point than the one chosen
	LabelAgain  bool // its label was scanned for another parcel before
	BackDated   bool // the counter's clock says an earlier day than ours
	Elsewhere   bool // delivered to another postcode than the warehouse's
	Expected    int  // grams, by the articles; 0: not known
	Weighed     int  // grams, by a scale; 0: not weighed

	// Of the inspection.
	WrongArticle int // units that are another article, or another serial number
	EmptyUnits   int // announced, and not in the box
	Worn         int // used, though the reason does not say so
}

// Suspect weighs the signals. It is pure.
func Suspect(s Signals) (doubts []Doubt) {
	add := func(code string, points int) {
		if points > 0 {
			doubts = append(doubts, Doubt{code, points})
		}
	}
	add("label_used_again", when(s.LabelAgain, 100))
	add("delivered_elsewhere", when(s.Elsewhere, 100))
	add("weight", s.weight())
	add("back_dated", when(s.BackDated, 60))
	add("other_region", when(s.OtherRegion, 60))
	add("other_point", when(s.OtherPoint, 15))
	add("wrong_article", when(s.WrongArticle > 0, 100))
	add("empty_box", when(s.EmptyUnits > 0, 100))
	add("worn", when(s.Worn > 0, 60))
	add("refused_before", min(40*s.Refused, 100))
	add("nothing_came_before", steps(s.NothingCame, 35, 100))
	add("missing_before", steps(s.Missing, 25, 60, 100))
	add("faults_before", steps(s.Faults, 0, 15, 40, 60, 100))
	add("many_returns", s.many())
	add("same_articles", steps(s.SameArticles, 20, 60, 100))
	add("value", s.worth())
	add("no_photo", when(s.Reason.Defect() && s.Photos == 0 && s.Value >= 10_000, 20))
	add("in_a_hurry", when(s.SinceInHand > 0 && s.SinceInHand < time.Hour && s.Value >= 30_000, 25))
	add("before_inspection", when(s.BeforeLook, 35))
	return doubts
}

// points is what doubts weigh together.
func points(doubts []Doubt) (sum int) {
	for _, d := range doubts {
		sum += d.Points
	}
	return sum
}

// Holds reports whether the doubts hold a return for a person.
func Holds(doubts []Doubt) bool { return points(doubts) >= enough }

func when(is bool, points int) int {
	if is {
		return points
	}
	return 0
}

// steps is what a count weighs: the first for one, and the last for more than there are.
func steps(n int, points ...int) int {
	if n <= 0 {
		return 0
	}
	return points[min(n, len(points))-1]
}

// weight compares what a scale says with what the articles weigh: ten in a
// hundred is the box.
func (s Signals) weight() int {
	if s.Expected <= 0 || s.Weighed <= 0 {
		return 0
	}
	const box = 200 // grams of cardboard and paper that say nothing
	off := s.Weighed - s.Expected
	switch {
	case off > box+s.Expected/2, -off > s.Expected/2:
		return 100
	case off > box+s.Expected/10, -off > s.Expected/10:
		return 40
	}
	return 0
}

func (s Signals) many() int {
	switch {
	case s.Asked >= 20:
		return 100
	case s.Asked >= 12:
		return 60
	case s.Asked >= 6:
		return 25
	}
	return 0
}

func (s Signals) worth() int {
	switch {
	case s.Value >= 150_000:
		return 35
	case s.Value >= 50_000:
		return 20
	}
	return 0
}
