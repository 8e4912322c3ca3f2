package catalogue

// cover is a book that stands: its pages, its cloth and what is printed on it,
// between 34 and 90 across, 12 and 100 down.
func cover(paper, cloth string, printed ...string) string {
	shapes := append([]string{
		ground(62, 104, 70), rect(38, 16, 56, 88, 2, "#f4efe2"), line("M92 18v84M89 18v84", dark, 0.8), rect(32, 12, 58, 90, 2, cloth), rect(32, 12, 7, 90, 2, dark),
	}, printed...)
	return picture(paper, shapes...)
}

// titled is the two lines where a title would be.
func titled(y float64, ink string) string {
	return rect(46, y, 36, 4, 2, ink) + rect(53, y+8, 22, 3, 1.5, ink)
}

func atlas() string {
	return cover("#dbe6ea", "#215a73", titled(20, "#f0e3c0"), shape("M44 42h40v50H44z", "#8fc0cf"), shape("M44 62c8-2 6-8 14-8s4 6 12 4 6-6 14-6v40H44z", "#e4d29a"), shape("M44 76c10-4 14 4 20 0s10 2 20-2v18H44z", "#cdb673"), line("M64 44v10M59 49h10", "#f7f3e6", 1.5), line("M48 48c4-3 6 3 10 0", "#ffffff", 1.2))
}

func tides() string {
	return cover("#e6e4da", "#e8dcc0", titled(22, "#33566f"), disc(64, 52, 11, "#d9b44a"), shape("M39 66c8-6 14-6 20 0s14 6 20 0c4-3 8-4 11-3v39H39z", "#4f86a3"), shape("M39 78c8-6 14-6 20 0s14 6 20 0c4-3 8-4 11-3v27H39z", "#33667f"), shape("M39 90c8-6 14-6 20 0s14 6 20 0c4-3 8-4 11-3v15H39z", "#214a60"))
}

func lighthouse() string {
	return cover("#ead9d3", "#2b3f5c", shape("M58 44 39 34v14zM70 44l20-12v18z", "#f7e8a855"), shape("M58 48h12l4 48H54z", "#f6f2ea"), shape("M57.2 58h13.600l.8 10H56.400zM55.6 78h16.800l.8 10H54.800z", "#c2452f"), rect(57, 38, 14, 10, 1, "#f4d76a"), shape("M55 38h18l-9-9z", "#c2452f"), shape("M39 96c10-5 16 2 26-1s16-3 25 1v6H39z", "#4f86a3"), titled(17, "#f0e3c0"))
}

func island(cloth string) string {
	return cover("#ece1d2", cloth, titled(20, "#f3e3bf"), disc(74, 48, 7, "#f3e3bf"), shape("M42 84l6-10h8v-14h6v6h5v-6h6v14h8l5 10z", "#f3e3bf"), shape("M39 88c8-4 12 3 20 0s12 3 20 0 8 0 11 0v4c-8 3-12-2-20 1s-12-3-20 0-8 1-11 1z", "#f3e3bf"))
}

func submarine() string {
	return cover("#d3e2df", "#0f4a4f", titled(20, "#d9c27a"), oval(64, 66, 20, 10, "#d9a53a"), rect(58, 52, 10, 8, 2, "#d9a53a"), line("M63 52v-7h6", "#d9a53a", 2.5), disc(54, 66, 3.5, "#bfe3e6"), disc(64, 66, 3.5, "#bfe3e6"), disc(74, 66, 3.5, "#bfe3e6"), shape("M83 60l6-5v22l-6-5z", "#b98524"), disc(48, 48, 2, "#7fb8ba"), disc(53, 41, 1.5, "#7fb8ba"), line("M48 100c-3-6 3-8 0-14M58 100c-2-5 3-6 1-11M80 100c-3-6 3-8 0-14", "#2f7d6d", 3))
}

func whale() string {
	return cover("#e2dfd3", "#7d2f2a", titled(20, "#f0dcc0"), shape("M44 76c0-14 12-20 24-18 10 2 14 10 18 4l3-8 3 1c-1 14-10 27-26 27-14 0-22 2-22-6z", "#f3ead9"), disc(53, 72, 1.6, "#3a1513"), line("M58 54c-2-6-7-6-9-3M58 54c1-7 7-8 9-4", "#f3ead9", 2), shape("M39 86c8-4 12 3 20 0s12 3 20 0 8 0 11 0v16H39z", "#561d1a"))
}

