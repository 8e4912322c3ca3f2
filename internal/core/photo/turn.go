package photo

import "image"

// upright turns a picture as its camera was held, plane by plane. What can not be
// turned so stays as it is: no photo is lost for its orientation.
func upright(picture image.Image, orientation int) image.Image {
	if orientation <= 1 {
		return picture
	}
	switch p := picture.(type) {
	case *image.YCbCr:
		return turnYCbCr(p, orientation)
	case *image.Gray:
		y, w, h := turn(plane{p.Pix, p.Stride, p.Rect.Dx(), p.Rect.Dy()}, orientation)
		return &image.Gray{Pix: y, Stride: w, Rect: image.Rect(0, 0, w, h)}
	}
	return picture
}

// turned is what a subsampling becomes when width and height change places.
var turned = map[image.YCbCrSubsampleRatio]image.YCbCrSubsampleRatio{
	image.YCbCrSubsampleRatio444: image.YCbCrSubsampleRatio444,
	image.YCbCrSubsampleRatio420: image.YCbCrSubsampleRatio420,
	image.YCbCrSubsampleRatio422: image.YCbCrSubsampleRatio440,
	image.YCbCrSubsampleRatio440: image.YCbCrSubsampleRatio422,
}

func turnYCbCr(p *image.YCbCr, orientation int) image.Image {
	ratio := p.SubsampleRatio
	if orientation >= 5 {
		var can bool
		if ratio, can = turned[ratio]; !can {
			return p
		}
	}
	w, h := p.Rect.Dx(), p.Rect.Dy()
	cw, ch := chroma(p.SubsampleRatio, w, h)
	out := &image.YCbCr{SubsampleRatio: ratio}
	var height int
	out.Y, out.YStride, height = turn(plane{p.Y, p.YStride, w, h}, orientation)
	out.Cb, out.CStride, _ = turn(plane{p.Cb, p.CStride, cw, ch}, orientation)
	out.Cr, out.CStride, _ = turn(plane{p.Cr, p.CStride, cw, ch}, orientation)
	out.Rect = image.Rect(0, 0, out.YStride, height)
	return out
}

// chroma is the size of the colour planes of a picture.
func chroma(r image.YCbCrSubsampleRatio, w, h int) (int, int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return (w + 1) / 2, h
	case image.YCbCrSubsampleRatio420:
		return (w + 1) / 2, (h + 1) / 2
	case image.YCbCrSubsampleRatio440:
		return w, (h + 1) / 2
	case image.YCbCrSubsampleRatio411:
		return (w + 3) / 4, h
	case image.YCbCrSubsampleRatio410:
		return (w + 3) / 4, (h + 1) / 2
	}
	return w, h
}

// plane is one component of a picture, a byte a sample.
type plane struct {
	pix    []byte
	stride int
	w, h   int
}

// turn gives the plane as it should be seen. Exif 2.32, table 6: 2 mirrored,
// 3 upside down, 4 both, 5 to 8 the same with rows and columns changing places.
func turn(p plane, orientation int) (out []byte, w, h int) {
	w, h = p.w, p.h
	if orientation >= 5 {
		w, h = h, w
	}
	out = make([]byte, w*h)
	for y := range h {
		for x := range w {
			sx, sy := x, y
			if orientation >= 5 {
				sx, sy = y, x
			}
			switch orientation {
			case 2, 8:
				sx = p.w - 1 - sx
			case 3, 7:
				sx, sy = p.w-1-sx, p.h-1-sy
			case 4, 6:
				sy = p.h - 1 - sy
			}
			out[y*w+x] = p.pix[sy*p.stride+sx]
		}
	}
	return out, w, h
}
