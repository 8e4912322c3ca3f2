package catalogue

import "strings"

// wrapped is stems in a paper, under heads drawn by whoever calls.
func wrapped(sheet, wrap, ribbon string, heads ...string) string {
	leaves := shape("M34 52C22 50 16 40 18 32c10 2 18 8 18 20zM86 52c12-2 18-12 16-20-10 2-18 8-18 20z", "#5b7f4a") + shape("M60 40c-6-10-4-20 0-26 4 6 6 16 0 26z", "#6b8f57")
	return picture(sheet, ground(60, 108, 34), leaves, line("M52 70l4 36M60 70v38M68 70l-4 36", "#4f6f40", 3), strings.Join(heads, ""),
		shape("M26 62l34 10 34-10-24 36c-4 6-16 6-20 0z", wrap), shape("M60 72l34-10-24 36c-2 3-6 5-10 5z", dark), shape("M26 62l14-6 20 16zM94 62l-14-6-20 16z", light), line("M50 94c6 4 14 4 20 0", ribbon, 4), line("M58 97l-8 12M62 97l8 12", ribbon, 3))
}

// rose, daisy, tulip and bloom are heads of flowers, as large as r.
func rose(x, y, r float64, petal string) string {
	return disc(x, y, r, petal) + disc(x, y, r*.72, dark) + disc(x-r*.1, y-r*.1, r*.58, petal) + line(curl(x, y, r*.4), "#00000040", r*.16)
}

func curl(x, y, r float64) string {
	return "M" + number(x-r) + " " + number(y) + "a" + number(r) + " " + number(r) + " 0 1 1 " + number(r) + " " + number(r)
}

func daisy(x, y, r float64, petal, heart string) string {
	petals := ""
	for _, turn := range []string{"0", "45", "90", "135"} {
		petals += moved("rotate("+turn+" "+number(x)+" "+number(y)+")", oval(x, y, r, r*.36, petal))
	}
	return petals + disc(x, y, r*.38, heart)
}

func tulip(x, y, r float64, petal string) string {
	at := "translate(" + number(x) + " " + number(y) + ") scale(" + number(r/10) + ")"
	return moved(at, shape("M-9-8 -4-3 0-12 4-3 9-8C12 6 6 11 0 11S-12 6-9-8z", petal), shape("M0-12-4-3 0 11 4-3z", light))
}

func bloom(x, y, r float64, petal string) string {
	ring := ""
	for _, turn := range []string{"0", "60", "120"} {
		ring += moved("rotate("+turn+" "+number(x)+" "+number(y)+")", oval(x, y, r, r*.62, petal))
	}
	return ring + disc(x, y, r*.66, "#ffffff40") + disc(x, y, r*.42, petal) + disc(x, y, r*.2, dark)
}

func marketBouquet() string {
	return wrapped("#f6e6da", "#e6d5bd", "#a8325a", daisy(40, 46, 11, "#ffffff", "#e3b23a"), bloom(62, 32, 12, "#e2745f"), rose(82, 46, 10, "#c23f66"), daisy(62, 56, 10, "#f3c64e", "#7a4a20"), bloom(44, 30, 9, "#8d6ab8"), rose(80, 28, 8, "#f0a24e"), bloom(48, 60, 8, "#f0a9b8"))
}

func redRoses() string {
	heads := ""
	for i, at := range [][2]float64{{36, 44}, {50, 34}, {66, 32}, {82, 42}, {44, 54}, {60, 48}, {76, 54}, {58, 60}, {50, 22}, {68, 20}} {
		heads += rose(at[0], at[1], 9.5, []string{"#b3202f", "#c42f3d", "#a01827"}[i%3])
	}
	return wrapped("#f1e3e1", "#f7f1e8", "#7d1a24", heads)
}

func whiteBouquet() string {
	return wrapped("#e3eadf", "#cfd8c4", "#5b7f4a", bloom(42, 46, 11, "#fdfdf8"), rose(62, 32, 11, "#f2f1e2"), bloom(82, 44, 11, "#fbfbf4"), daisy(60, 54, 11, "#ffffff", "#c5cf8a"), rose(44, 28, 8, "#e6ecd5"), rose(80, 26, 8, "#eef0dd"), line("M28 40C24 30 28 20 34 16M92 40c4-10 0-20-6-24", "#8fae9a", 4), disc(30, 28, 4, "#a5c2ae"), disc(34, 18, 4, "#a5c2ae"), disc(90, 28, 4, "#a5c2ae"), disc(86, 18, 4, "#a5c2ae"))
}

