package catalogue

// The woods.
const (
	oak    = "#c1935a"
	ash    = "#dcbd8c"
	beech  = "#cfa06c"
	walnut = "#74492b"
)

func sofa() string {
	return picture("#e9e4da", ground(60, 100, 110),
		line("M20 92v9M100 92v9", walnut, 4), rect(12, 42, 96, 42, 10, "#4f6b53"), rect(18, 46, 27, 28, 7, "#5d7c61"), rect(46, 46, 28, 28, 7, "#5d7c61"), rect(75, 46, 27, 28, 7, "#5d7c61"),
		rect(14, 68, 92, 22, 6, "#557359"), line("M45 70v18M75 70v18", dark, 2), rect(6, 56, 15, 36, 7, "#43604a"), rect(99, 56, 15, 36, 7, "#43604a"), moved("rotate(-10 32 60)", rect(22, 52, 20, 20, 5, "#d2a24c")))
}

func armchair() string {
	return picture("#e3e7e4", ground(60, 102, 76),
		line("M36 90l-4 13M84 90l4 13", walnut, 4.5), shape("M32 30c0-12 56-12 56 0l4 46H28z", "#c48a2c"), shape("M40 34c0-6 40-6 40 0l2 36H38z", "#d59b3c"), rect(34, 66, 52, 22, 8, "#d59b3c"), rect(20, 54, 18, 38, 9, "#b27a20"), rect(82, 54, 18, 38, 9, "#b27a20"), disc(50, 46, 1.8, "#96651a"), disc(60, 46, 1.8, "#96651a"), disc(70, 46, 1.8, "#96651a"))
}

func coffeeTable() string {
	return picture("#eaded2", ground(60, 100, 84), line("M36 66l-10 34M84 66l10 34M60 70v28", "#9a7040", 5), oval(60, 62, 46, 13, "#9a7040"), oval(60, 58, 46, 13, oak), oval(60, 57, 36, 9, "#cca06a"), rect(52, 40, 10, 16, 3, "#f1efe9"), line("M57 40c-2-8-8-10-12-9M57 40c0-9 5-13 10-13", "#5b8a3a", 2.5))
}

func bookcase() string {
	spines := ""
	fills := []string{"#8c2f39", "#2f5a7a", "#d2a24c", "#4f6b53", "#74492b", "#b5573a", "#6e2f62"}
	for row, y := range []float64{15, 35, 55, 75} {
		x := 37.0
		for i := range 5 + row%2 {
			h := 12 + float64((i*5+row*3)%5)
			spines += rect(x, y+17-h, 5.5, h, 0.5, fills[(i+row*2)%len(fills)])
			x += 6.2
		}
	}
	return picture("#e4e6e8", ground(60, 104, 66), rect(30, 8, 60, 96, 2, "#d8b47f"), rect(35, 13, 50, 87, 0, "#8a6a42"), spines, line("M35 33h50M35 53h50M35 73h50M35 93h50", "#d8b47f", 3))
}

func farmTable() string {
	return picture("#e8e2d4", ground(60, 102, 108), line("M20 60v42M100 60v42", "#b8935c", 7), line("M32 62v32M88 62v32", "#a27f4b", 5), shape("M14 50h92l8 10H6z", ash), rect(6, 59, 108, 8, 2, "#c4a06a"), line("M28 54h66M20 57h78", "#c4a06a", 1), rect(52, 38, 16, 12, 5, "#e9e9e4"), disc(56, 38, 5, "#c8582f"), disc(64, 37, 5, "#d9a03a"), disc(60, 34, 5, "#8aa04a"))
}

func chair() string {
	return picture("#ece6df", ground(60, 106, 56), line("M40 66v40M80 66v40M46 62v30M74 62v30", "#a97b48", 4.5), line("M42 14v52M78 14v52", beech, 5), line("M43 22h34M43 34h34M43 46h34", beech, 4.5), shape("M38 60h44l6 12H32z", "#e2c675"), line("M40 64h40M37 68h46M60 61v10", "#b99943", 1.5), line("M40 88h40", "#a97b48", 3))
}

func bench() string {
	return picture("#dfe4df", ground(60, 98, 108), line("M24 70l-4 28M96 70l4 28M34 70l-2 20M86 70l2 20", "#b8935c", 5.5), shape("M12 60h96l6 9H6z", ash), rect(6, 68, 108, 6, 2, "#c4a06a"), line("M30 64h60", "#c4a06a", 1))
}

func bed() string {
	return picture("#e6e3ea", ground(60, 103, 112), rect(10, 30, 100, 50, 5, beech), line("M30 34v24M50 34v24M70 34v24M90 34v24", "#b28550", 2.5), rect(18, 48, 38, 20, 8, "#ffffff"), rect(64, 48, 38, 20, 8, "#ffffff"), shape("M10 66h100v26H10z", "#9fb0bd"), shape("M10 66h100v9H10z", "#f5f5f2"), line("M30 82l60 0", light, 2), rect(8, 90, 104, 8, 2, "#b28550"), line("M14 98v6M106 98v6", walnut, 4.5))
}

