package demo

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
)

// attach sends a form of a page with a picture in one of its fields.
func (a api) attach(ctx context.Context, path string, form url.Values, field string) ([]byte, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if err := w.WriteField(name, form.Get(name)); err != nil {
			return nil, err
		}
	}
	part, err := w.CreateFormFile(field, field+".png")
	if err == nil {
		_, err = part.Write(picture)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	header := http.Header{"Accept": {"text/html"}, "Content-Type": {w.FormDataContentType()}}
	return a.send(ctx, request{method: http.MethodPost, path: path, body: b.Bytes()}, header)
}

// picture is what couriers photograph, and what is signed: to a machine one door is
// like another.
var picture = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16))); err != nil {
		panic(err) // it is encoded into memory
	}
	return b.Bytes()
}()
