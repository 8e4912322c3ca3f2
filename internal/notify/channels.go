package notify

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Channel is a way to reach a shopper.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
	Push  Channel = "push" // to browsers that asked for it
)

// Ways lists the channels, in the order in which shoppers choose among them.
var Ways = []Channel{Email, SMS, Push}

// byLetter are the topics that are told by e-mail alone, and can not be refused
// there. Source: Code de la consommation, articles L221-13 (the contract confirmed
// on a durable medium) and L221-21 (a withdrawal acknowledged); the others are
// asked for by the shopper in the same minute.
var byLetter = []fact.Topic{fact.TopicConfirmed, fact.TopicWithdrawn, fact.TopicLink, fact.TopicCode, fact.TopicCancelled, fact.TopicAsked, fact.TopicClaimed}

// ByLetter reports whether a topic is told by e-mail alone, whatever the shopper
// prefers.
func ByLetter(t fact.Topic) bool { return slices.Contains(byLetter, t) }

// Legal is why a shopper may be written to.
type Legal string

// The kinds.
const (
	Service   Legal = "service"   // about what they bought: the contract, and what follows from it
	Marketing Legal = "marketing" // for the shop's own sake: each letter can be refused in one press
)

// LegalOf is the kind of a topic. What is asked of a customer for the shop's sake is
// marketing here, which is the stricter: it goes by e-mail where nothing was said, as
// to one's own customers (Code des postes et des communications électroniques, article
// L34-5), and by SMS or push only to who asked for it.
func LegalOf(t fact.Topic) Legal {
	if t == fact.TopicSurvey {
		return Marketing
	}
	return Service
}

// byDefault is whether a topic is told on a channel that the shopper said nothing
// of. A browser that asked to be told is a yes to all about an order; an SMS is for who
// wants it. What is taken back is taken back where it was told.
func byDefault(t fact.Topic, ch Channel) bool {
	if LegalOf(t) == Marketing {
		return ch == Email
	}
	return ch != SMS || t == fact.TopicCorrected
}

// Refusal is the path, under an order's page, at which a topic is refused.
func Refusal(t fact.Topic) string { return "/desabonnement?sujet=" + string(t) }

// Quiet are the hours of the day in which neither SMS nor push is sent, in minutes
// of the local day, until exclusive; from after until is over midnight. Both the
// same is no quiet at all.
type Quiet struct {
	From, Until int
}

// Night is quiet where a shopper said nothing else.
var Night = Quiet{From: 22 * 60, Until: 7 * 60}

// during reports whether a minute of the day is quiet.
func (q Quiet) during(minute int) bool {
	if q.From <= q.Until {
		return minute >= q.From && minute < q.Until
	}
	return minute >= q.From || minute < q.Until
}

// After is when it is no longer quiet, in a zone: now, or the end of the quiet
// hours. On the night in which that minute does not exist, the first after it.
func (q Quiet) After(now civil.Instant, zone *time.Location) civil.Instant {
	at := now.In(zone)
	if !q.during(at.Hour()*60 + at.Minute()) {
		return now
	}
	end := time.Date(at.Year(), at.Month(), at.Day(), q.Until/60, q.Until%60, 0, 0, zone)
	if !end.After(at) {
		end = time.Date(at.Year(), at.Month(), at.Day()+1, q.Until/60, q.Until%60, 0, 0, zone)
	}
	return civil.At(end)
}

// settling is how long the news of a scan waits for the next one: carriers send
// several in a minute, and only the last of them is news.
const settling = time.Minute

// settled is when no other news of the kind is waited for any more.
func (n news) settled(now civil.Instant) civil.Instant {
	if n.settles {
		return now.Add(settling)
	}
	return now
}
