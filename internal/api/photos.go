package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Photo is a picture as it is kept: encoded again by us, without what its camera
// wrote into it.
type Photo struct {
	ID     ident.Blob `json:"id" doc:"To be named where photos are asked for."`
	Type   string     `json:"type" enum:"image/jpeg,image/png"`
	Width  int        `json:"width"`
	Height int        `json:"height"`
}

// keepPhoto cleans outside any transaction: that takes up to two seconds.
func keepPhoto(ctx context.Context, a *API, c call, _ *none) (out reply[Photo], err error) {
	p, err := a.darkroom.Clean(ctx, c.raw)
	if err != nil {
		return out, err
	}
	out = created(Photo{Type: p.ContentType, Width: p.Width, Height: p.Height})
	err = a.flow.One(ctx, flow.ByKey(c.Key), c.Merchant, func(tx *flow.Tx) error {
		ids, err := blob.PutPhotos(tx, c.Merchant, []photo.Photo{p})
		if err == nil {
			out.Body.ID = ids[0]
		}
		return err
	})
	return out, err
}

type photoPath struct {
	ID ident.Blob `path:"id"`
}

func getPhoto(_ *API, tx *db.Tx, c call, in *photoPath) (blob.Blob, error) {
	return photoOf(tx, c.Merchant, in.ID)
}

// photoOf reads a picture, and nothing else that is kept.
func photoOf(tx *db.Tx, m ident.Merchant, id ident.Blob) (blob.Blob, error) {
	b, err := blob.Get(tx, m, id)
	if err == nil && !strings.HasPrefix(b.ContentType, "image/") {
		return blob.Blob{}, fault.New(fault.NotFound, "not_found", "document")
	}
	return b, err
}

// album checks that photos named in a request are there, and the merchant's own:
// rooms keep the ids they are given. The fault is unknown_value.
type album struct {
	tx     *db.Tx
	m      ident.Merchant
	faults fault.List
	failed error // the first one of the database
}

func (l *album) check(field string, ids []ident.Blob) {
	for i, id := range ids[:min(len(ids), photo.MaxFiles)] { // more are refused by whoever takes them
		_, err := photoOf(l.tx, l.m, id)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			l.faults.Add(fault.Invalid, "unknown_value", fmt.Sprintf("%s[%d]", field, i), "value", string(id))
		case err != nil && l.failed == nil:
			l.failed = err
		}
	}
}

func (l *album) err() error {
	if l.failed != nil {
		return l.failed
	}
	return l.faults.Err()
}
