package shopper

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// How many photos a link may bring in, in machine time, and how many are made
// clean at once: each takes up to photo.MaxMemory.
const (
	linkPhotos = 60
	linkTime   = 24 * time.Hour
	atOnce     = 2
	maxLinks   = 10_000 // remembered
)

// darkroom makes photos of what strangers upload. It counts them by link, in this
// process, so that nobody fills the database.
type darkroom struct {
	flow  *flow.Flow
	tanks chan struct{}
	mu    *sync.Mutex
	count map[string]film
}

// film is the photos of one link since an instant.
type film struct {
	since civil.Instant
	used  int
}

func newDarkroom(f *flow.Flow) darkroom {
	return darkroom{flow: f, tanks: make(chan struct{}, atOnce), mu: &sync.Mutex{}, count: map[string]film{}}
}

// spend takes so many photos from what a link may still bring in.
func (k darkroom) spend(link ident.Link, n int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	now, hash := k.flow.Clock().Wall(), ident.Hash(string(link))
	f, there := k.count[hash]
	if !there || now.Sub(f.since) >= linkTime {
		f = film{since: now}
	}
	if f.used+n > linkPhotos {
		return false
	}
	if len(k.count) >= maxLinks {
		clear(k.count)
	}
	f.used += n
	k.count[hash] = f
	return true
}

// uploads are the files of a field of a form.
func uploads(r *http.Request, field string) (files []*multipart.FileHeader) {
	if r.MultipartForm == nil {
		return nil
	}
	for _, f := range r.MultipartForm.File[field] {
		if f.Size > 0 { // a field left empty is sent as an empty file
			files = append(files, f)
		}
	}
	return files
}

// develop makes photos of files, outside any transaction. The faults are those of
// photo.Clean, and list_too_long and photos_exhausted, all at the field.
func (k darkroom) develop(ctx context.Context, link ident.Link, field string, files []*multipart.FileHeader) (out []photo.Photo, err error) {
	if len(files) > photo.MaxFiles {
		return nil, fault.New(fault.Invalid, "list_too_long", field, "limit", photo.MaxFiles)
	}
	if !k.spend(link, len(files)) {
		return nil, fault.New(fault.TooMany, "photos_exhausted", field, "limit", linkPhotos)
	}
	for _, f := range files {
		select {
		case k.tanks <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		p, err := clean(f)
		<-k.tanks
		for _, broken := range fault.All(err) {
			broken.Field = field
		}
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func clean(f *multipart.FileHeader) (photo.Photo, error) {
	in, err := f.Open()
	if err != nil {
		return photo.Photo{}, err
	}
	defer func() { _ = in.Close() }()
	body, err := io.ReadAll(io.LimitReader(in, photo.MaxBytes+1))
	if err != nil {
		return photo.Photo{}, err
	}
	return photo.Clean(body)
}

// keep stores photos.
func keep(tx *flow.Tx, m ident.Merchant, all []photo.Photo) (ids []ident.Blob, err error) {
	for _, p := range all {
		id, err := blob.Put(tx, m, p.ContentType, p.Body)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}
