package catalogue

// bottle is one with a long neck: its glass, its label and what closes it.
func bottle(paper, glass, label, cap string) string {
	return picture(
		paper, ground(60, 104, 38),
		shape("M53 22h14v20c0 5 11 8 11 20v38a4 4 0 0 1-4 4H46a4 4 0 0 1-4-4V62c0-12 11-15 11-20z", glass),
		shape("M46 64c0-9 9-13 10-20v58h-6a4 4 0 0 1-4-4z", light),
		rect(51, 14, 18, 12, 2, cap), rect(42, 68, 36, 24, 0, label), rect(48, 74, 24, 3, 1.5, dark), rect(52, 80, 16, 2, 1, dark),
	)
}

// jar is one with a lid: what is in it, its lid and its label.
func jar(paper, inside, lid, label string) string {
	return picture(
		paper, ground(60, 104, 52),
		rect(34, 38, 52, 66, 10, "#ffffff99"), rect(37, 46, 46, 55, 8, inside), rect(40, 48, 5, 50, 2.5, light),
		rect(35, 26, 50, 15, 4, lid), rect(35, 36, 50, 5, 2, dark),
		rect(42, 60, 36, 26, 2, label), rect(48, 67, 24, 3, 1.5, dark), rect(52, 74, 16, 2, 1, dark),
	)
}

// bag is a paper bag, folded at the top.
func bag(paper, kraft, label string, window ...string) string {
	shapes := append([]string{
		ground(60, 104, 52),
		shape("M38 26h44l3 10v64a4 4 0 0 1-4 4H39a4 4 0 0 1-4-4V36z", kraft), shape("M35 36h50v6H35z", dark), shape("M82 36l3 0v64a4 4 0 0 1-4 4h-5z", thin),
		rect(45, 18, 30, 10, 2, kraft), rect(45, 18, 30, 4, 2, dark), rect(43, 50, 34, 22, 3, label), rect(49, 57, 22, 3, 1.5, dark), rect(52, 63, 16, 2, 1, dark),
	}, window...)
	return picture(paper, shapes...)
}

func loaf() string {
	return picture("#f4e3c8", ground(60, 98, 84),
		oval(60, 74, 42, 26, "#a8662c"), oval(60, 70, 40, 23, "#c4813d"), oval(52, 62, 22, 10, light),
		line("M36 66c8-8 14-9 20-8M50 76c8-9 16-11 24-9M68 82c6-6 12-8 18-7", "#f6dfb4", 5))
}

func eggs() string {
	return picture("#dfe8ea", ground(60, 102, 84),
		oval(38, 62, 13, 17, "#e9c9a4"), oval(60, 60, 13, 18, "#f3dcc0"), oval(82, 62, 13, 17, "#e2bd94"), oval(55, 54, 4, 7, light),
		shape("M18 68h84l-6 30a5 5 0 0 1-5 4H29a5 5 0 0 1-5-4z", "#8b8f86"), shape("M18 68h84l-1.6 8H19.600z", light), line("M46 78v18M74 78v18", dark, 3))
}

func milk() string {
	return picture("#d5e3f3", ground(60, 104, 42),
		shape("M50 24h20v14c0 6 12 8 12 22v40a4 4 0 0 1-4 4H42a4 4 0 0 1-4-4V60c0-14 12-16 12-22z", "#fbfbf7"), shape("M70 24v14c0 6 12 8 12 22v40a4 4 0 0 1-4 4h-8V62c0-14-6-16-6-24V24z", thin),
		rect(47, 14, 26, 12, 3, "#2f6aa8"), disc(60, 74, 13, "#2f6aa8"), shape("M50 78c4-8 8-8 10-3 2-5 6-5 10 3z", "#fbfbf7"))
}

func cheese() string {
	return picture("#f7e8c0", ground(60, 98, 86),
		shape("M18 72 82 40c12 4 20 16 20 32z", "#f3cf6b"), shape("M18 72h84v24H22a4 4 0 0 1-4-4z", "#e8b94a"), shape("M82 40c12 4 20 16 20 32h-7c0-13-6-22-17-30z", "#a8752d"), shape("M95 72h7v24h-7z", "#a8752d"),
		disc(38, 84, 4, "#cf9a30"), disc(62, 80, 3, "#cf9a30"), disc(78, 88, 4, "#cf9a30"), disc(72, 60, 3.5, "#d9ac43"))
}

