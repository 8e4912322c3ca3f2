package shopper

import (
	"context"
	"mime/multipart"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// How many photos a link may bring in, in machine time.
const (
	linkPhotos = 60
	linkTime   = 24 * time.Hour
	maxLinks   = 10_000 // remembered
)

// darkroom makes photos of what strangers upload. It counts them by link, in this
// process, so that nobody fills the database.
type darkroom struct {
	flow  *flow.Flow
	room  photo.Darkroom
	mu    *sync.Mutex
	count map[string]film
}

// film is the photos of one link since an instant.
type film struct {
	since civil.Instant
	used  int
}

func newDarkroom(f *flow.Flow) darkroom {
	return darkroom{flow: f, room: photo.NewDarkroom(), mu: &sync.Mutex{}, count: map[string]film{}}
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

// develop makes photos of files, as far as the link may bring any in. The faults are those of
// ui.Develop, and photos_exhausted at the field.
func (k darkroom) develop(ctx context.Context, link ident.Link, field string, files []*multipart.FileHeader) (out []photo.Photo, err error) {
	if len(files) > photo.MaxFiles {
		return nil, fault.New(fault.Invalid, "list_too_long", field, "limit", photo.MaxFiles)
	}
	if !k.spend(link, len(files)) {
		return nil, fault.New(fault.TooMany, "photos_exhausted", field, "limit", linkPhotos)
	}
	return ui.Develop(ctx, k.room, field, files)
}