func boat() string {
	return cover("#dde7d8", "#e9b949", titled(20, "#3f5a3a"), shape("M44 74h42l-6 12H51z", "#8a4a24"), disc(54, 66, 4, "#f2d3b0"), disc(64, 64, 4, "#f2d3b0"), disc(74, 66, 4, "#f2d3b0"), shape("M50 66c0-5 8-5 8 0zM60 64c0-5 8-5 8 0zM70 66c0-5 8-5 8 0z", "#c2452f"), rect(50, 69, 8, 6, 2, "#33566f"), rect(60, 68, 8, 7, 2, "#5b8a3a"), rect(70, 69, 8, 6, 2, "#7d2f2a"), line("M46 62l10 28M82 62 74 90", "#8a4a24", 2), shape("M39 88c8-4 12 3 20 0s12 3 20 0 8 0 11 0v14H39z", "#5f9db5"))
}

func cookbook() string {
	return cover("#efe2d8", "#f3ece0", titled(20, "#7a3b2a"), shape("M45 62h38v18a10 10 0 0 1-10 10H55a10 10 0 0 1-10-10z", "#c2452f"), rect(42, 58, 44, 6, 3, "#9c3322"), rect(39, 66, 6, 5, 2, "#9c3322"), rect(83, 66, 6, 5, 2, "#9c3322"), line("M55 52c-3-4 3-6 0-10M64 52c-3-4 3-6 0-10M73 52c-3-4 3-6 0-10", "#b9a78f", 2.2))
}

func tales() string {
	return cover("#e0dcef", "#38407f", disc(66, 40, 12, "#f4d76a"), disc(71, 37, 10, "#38407f"), disc(48, 30, 1.5, "#f4f0d8"), disc(84, 56, 1.5, "#f4f0d8"), disc(50, 50, 1.2, "#f4f0d8"), shape("M48 74h32l-5 9H53z", "#d9703f"), shape("M63 48v24H50z", "#f4f0e2"), shape("M65 54v18h11z", "#e8d9b8"), shape("M39 84c8-4 12 3 20 0s12 3 20 0 8 0 11 0v18H39z", "#5f7fc4"), titled(88, "#f4f0e2"))
}

func notebook() string {
	return cover("#dfe5e8", "#1f3f5f", rect(78, 12, 4, 90, 0, "#c2452f"), `<circle cx="58" cy="52" r="11" fill="none" stroke="#d9b44a" stroke-width="2.5"/>`, line("M58 36v32M42 52h32M47 41l22 22M69 41 47 63", "#d9b44a", 1.5), rect(47, 78, 22, 3, 1.5, "#d9b44a"), line("M78 101l1 10M82 101l1 9", "#c2452f", 2))
}

func poster() string {
	return picture("#e7e1d6", rect(24, 12, 72, 92, 0, "#f7f0dc"), rect(29, 17, 62, 66, 0, "#e8a65a"), disc(76, 34, 9, "#f7e3a8"), shape("M29 66h62v17H29z", "#3f7f95"), shape("M36 66l6-4h34l8 4-4 7H40z", "#7d2f2a"), rect(50, 48, 5, 14, 0, "#2b2b33"), rect(60, 48, 5, 14, 0, "#2b2b33"), line("M53 46c-6-4 2-8-5-12M63 46c-6-4 2-8-5-12", "#ffffffaa", 3), line("M29 74c6-3 10 2 16 0s10 2 16 0 10 2 16 0 10 1 14 0", "#9cc6cf", 1.5), rect(40, 88, 40, 5, 2, "#7d2f2a"), rect(50, 96, 20, 3, 1.5, "#b58a5a"), rect(21, 8, 78, 6, 3, "#8a6238"), rect(21, 102, 78, 6, 3, "#8a6238"))
}

func cards() string {
	card := func(ink, knot string) string {
		return rect(38, 22, 46, 68, 5, "#fdfbf4") + line(knot, ink, 3.5) + disc(45, 30, 2.5, ink) + disc(77, 82, 2.5, ink)
	}
	return picture("#d8e4d8", ground(60, 102, 80), moved("rotate(-18 60 96) translate(-8 2)", card("#33566f", "M50 56h22")), moved("rotate(14 60 96) translate(8 2)", card("#c2452f", "M50 56h22")), moved("rotate(-2 60 96)", card("#2f6b3a", "M46 66c8-22 16-22 16-8s-10 12-4-2 14-10 18 4")))
}