func apples() string {
	apple := func(skin string) string {
		return shape("M60 56c-6-6-22-4-22 14 0 16 11 28 18 28 3 0 3-2 5-2s3 2 6 2c7 0 17-12 17-28 0-18-17-20-24-14z", skin) + shape("M46 62c-4 5-4 14-1 20 1-8 2-14 6-20z", light) + line("M61 57c0-6 2-10 6-13", "#6b4a24", 3)
	}
	return picture("#e4edd3", ground(62, 101, 88), moved("translate(18 -4) scale(.92)", apple("#c9a13a")), moved("translate(-14 2)", apple("#c8582f")), shape("M54 44c8-8 16-6 20-2-6 6-14 6-20 2z", "#5b8a3a"))
}

func sardines() string {
	fish := func(y float64) string {
		return moved("translate(0 "+number(y)+")", shape("M34 60c12-10 38-10 48 0-10 10-36 10-48 0z", "#a9bcc7"), shape("M80 60l10-6v12z", "#8aa0ad"), disc(43, 58, 1.8, "#2b3a42"), line("M52 60h22", light, 2))
	}
	return picture("#cfe3e8", ground(60, 98, 90), rect(16, 42, 88, 52, 16, "#c9a24b"), rect(20, 46, 80, 44, 13, "#e4c878"), rect(24, 50, 72, 36, 10, "#b98f35"),
		fish(0), fish(14), line("M84 40c8-14 18-8 12 2", "#9a9da0", 4))
}

func hamper() string {
	return picture("#efe2cf", ground(60, 104, 90),
		line("M30 62C30 20 90 20 90 62", "#8a5a2b", 5), rect(42, 34, 13, 36, 3, "#4f6f36"), rect(45, 26, 7, 12, 2, "#2f4722"), rect(58, 44, 20, 24, 4, "#d08a2e"), rect(58, 40, 20, 8, 3, "#7c2f2a"), rect(79, 50, 10, 18, 2, "#5b3320"), disc(37, 58, 9, "#c8582f"),
		shape("M20 62h80l-8 38a5 5 0 0 1-5 4H33a5 5 0 0 1-5-4z", "#b57f42"), line("M24 74h72M26 84h68M28 94h64", "#8a5a2b", 3), line("M40 64l3 38M60 64v38M80 64l-3 38", "#d3a468", 3), rect(17, 58, 86, 8, 4, "#9a6833"))
}

func chocolate() string {
	squares := ""
	for _, x := range []float64{38, 54, 70} {
		for _, y := range []float64{24, 38} {
			squares += rect(x, y, 13, 11, 2, "#6e4128") + rect(x+2, y+2, 9, 2, 1, light)
		}
	}
	return picture("#ead8cd", ground(60, 105, 58), moved("rotate(-7 60 60)", rect(34, 18, 53, 46, 3, "#4c2a19"), squares, shape("M30 52l8-4 8 4 8-4 8 4 8-4 8 4 8-4 5 3v52H30z", "#b9c3c9"), shape("M30 60h61v42a3 3 0 0 1-3 3H33a3 3 0 0 1-3-3z", "#8c2f39"), rect(42, 72, 37, 16, 2, "#f3e3d0"), rect(48, 78, 25, 3, 1.5, dark)))
}

func pralines() string {
	nuts := ""
	for i, at := range [][2]float64{{40, 92}, {58, 94}, {76, 92}, {50, 80}, {68, 80}, {59, 67}, {90, 95}, {28, 96}} {
		fill := []string{"#d4567a", "#e27d99", "#c23f66"}[i%3]
		nuts += moved("rotate("+number(float64(i*37%60)-30)+" "+number(at[0])+" "+number(at[1])+")", oval(at[0], at[1], 11, 8.5, fill), disc(at[0]-3, at[1]-2, 2.5, light), disc(at[0]+4, at[1]+2, 1.6, light))
	}
	return picture("#fbdfe4", ground(60, 104, 84), nuts)
}

func teaTin() string {
	return picture("#dde3ea", ground(60, 104, 58), rect(32, 34, 56, 70, 4, "#2c4a6e"), oval(60, 34, 28, 8, "#3d5f88"), rect(32, 22, 56, 14, 3, "#3d5f88"), oval(60, 22, 28, 7, "#5478a3"), rect(78, 34, 10, 70, 3, thin),
		oval(60, 70, 18, 22, "#f0e6cc"), shape("M50 70h18v6a8 8 0 0 1-8 8h-2a8 8 0 0 1-8-8z", "#b9803c"), line("M68 72c5 0 5 7 0 7", "#b9803c", 2), line("M56 64c-2-3 2-4 0-8M62 64c-2-3 2-4 0-8", "#8aa0b5", 1.8))
}
