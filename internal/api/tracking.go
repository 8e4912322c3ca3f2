package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Track puts an order into the words of its page, for whoever holds the link; an
// empty language is the order's own. The fault is not_found.
type Track func(tx *db.Tx, link ident.Link, loc lang.Locale) (Tracking, error)

// Tracking is an order as its page tells it. There is nothing of the shopper in
// it: the link may be shown to pages of any origin.
type Tracking struct {
	Version   string          `json:"version" doc:"Another one when something happened; ages in words change without."`
	Locale    lang.Locale     `json:"locale" doc:"In which the words are."`
	Reference string          `json:"reference" doc:"The shop's own number of the order."`
	Shop      string          `json:"shop"`
	Page      string          `json:"page" doc:"Where shoppers read the same, and act."`
	Promise   TrackedPromise  `json:"promise"`
	Next      []string        `json:"next" doc:"What the shopper can do now, on the page."`
	NoParcel  string          `json:"no_parcel,omitempty" doc:"Why there is no parcel yet."`
	Parcels   []TrackedParcel `json:"parcels"`
	Bound     string          `json:"bound,omitempty" doc:"For which town."`
	Happened  []TrackedMoment `json:"happened" doc:"The newest first."`
	Times     string          `json:"times" doc:"In whose zone the times are, in words."`
}

// TrackedPromise is where the promise of delivery stands, in words.
type TrackedPromise struct {
	State    fact.State    `json:"state" enum:"open,kept,broken,void"`
	From     civil.Instant `json:"from,omitzero" doc:"Of a slot: not before it either."`
	Until    civil.Instant `json:"until" doc:"Exclusive."`
	Zone     string        `json:"zone" doc:"Of the destination."`
	Tone     string        `json:"tone" enum:"calm,good,care,bad,mute" doc:"For its colour; the words stand beside it."`
	Badge    string        `json:"badge"`
	Sentence string        `json:"sentence"`
	Window   string        `json:"window,omitempty" doc:"Ends the sentence."`
	Texts    []string      `json:"texts" doc:"What it means, and what became of it."`
	Shown    string        `json:"shown,omitempty" doc:"The words at checkout."`
	Credited []string      `json:"credited" doc:"What was given for what was not kept."`
}

// TrackedParcel is a parcel, as its carriers tell it.
type TrackedParcel struct {
	Tone     string   `json:"tone" enum:"calm,good,care,bad,mute"`
	Status   string   `json:"status"`
	Carried  string   `json:"carried" doc:"Who has it, since when, under which number."`
	Before   []string `json:"before" doc:"Who had it before."`
	News     string   `json:"news,omitempty" doc:"How old what is known of it is."`
	Proof    []string `json:"proof" doc:"Of the delivery."`
	Contents []string `json:"contents" doc:"When the order is in several."`
}

// TrackedMoment is one thing that happened, in words.
type TrackedMoment struct {
	At   civil.Instant `json:"at"`
	When string        `json:"when"`
	What string        `json:"what"`
	Tone string        `json:"tone,omitempty" enum:"calm,good,care,bad,mute"`
}

// trackIn takes any token and any language: what is none opens nothing, and what
// we do not write is as if nothing had been asked.
type trackIn struct {
	Token string      `path:"token" doc:"What stands after /p/ in the address of the order's page."`
	Lang  lang.Locale `query:"lang" doc:"fr or en; the order's own when left out."`
}

// letRead lets pages of any origin read an answer: the secret is in the address.
func letRead(ctx huma.Context) { ctx.SetHeader("Access-Control-Allow-Origin", "*") }

// open lets pages of any origin read the answers of a route.
func (r Route) open() Route { r.Open = true; return r }

func trackedOrder(a *API, tx *db.Tx, _ call, in *trackIn) (Tracking, error) {
	loc := in.Lang
	if !slices.Contains(lang.Locales(), loc) {
		loc = ""
	}
	t, err := a.track(tx, ident.Link(in.Token), loc)
	t.Page = a.base + "/p/" + in.Token
	if loc != "" {
		t.Page += "?lang=" + string(loc)
	}
	return t, err
}
