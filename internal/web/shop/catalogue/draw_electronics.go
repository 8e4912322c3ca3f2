package catalogue

func headphones() string {
	return picture("#e1e2ef", ground(60, 104, 84), line("M26 66C20 6 100 6 94 66", "#2b2d3a", 7), line("M34 44C42 22 78 22 86 44", light, 2), rect(18, 58, 22, 38, 10, "#3a3d4d"), rect(80, 58, 22, 38, 10, "#3a3d4d"), rect(30, 62, 12, 30, 6, "#c9a07a"), rect(78, 62, 12, 30, 6, "#c9a07a"), disc(24, 88, 1.6, "#7fd6a0"))
}

func earbuds() string {
	bud := disc(0, 0, 8, "#f7f8fa") + rect(-3, 2, 7, 20, 3.5, "#f7f8fa") + disc(-3, -1, 4, "#c5cad3")
	return picture("#d8e6ee", ground(60, 102, 72), rect(28, 62, 64, 38, 18, "#2f5f9e"), rect(28, 62, 64, 12, 8, "#3d74ba"), disc(60, 84, 2, "#7fd6a0"), moved("translate(44 34) rotate(-12)", bud), moved("translate(78 34) scale(-1 1) rotate(-12)", bud))
}

func speaker() string {
	mesh := ""
	for y := 40.0; y <= 84; y += 7 {
		mesh += line("M33 "+number(y)+"h54", "#6d737c", 1.5)
	}
	return picture("#ece4dc", ground(60, 102, 72), line("M44 26c0-12 32-12 32 0", "#b98a58", 4), rect(28, 26, 64, 76, 16, "#8d939c"), rect(32, 34, 56, 54, 10, "#7c828b"), mesh, disc(50, 95, 2.2, "#e9ecef"), disc(60, 95, 2.2, "#e9ecef"), disc(70, 95, 2.2, "#e9ecef"))
}

func radio() string {
	return picture("#e6ead9", ground(60, 100, 96), line("M88 40 104 14", "#8f959c", 2.5), rect(14, 40, 92, 58, 8, "#b07c48"), rect(14, 40, 92, 8, 4, light), rect(20, 50, 48, 40, 4, "#4a3420"), line("M24 56h40M24 62h40M24 68h40M24 74h40M24 80h40M24 86h40", "#8a6238", 1.8), rect(74, 50, 26, 14, 2, "#f1ead2"), line("M86 52v10", "#c2452f", 1.5), disc(80, 78, 8, "#e9dcc0"), disc(80, 78, 3, "#8a6238"), disc(96, 78, 5, "#e9dcc0"))
}

func turntable() string {
	return picture("#e9dfe3", ground(60, 98, 104), rect(10, 34, 100, 60, 5, "#8a5a35"), rect(10, 34, 100, 8, 4, light), oval(50, 63, 36, 24, "#1f1f24"), oval(50, 63, 28, 18, "#2d2d34"), oval(50, 63, 20, 13, "#1f1f24"), oval(50, 63, 10, 6.5, "#c2452f"), disc(50, 63, 1.5, "#f3efe6"), disc(97, 46, 5, "#d5d8dc"), line("M97 46l2 24-20 8", "#d5d8dc", 3), disc(98, 84, 4, "#d5d8dc"))
}

func screen() string {
	return picture("#dfe4ea", ground(60, 104, 56), rect(8, 20, 104, 62, 4, "#24262d"), shape("M11 23h98v54H11z", "#5f86c9"), shape("M11 77l30-30 18 16 24-26 26 24v16z", "#2f4f8f"), disc(36, 36, 6, "#f4e3b0"), shape("M54 82h12l2 18H52z", "#8f959c"), rect(40, 99, 40, 5, 2, "#a9aeb5"))
}

func keyboard() string {
	keys := ""
	for row, y := range []float64{50, 60, 70} {
		for i := range 10 {
			fill := "#f3f1ea"
			if (i+row)%7 == 0 {
				fill = "#e38a5f"
			}
			keys += rect(14+float64(row)*1.5+float64(i)*9, y, 7.5, 7.5, 1.5, fill)
		}
	}
	return picture("#e3e1ec", ground(60, 92, 108), rect(8, 44, 104, 46, 6, "#3a3d4d"), keys, rect(15, 80, 14, 6, 1.5, "#f3f1ea"), rect(32, 80, 52, 6, 1.5, "#f3f1ea"), rect(87, 80, 18, 6, 1.5, "#e38a5f"))
}