func tulips() string {
	heads := ""
	for i, at := range [][2]float64{{36, 40}, {50, 30}, {64, 26}, {80, 36}, {44, 52}, {58, 44}, {74, 50}, {60, 60}, {88, 52}} {
		heads += tulip(at[0], at[1], 10, []string{"#e8577a", "#f2b03c", "#8f5fb0", "#f27a4b", "#f6d9e0"}[i%5])
	}
	return wrapped("#e8e3f0", "#f2ead8", "#8f5fb0", heads)
}

func dried() string {
	wheat := line("M44 66 36 20M52 66l-4-50M86 66l6-42", "#c9a25c", 2.5)
	ears := ""
	for _, at := range [][2]float64{{36, 20}, {37, 27}, {38, 34}, {48, 16}, {48.5, 23}, {49, 30}, {92, 24}, {91, 31}, {90, 38}} {
		ears += oval(at[0], at[1], 4, 5, "#d9b45f")
	}
	lavender := ""
	for _, at := range [][2]float64{{60, 14}, {60, 21}, {61, 28}, {61, 35}, {72, 18}, {71, 25}, {70, 32}, {69, 39}} {
		lavender += oval(at[0], at[1], 4.5, 4, "#8778b5")
	}
	return wrapped("#f0e6d8", "#c9a77f", "#7a5a38", wheat, ears, line("M60 66V12M68 66l5-50", "#8a8a6a", 2), lavender, daisy(44, 52, 8, "#e8c9a0", "#a8652e"), daisy(58, 54, 8, "#d98e5a", "#7a3f1c"), daisy(76, 52, 8, "#e8c9a0", "#a8652e"))
}

func peonies() string {
	return wrapped("#f4e2e8", "#e9eef0", "#a8325a", bloom(38, 44, 15, "#e58fae"), bloom(62, 28, 16, "#f2b9cb"), bloom(86, 44, 14, "#c94f7c"), bloom(60, 54, 15, "#d96c95"), bloom(42, 24, 9, "#b8436e"), bloom(82, 24, 9, "#f6d3de"))
}

// pot is a flower pot under what grows in it.
func pot(sheet, clay string, plant ...string) string {
	return picture(sheet, ground(60, 106, 52), strings.Join(plant, ""), shape("M38 80h44l-5 24a3 3 0 0 1-3 2H46a3 3 0 0 1-3-2z", clay), rect(35, 74, 50, 9, 3, clay), rect(35, 80, 50, 3, 1, dark), shape("M72 83h10l-5 21a3 3 0 0 1-3 2h-8z", thin))
}

func monstera() string {
	leaf := shape("M0 0C-20-6-24-28-8-40 12-40 22-24 14-8 10-2 6 0 0 0z", "#3f7a4a") + line("M0 0-2-34M-1-12l-12-8M-1-20l10-10", "#2c5a36", 2) + shape("M-20-18l9 2-10 4zM17-22l-9 2 9 4z", "#e6ebe0")
	return pot("#e6ebe0", "#d9d5cd", line("M60 78 60 40M60 78 38 46M60 78 84 48M60 78 48 60", "#4f6f40", 3.5), moved("translate(60 50)", leaf), moved("translate(38 58) rotate(-48) scale(.8)", leaf), moved("translate(84 58) rotate(46) scale(.85)", leaf), moved("translate(70 66) rotate(70) scale(.55)", leaf))
}

func orchid() string {
	flower := func(x, y float64) string {
		return oval(x-6, y, 7, 6, "#fdfbfd") + oval(x+6, y, 7, 6, "#fdfbfd") + oval(x, y-6, 4.5, 6, "#f6eef5") + oval(x-3, y+6, 4, 5, "#f6eef5") + oval(x+3, y+6, 4, 5, "#f6eef5") + disc(x, y+1, 3, "#c94f9c") + disc(x, y+2, 1.3, "#f2d03c")
	}
	return pot("#e6dcea", "#8f6fa3", line("M58 78C54 40 40 22 24 22M62 78c2-36 16-52 34-52", "#5b7f4a", 3), shape("M58 78C40 78 26 72 20 62c16-2 32 4 38 16zM62 78c18 0 32-6 38-16-16-2-32 4-38 16z", "#3f7a4a"), flower(26, 26), flower(40, 34), flower(49, 50), flower(94, 30), flower(80, 38), flower(71, 54))
}

