package ui

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/photo"
)

// Uploads are the files of a field of a form.
func Uploads(r *http.Request, field string) (files []*multipart.FileHeader) {
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

// Develop makes photos of files, outside any transaction: cleaned and encoded
// again. The faults are those of photo.Clean and list_too_long, all at the field.
func Develop(ctx context.Context, d photo.Darkroom, field string, files []*multipart.FileHeader) (out []photo.Photo, err error) {
	if len(files) > photo.MaxFiles {
		return nil, fault.New(fault.Invalid, "list_too_long", field, "limit", photo.MaxFiles)
	}
	for _, f := range files {
		body, err := contents(f)
		if err != nil {
			return nil, err
		}
		p, err := d.Clean(ctx, body)
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

func contents(f *multipart.FileHeader) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	return io.ReadAll(io.LimitReader(in, photo.MaxBytes+1))
}