func mouse() string {
	return picture("#dde8e2", ground(62, 102, 60), shape("M36 58c0-22 14-36 28-36 18 0 26 16 24 42-2 26-12 38-28 38-14 0-24-14-24-44z", "#3f4450"), shape("M62 22c2 12 2 22 0 32-8 2-18 2-26 1 1-20 13-33 26-33z", "#4d5361"), rect(58, 34, 6, 14, 3, "#9fb6ff"), shape("M36 62c-6 6-4 18 2 22-2-8-2-14-2-22z", "#2c303a"))
}

func webcam() string {
	return picture("#e8e3da", ground(60, 104, 50), shape("M54 70h12l4 26H50z", "#4d5361"), rect(40, 95, 40, 8, 3, "#3a3d4d"), rect(22, 36, 76, 36, 18, "#2b2d3a"), disc(60, 54, 15, "#454a58"), disc(60, 54, 10, "#16171d"), disc(60, 54, 6, "#3a4f9e"), disc(57, 51, 2, "#ffffffcc"), disc(86, 54, 2, "#7fd6a0"), rect(30, 48, 10, 12, 2, "#c2452f"))
}

func ssd() string {
	return picture("#dcdfe3", ground(60, 100, 70), line("M60 30C60 14 90 10 96 24", "#3a3d4d", 4), rect(55, 26, 10, 10, 2, "#8f959c"), rect(32, 34, 56, 66, 9, "#4a5a86"), rect(32, 34, 56, 66, 9, thin), rect(40, 46, 40, 4, 2, light), rect(40, 54, 24, 4, 2, light), disc(78, 90, 2.5, "#7fd6a0"))
}

func charger() string {
	return picture("#ebe6e0", ground(60, 102, 60), rect(46, 16, 6, 18, 2, "#a9aeb5"), rect(68, 16, 6, 18, 2, "#a9aeb5"), rect(34, 30, 52, 70, 10, "#f8f8f6"), shape("M74 30h2a10 10 0 0 1 10 10v50a10 10 0 0 1-10 10h-2z", thin), rect(44, 62, 22, 7, 3.5, "#3a3d4d"), rect(44, 74, 22, 7, 3.5, "#3a3d4d"), rect(44, 86, 22, 7, 1, "#3a3d4d"), shape("M60 38l-8 11h6l-2 8 8-11h-6z", "#d9a53a"))
}

func powerBank() string {
	return picture("#dfe9e4", ground(60, 102, 62), moved("rotate(6 60 60)", rect(34, 16, 52, 84, 10, "#2f6b5a"), rect(34, 16, 14, 84, 8, light), shape("M62 34 48 60h11l-4 20 17-27H61z", "#e9d06a"), disc(52, 90, 2, "#e9f3ee"), disc(60, 90, 2, "#e9f3ee"), disc(68, 90, 2, "#e9f3ee"), disc(76, 90, 2, "#ffffff55")))
}

func reader() string {
	text := line("M40 30h40M40 37h40M40 44h34M40 55h40M40 62h40M40 69h28", "#8b8779", 2)
	return picture("#e2e5ea", ground(60, 106, 66), rect(28, 10, 64, 94, 7, "#2d2f38"), rect(34, 18, 52, 72, 1, "#f3f0e4"), text, rect(40, 79, 20, 3, 1.5, "#b7b2a2"), rect(52, 95, 16, 4, 2, "#5a5d6b"))
}

func bulbs() string {
	bulb := func(glow string) string {
		return disc(60, 46, 17, glow) + shape("M52 60h16v10H52z", glow) + rect(52, 68, 16, 12, 3, "#b7bcc4") + line("M52 72h16M52 76h16", "#8f959c", 1.5) + disc(54, 40, 4, "#ffffffaa")
	}
	return picture("#e4e0ee", ground(60, 98, 96), moved("translate(-32 -8) scale(.95)", bulb("#f4d76a")), moved("translate(34 -8) scale(.95)", bulb("#8fb6ea")), moved("translate(-14 22)", bulb("#f3a58f")), moved("translate(18 22)", bulb("#a9dcb4")))
}

func thermostat() string {
	return picture("#e9e4de", disc(60, 58, 40, "#fafaf8"), `<circle cx="60" cy="58" r="40" fill="none" stroke="#d5d2cc" stroke-width="2"/>`, line("M36 82a34 34 0 1 1 48 0", "#e0ddd6", 5), line("M36 82a34 34 0 0 1 6-52", "#e07a3f", 5), disc(42, 30, 4.5, "#e07a3f"), line("M46 50h8c4 0 4 8 0 9h-4c-4 1-4 9 0 9h8M64 52c0-3 8-3 8 0v12c0 3-8 3-8 0z", "#3a3d4d", 3.2), disc(78, 50, 2.4, "#3a3d4d"))
}