func succulents() string {
	small := func(x float64, clay string) string {
		return shape("M"+number(x-13)+" 78h26l-3 20a3 3 0 0 1-3 2h-14a3 3 0 0 1-3-2z", clay) + rect(x-15, 73, 30, 7, 2, clay) + rect(x-15, 78, 30, 2, 0, dark)
	}
	rosette := ""
	for _, turn := range []string{"-70", "-45", "-20", "0", "20", "45", "70"} {
		rosette += moved("rotate("+turn+" 24 72)", oval(24, 60, 4, 12, "#8fb39a"))
	}
	cactus := rect(51, 38, 18, 38, 9, "#4f8a5a") + rect(42, 50, 8, 14, 4, "#4f8a5a") + rect(44, 58, 12, 6, 3, "#4f8a5a") + line("M56 44v28M60 42v30M64 44v28", "#7fb387", 1.5) + disc(60, 38, 4, "#e8577a")
	aloe := shape("M96 74c-4-14-14-20-18-22 2 10 8 18 14 22zM96 74c0-18-2-28-4-34-4 10-2 26 2 34zM96 74c2-14 12-22 16-24 0 10-6 20-12 24zM96 74c-8-6-16-6-20-4 4 4 12 6 20 4z", "#6a9a5a")
	return picture("#ece6da", ground(24, 101, 32), ground(60, 101, 32), ground(96, 101, 32), rosette, cactus, aloe, small(24, "#c8754a"), small(60, "#f1ede4"), small(96, "#6d8a9a"))
}

func olive() string {
	leaves := ""
	for i, at := range [][2]float64{{44, 40}, {52, 30}, {62, 24}, {72, 30}, {80, 40}, {40, 50}, {84, 50}, {56, 42}, {68, 42}, {62, 34}, {48, 52}, {76, 52}, {60, 50}} {
		leaves += disc(at[0], at[1], 10, []string{"#7d946b", "#8fa67c", "#6b8459"}[i%3])
	}
	for _, at := range [][2]float64{{46, 44}, {58, 34}, {74, 44}, {66, 52}, {82, 46}} {
		leaves += oval(at[0], at[1], 2.4, 3.2, "#3d3a4a")
	}
	return pot("#e3e9ea", "#b5673f", line("M60 78C56 66 66 60 61 46M61 60l-10-12M62 58l12-10", "#7a6248", 5), leaves)
}

func vase() string {
	return picture("#e6ded6", ground(60, 106, 46), line("M58 50C56 32 48 20 40 14M62 50c2-16 10-26 20-32M60 50V18", "#6b8f57", 2.5), daisy(40, 16, 8, "#ffffff", "#e3b23a"), daisy(82, 18, 8, "#f0a9b8", "#a8325a"), daisy(60, 16, 8, "#f3c64e", "#7a4a20"), shape("M50 44h20c0 14 16 18 16 38 0 14-10 23-26 23S34 96 34 82c0-20 16-24 16-38z", "#9fc6c2b0"), shape("M37 80c0-2 46-2 46 0 2 14-8 22-23 22S35 94 37 80z", "#6fa5a8a0"), rect(48, 41, 24, 5, 2.5, "#cfe3e0"), line("M42 74c2-8 8-12 10-18", "#ffffffcc", 2.5))
}

func candle() string {
	return picture("#f3e8d8", oval(60, 36, 30, 26, "#ffe9a855"), ground(60, 106, 54), rect(34, 48, 52, 56, 8, "#f7efe2"), rect(34, 48, 52, 9, 6, "#fff8ec"), rect(42, 66, 36, 24, 2, "#e9b06a"), daisy(60, 76, 7, "#ffffff", "#e3b23a"), rect(50, 85, 20, 2, 1, "#8a5a2b"), line("M60 50v-8", "#5a4a3a", 2), shape("M60 22c7 9 8 13 6 18-2 4-10 4-12 0-2-5 0-9 6-18z", "#f2a33c"), shape("M60 30c3 4 4 7 3 10-1 2-5 2-6 0-1-3 0-6 3-10z", "#ffe08a"))
}

func noteCard() string {
	return picture("#e9dfe2", ground(60, 98, 88), moved("rotate(-6 60 60)", rect(18, 32, 80, 56, 3, "#c98f9f"), shape("M18 34 58 64 98 34", "#b87a8b")), moved("rotate(4 60 60)", rect(24, 40, 76, 54, 2, "#fdfaf4"), line("M34 56c4-6 8 4 12-1s6 4 10 0 8 3 12-1M34 68c6-4 8 3 14-1s8 3 14-1 8 2 12-1M34 80c4-4 8 3 12-1", "#6b4a5a", 2), daisy(86, 82, 7, "#e58fae", "#e3b23a")))
}
