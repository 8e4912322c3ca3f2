package console

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	maxUpload    = 40 << 20 // bytes of a form with photos
	photosAtOnce = 2        // that a node cleans: each takes up to photo.MaxMemory
)

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

// develop makes photos of files, outside any transaction: cleaned and encoded
// again. The faults are those of photo.Clean and list_too_long, all at the field.
func (c Config) develop(ctx context.Context, field string, files []*multipart.FileHeader) (out []photo.Photo, err error) {
	if len(files) > photo.MaxFiles {
		return nil, fault.New(fault.Invalid, "list_too_long", field, "limit", photo.MaxFiles)
	}
	for _, f := range files {
		select {
		case c.darkroom <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		p, err := clean(f)
		<-c.darkroom
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

// keepPhotos stores photos.
func keepPhotos(tx *flow.Tx, m ident.Merchant, all []photo.Photo) (ids []ident.Blob, err error) {
	for _, p := range all {
		id, err := blob.Put(tx, m, p.ContentType, p.Body)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}
