package notify

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/template"
	"github.com/promesse-dev/promesse/internal/fact"
)

// The parts of a message that a merchant may write. An SMS has a body alone, a push
// no button.
const (
	PartSubject = "subject"
	PartBody    = "body"
	PartButton  = "button"
)

// Parts lists those of a channel.
func Parts(ch Channel) []string {
	switch ch {
	case SMS:
		return []string{PartBody}
	case Push:
		return []string{PartSubject, PartBody}
	default:
		return []string{PartSubject, PartBody, PartButton}
	}
}

// Told are the channels by which a topic may be told.
func Told(t fact.Topic) []Channel {
	if ByLetter(t) {
		return []Channel{Email}
	}
	return Ways
}

// The topics that share fields.
var (
	ofDelivery = []fact.Topic{
		fact.TopicConfirmed, fact.TopicShipped, fact.TopicOut, fact.TopicReady, fact.TopicDelivered, fact.TopicAtRisk, fact.TopicBroken,
		fact.TopicAmended, fact.TopicRepaired, fact.TopicCorrected, fact.TopicNewDate, fact.TopicEarly, fact.TopicChange,
	}
	ofParcel = []fact.Topic{fact.TopicShipped, fact.TopicOut, fact.TopicReady, fact.TopicDelivered, fact.TopicCorrected}
	ofReturn = []fact.Topic{
		fact.TopicReturnAccepted, fact.TopicReturnDeposited, fact.TopicReturnReceived, fact.TopicReturnLost, fact.TopicReturnDecided,
		fact.TopicReturnExpiring, fact.TopicReturnExpired, fact.TopicPickupMissed, fact.TopicRefundSent, fact.TopicDisputeSettled,
	}
	ofTalk   = []fact.Topic{fact.TopicAsked, fact.TopicAnswered}
	notOrder = []fact.Topic{fact.TopicLink, fact.TopicCode, fact.TopicWithdrawn}

	// What these say is in their promise and their details, so that a merchant may leave
	// our sentences out. Every other letter says something that only ours can: what went
	// wrong, what there is to choose, what is owed, what the law has one say.
	ownSentences = []fact.Topic{fact.TopicConfirmed, fact.TopicShipped, fact.TopicOut, fact.TopicReady, fact.TopicDelivered, fact.TopicAmended}
	// The contract and the acknowledgements are confirmed on a durable medium, whole
	// (Code de la consommation, articles L221-13 and L221-21), and a return has its proof.
	wholeDetails = append([]fact.Topic{fact.TopicConfirmed, fact.TopicWithdrawn, fact.TopicAsked, fact.TopicAnswered, fact.TopicClaimed, fact.TopicClaimDecided}, ofReturn...)
)

func words(names ...string) []template.Field { return fields(template.Words, names) }

func truths(names ...string) []template.Field { return fields(template.Truth, names) }

func fields(k template.Kind, names []string) (all []template.Field) {
	for _, n := range names {
		all = append(all, template.Field{Name: n, Kind: k})
	}
	return all
}

// Fields are what a template of a topic may name in a part of a channel's message.
func Fields(t fact.Topic, ch Channel, part string) []template.Field {
	all := append(words("shop", "name", "hello", "contact", "subject"), truths("has_name", "has_contact")...)
	all = append(all, about(t)...)
	switch {
	case ch == SMS:
		all = append(all, words("promise")...)
		all = append(all, template.Field{Name: "link", Kind: template.Words, Needed: true})
		all[0].Needed = true // whoever writes says so
	case ch == Push:
		all = append(all, words("promise")...)
	case part == PartBody:
		all = append(all, blocks(t)...)
	case part == PartButton:
		all = append(all, words("label")...)
	}
	return all
}

// about are the fields that some topics have.
func about(t fact.Topic) (all []template.Field) {
	has := func(topics []fact.Topic, more ...template.Field) {
		if slices.Contains(topics, t) {
			all = append(all, more...)
		}
	}
	if !slices.Contains(notOrder, t) {
		all = append(all, words("order")...)
	}
	has(ofDelivery, append(words("due"), truths("has_due", "collected", "in_slot")...)...)
	has(ofParcel, append(words("carrier", "number"), truths("has_carrier")...)...)
	has([]fact.Topic{fact.TopicConfirmed, fact.TopicReady}, append(words("point"), truths("has_point")...)...)
	has([]fact.Topic{fact.TopicNewDate}, words("new_due", "chance")...)
	has([]fact.Topic{fact.TopicEarly}, words("early_hour")...)
	has([]fact.Topic{fact.TopicRepaired, fact.TopicReturnDecided, fact.TopicRefundSent}, append(words("amount"), truths("has_amount")...)...)
	if t != fact.TopicDisputeSettled {
		has(ofReturn, append(words("deadline"), truths("has_deadline")...)...)
	}
	has(ofTalk, append(words("deadline", "person"), truths("has_order", "has_person")...)...)
	has([]fact.Topic{fact.TopicWithdrawn, fact.TopicClaimed, fact.TopicClaimDecided}, words("deadline")...)
	return all
}

// blocks are the parts of a letter that a merchant may move, and may not write.
func blocks(t fact.Topic) []template.Field {
	return []template.Field{
		{Name: "promise", Kind: template.Block, Needed: true},
		{Name: "message", Kind: template.Block, Needed: !slices.Contains(ownSentences, t)},
		{Name: "details", Kind: template.Block, Needed: slices.Contains(wholeDetails, t)},
		{Name: "button", Kind: template.Block, Needed: true},
	}
}

// most is how many characters a part may have.
func most(ch Channel, part string) int {
	switch {
	case part == PartButton:
		return 60
	case part == PartSubject:
		return 150
	case ch == SMS:
		return 480
	case ch == Push:
		return 300
	default:
		return 16_000
	}
}

// ShapeOf is what a merchant may write in a part.
func ShapeOf(t fact.Topic, ch Channel, part string, own template.Hosts) template.Shape {
	return template.Shape{Fields: Fields(t, ch, part), Lines: part == PartBody, Most: most(ch, part), Hosts: own}
}

// Most is how many characters of source a part of a template may have.
func Most(ch Channel, part string) int { return most(ch, part) }

// Standard are our own words as a template writes them: where a merchant begins.
func Standard(f Form) Template {
	t := Template{Form: f, Standard: true, Subject: "{{subject}}"}
	switch f.Channel {
	case SMS:
		t.Subject, t.Body = "", "{{shop}} : {{subject}}. {{promise}} {{link}}"
		if f.Locale == "en" {
			t.Body = "{{shop}}: {{subject}}. {{promise}} {{link}}"
		}
	case Push:
		t.Body = "{{promise}}"
	default:
		t.Body, t.Button = "{{promise}}\n\n{{hello}}\n\n{{message}}\n\n{{details}}\n\n{{button}}", "{{label}}"
	}
	return t
}