func wardrobe() string {
	return picture("#e9e6dd", ground(60, 106, 78), rect(26, 10, 68, 90, 3, "#d3aa73"), rect(23, 7, 74, 6, 2, "#b28550"), rect(30, 17, 28, 60, 1, beech), rect(62, 17, 28, 60, 1, beech), rect(34, 21, 20, 52, 1, "#c08f58"), rect(66, 21, 20, 52, 1, "#c08f58"), rect(30, 81, 60, 15, 1, beech), disc(55, 48, 1.8, walnut), disc(65, 48, 1.8, walnut), disc(60, 88, 1.8, walnut), line("M31 100v5M89 100v5", walnut, 5))
}

func bedside() string {
	weave := line("M38 52h44M38 57h44M38 62h44M38 67h44", "#b99252", 1.5) + line("M43 49v21M49 49v21M55 49v21M61 49v21M67 49v21M73 49v21M79 49v21", "#d9b87c", 1.5)
	return picture("#e1e6ea", ground(60, 104, 60), line("M38 88v16M82 88v16", "#a97b48", 5), rect(32, 42, 56, 48, 3, beech), rect(29, 38, 62, 7, 2, "#b28550"), rect(37, 48, 46, 23, 1, "#e3c690"), weave, disc(60, 60, 2.5, walnut), rect(37, 75, 46, 11, 1, "#8a6238"), rect(40, 20, 10, 18, 2, "#f2ead9"), shape("M36 12h18l3 12H33z", "#f7dfa0"))
}

func desk() string {
	return picture("#e6e0e6", ground(60, 102, 104), line("M18 60v42M102 60v42", "#9a7040", 5), rect(10, 52, 100, 8, 2, oak), rect(66, 60, 36, 14, 1, "#b2844c"), rect(24, 60, 36, 14, 1, "#b2844c"), disc(42, 67, 2, walnut), disc(84, 67, 2, walnut), rect(64, 26, 32, 21, 2, "#41464d"), rect(66, 28, 28, 17, 1, "#9fc0d6"), line("M80 47v5", "#41464d", 4), line("M34 52V36l10-10", "#41464d", 3), shape("M38 22l12 6-6 9-10-8z", "#c8582f"))
}

func wallShelf() string {
	return picture("#e9e3da", rect(12, 66, 96, 8, 2, oak), line("M28 74l0 12M92 74v12", "#9a7040", 4), rect(22, 40, 7, 26, 1, "#8c2f39"), rect(30, 44, 7, 22, 1, "#2f5a7a"), rect(38, 38, 6, 28, 1, "#d2a24c"), moved("rotate(14 50 66)", rect(46, 42, 6, 24, 1, "#4f6b53")), rect(72, 52, 20, 14, 3, "#c8754a"), line("M82 52c-6-12-16-12-18-8M82 52c0-14 8-18 14-14M82 52V34", "#5b8a3a", 3.5))
}

func floorLamp() string {
	return picture("#e0dfe8", oval(60, 42, 52, 38, "#fff3c433"), ground(60, 106, 44), line("M60 44v50M60 78l-16 26M60 78l16 26M60 78v24", oak, 4), shape("M44 14h32l10 34H34z", "#f3e6c8"), shape("M66 14h10l10 34H70z", thin), line("M60 48v5", "#6b6f75", 4))
}

func mirror() string {
	return picture("#e8e4dd", disc(60, 58, 42, walnut), disc(60, 58, 36, "#cfe0e8"), shape("M34 74 76 32l8 4-44 46z", "#ffffff88"), shape("M50 86 90 46l2 8-34 36z", "#ffffff66"))
}

func rug() string {
	fringe := line("M20 26v-6M30 26v-6M40 26v-6M50 26v-6M60 26v-6M70 26v-6M80 26v-6M90 26v-6M100 26v-6M20 94v6M30 94v6M40 94v6M50 94v6M60 94v6M70 94v6M80 94v6M90 94v6M100 94v6", "#d8ccb4", 2)
	return picture("#d9c3a5", fringe, rect(14, 25, 92, 70, 1, "#f4ecdc"), line("M14 60 37 30l23 30 23-30 23 30-23 30-23-30-23 30z", "#6b4630", 3), line("M28 60l9-13 10 13-10 13zM74 60l9-13 10 13-10 13z", "#a5704a", 2.5))
}

func cushion() string {
	return picture("#dfe2da", ground(60, 98, 76), shape("M24 30c24 6 48 6 72 0-5 22-5 42 0 64-24-5-48-5-72 0 5-22 5-42 0-64z", "#b9896f"), shape("M34 40c16 4 30 4 44 2-24 8-34 20-38 40-4-14-4-28-6-42z", light), line("M24 30c24 6 48 6 72 0M24 94c24-5 48-5 72 0", dark, 1.5))
}
