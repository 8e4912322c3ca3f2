package photo

import (
	"encoding/binary"
	"image"
	"image/color"
)

// cost is how many bytes a pixel takes, decoded, and encoded again.
func (f form) cost(file []byte, head image.Config) int64 {
	const again = 1 // of the encoded picture
	switch f.name {
	case JPEG:
		// Up to four components; a progressive one is kept as coefficients of four
		// bytes until its last scan is read.
		parts := int64(3)
		if head.ColorModel == color.GrayModel {
			parts = 1
		}
		if head.ColorModel == color.CMYKModel {
			parts = 4
		}
		each := int64(1)
		if progressive(file) {
			each += 4
		}
		if f.orientation(file) > 1 {
			each++ // the picture turned stands beside the one that was read
		}
		return each*parts + again
	case PNG:
		switch head.ColorModel {
		case color.GrayModel:
			return 1 + again
		case color.Gray16Model:
			return 2 + again
		case color.RGBA64Model, color.NRGBA64Model:
			return 8 + again
		}
		if _, ok := head.ColorModel.(color.Palette); ok {
			return 1 + again
		}
	}
	return 4 + again
}

// moves reports whether the file is more than one picture.
func (f form) moves(file []byte) bool {
	switch f.name {
	case PNG:
		return animatedPNG(file)
	case "image/webp":
		// VP8X, its flags at byte 20: bit 1 says animation (RFC 9649, section 2.7).
		return len(file) > 20 && string(file[12:16]) == "VP8X" && file[20]&0x02 != 0
	}
	return false
}

// animatedPNG looks for the chunk acTL, which stands before the first IDAT (PNG
// third edition, section 11.3.6).
func animatedPNG(file []byte) bool {
	for at := 8; at+8 <= len(file); {
		size, name := int64(binary.BigEndian.Uint32(file[at:])), string(file[at+4:at+8])
		switch name {
		case "acTL":
			return true
		case "IDAT", "IEND":
			return false
		}
		next := int64(at) + 12 + size
		if next > int64(len(file)) {
			return false
		}
		at = int(next)
	}
	return false
}

// segments walks the segments of a JPEG before its first scan, until stop says so.
func segments(file []byte, stop func(marker byte, body []byte) bool) {
	for at := 2; at+4 <= len(file); {
		if file[at] != 0xff {
			return
		}
		marker := file[at+1]
		switch {
		case marker == 0xff: // fill
			at++
			continue
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd8: // stands alone
			at += 2
			continue
		}
		size := int(binary.BigEndian.Uint16(file[at+2:]))
		if size < 2 || at+2+size > len(file) {
			return
		}
		if stop(marker, file[at+4:at+2+size]) || marker == 0xda {
			return
		}
		at += 2 + size
	}
}

func progressive(file []byte) (is bool) {
	segments(file, func(marker byte, _ []byte) bool {
		is = is || marker == 0xc2
		return is
	})
	return is
}

// orientation is how the camera was held, 1 to 8 as Exif says it (tag 0x0112);
// 1 when nobody says.
func (f form) orientation(file []byte) int {
	turn := 1
	if f.name != JPEG {
		return turn
	}
	segments(file, func(marker byte, body []byte) bool {
		if marker != 0xe1 || len(body) < 14 || string(body[:6]) != "Exif\x00\x00" {
			return false
		}
		turn = exifOrientation(body[6:])
		return true
	})
	return turn
}

// exifOrientation reads the first directory of a TIFF, and follows nothing.
func exifOrientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := int64(order.Uint16(tiff[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if turn := int(order.Uint16(tiff[e+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
	}
	return 1
}
