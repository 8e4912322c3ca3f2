package app

import (
	"github.com/promesse-dev/promesse/internal/api"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/embed"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// embed serves the blocks that stand on the shops' own pages.
func (a *App) embed(p Parts) (*ui.Door, error) {
	return embed.New(embed.Config{Base: p.Base, Log: p.Log})
}

// tracked is the order's page in the words of the API: the same sentences, made
// in one place.
func tracked(tx *db.Tx, link ident.Link, loc lang.Locale) (api.Tracking, error) {
	v, err := shopper.Read(tx, link, loc)
	if err != nil {
		return api.Tracking{}, err
	}
	t := api.Tracking{
		Version: v.Version, Locale: v.Locale, Reference: v.Reference, Shop: v.Shop, Promise: trackedPromise(v.Promise),
		Next: listed(v.Next), NoParcel: v.NoParcel, Parcels: []api.TrackedParcel{}, Bound: v.Bound,
		Happened: []api.TrackedMoment{}, Times: v.Times,
	}
	for _, b := range v.Parcels {
		t.Parcels = append(t.Parcels, api.TrackedParcel{
			Tone: string(b.Tone), Status: b.Status, Carried: b.Carried, Before: listed(b.Before),
			News: b.News, Proof: listed(b.Proof), Contents: listed(b.Contents),
		})
	}
	for _, h := range v.Happened {
		t.Happened = append(t.Happened, api.TrackedMoment{At: h.At, When: h.When, What: h.What, Tone: string(h.Tone)})
	}
	return t, nil
}

func trackedPromise(p shopper.Promised) api.TrackedPromise {
	return api.TrackedPromise{
		State: p.State, From: p.From, Until: p.Until, Zone: p.Zone, Tone: string(p.Tone), Badge: p.Badge,
		Sentence: p.Sentence, Window: p.Window, Texts: listed(p.Texts), Shown: p.Shown, Credited: listed(p.Credited),
	}
}

// listed is a list as JSON has it: an empty one is [], never null.
func listed(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}
