// Package photo turns what a stranger uploads as a picture into a picture that
// may be kept and shown: decoded, turned upright and encoded again by us, so
// that nothing of the file itself is left. Where it was taken (GPS), by what and
// when, embedded thumbnails, colour profiles, and whatever hides behind the end
// of a picture go with it.
//
// Sizes are read from the header and weighed before anything is decoded: a file
// of a few kilobytes may claim 65,000 × 65,000. JPEG, PNG and WebP are read;
// pictures that move, and HEIC, GIF, PDF, SVG are refused with the cure.
//
// It is pure: it stores nothing, and takes up to two seconds and MaxMemory for
// the largest pictures, so that doors call it outside any transaction.
package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// The bounds of what is taken in.
const (
	MaxFiles  = 10       // of one request
	MaxBytes  = 10 << 20 // of one file
	MaxPixels = 40_000_000
	MaxMemory = 200 << 20 // to decode and encode one, in bytes
)

// The types a Photo is of.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// Photo is a picture of ours.
type Photo struct {
	ContentType   string // JPEG or PNG
	Body          []byte // up to MaxBytes
	Width, Height int    // in pixels, upright
}

// Clean makes a photo of a file. The faults, all at the field photo, are
// photo_too_large (bytes), photo_type, photo_too_many_pixels, photo_animated and
// photo_unreadable.
func Clean(file []byte) (p Photo, err error) {
	if len(file) > MaxBytes {
		return Photo{}, fault.New(fault.TooLarge, "photo_too_large", "photo", "mib", MaxBytes>>20)
	}
	f, err := formOf(file)
	if err != nil {
		return Photo{}, err
	}
	// A decoder that meets what its author did not think of may panic.
	defer func() {
		if r := recover(); r != nil {
			p, err = Photo{}, unreadable(fmt.Errorf("panic: %v", r))
		}
	}()
	head, err := f.header(bytes.NewReader(file))
	if err != nil {
		return Photo{}, unreadable(err)
	}
	if err := f.weigh(file, head); err != nil {
		return Photo{}, err
	}
	picture, err := f.decode(bytes.NewReader(file))
	if err != nil {
		return Photo{}, unreadable(err)
	}
	return f.encode(upright(picture, f.orientation(file)))
}

func unreadable(cause error) error {
	return fault.New(fault.Invalid, "photo_unreadable", "photo").Because(cause)
}

// weigh refuses what would not fit, before anything is decoded.
func (f form) weigh(file []byte, head image.Config) error {
	pixels := int64(head.Width) * int64(head.Height)
	switch {
	case head.Width <= 0 || head.Height <= 0:
		return unreadable(fmt.Errorf("%d × %d pixels", head.Width, head.Height))
	case pixels > MaxPixels || pixels*f.cost(file, head) > MaxMemory:
		return fault.New(fault.TooLarge, "photo_too_many_pixels", "photo", "width", head.Width, "height", head.Height, "mpixel", MaxPixels/1_000_000)
	case f.moves(file):
		return fault.New(fault.Unsupported, "photo_animated", "photo")
	}
	return nil
}

// qualities are tried in turn until the picture fits.
var qualities = []int{85, 70, 50, 30}

// quick trades size for time: forty million pixels take one second, not four.
var quick = png.Encoder{CompressionLevel: png.BestSpeed}

// encode writes the picture again: as PNG what was PNG, when that fits.
func (f form) encode(picture image.Image) (Photo, error) {
	size := picture.Bounds().Size()
	out := Photo{Width: size.X, Height: size.Y}
	if f.name == PNG {
		var b bytes.Buffer
		if err := quick.Encode(&b, picture); err != nil {
			return Photo{}, unreadable(err)
		}
		if b.Len() <= MaxBytes {
			out.ContentType, out.Body = PNG, b.Bytes()
			return out, nil
		}
	}
	for _, q := range qualities {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: q}); err != nil {
			return Photo{}, unreadable(err)
		}
		if b.Len() <= MaxBytes {
			out.ContentType, out.Body = JPEG, b.Bytes()
			return out, nil
		}
	}
	return Photo{}, fault.New(fault.TooLarge, "photo_too_large", "photo", "mib", MaxBytes>>20)
}

// form is a kind of file that is read.
type form struct {
	name   string
	header func(*bytes.Reader) (image.Config, error)
	decode func(*bytes.Reader) (image.Image, error)
}

var (
	formJPEG = form{
		JPEG,
		func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
		func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
	}
	formPNG = form{
		PNG,
		func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
		func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
	}
	formWebP = form{
		"image/webp",
		func(r *bytes.Reader) (image.Config, error) { return webp.DecodeConfig(r) },
		func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) },
	}
)

// formOf goes by the first bytes, never by a name or a declared type.
func formOf(file []byte) (form, error) {
	switch {
	case bytes.HasPrefix(file, []byte{0xff, 0xd8, 0xff}):
		return formJPEG, nil
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return formPNG, nil
	case len(file) >= 12 && string(file[:4]) == "RIFF" && string(file[8:12]) == "WEBP":
		return formWebP, nil
	}
	return form{}, fault.New(fault.Unsupported, "photo_type", "photo")
}
