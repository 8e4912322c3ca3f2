package catalogue

// top is a garment with sleeves, seen flat. More is drawn over it.
func top(paper, cloth string, more ...string) string {
	shapes := append([]string{
		shape("M44 24 22 34 8 84l13 5 11-32v47h56V57l11 32 13-5-14-50-22-10c-4 9-28 9-32 0z", cloth),
		shape("M44 24c4 9 28 9 32 0l4 2c-5 15-35 15-40 0z", dark), line("M32 57v-8M88 57v-8", dark, 2),
	}, more...)
	return picture(paper, shapes...)
}

// short is the same with sleeves to the elbow.
func short(paper, cloth string, more ...string) string {
	shapes := append([]string{
		shape("M44 24 22 32 8 58l14 9 10-12v49h56V55l10 12 14-9-14-26-22-8c-4 9-28 9-32 0z", cloth), shape("M44 24c4 9 28 9 32 0l4 1c-5 14-35 14-40 0z", dark),
	}, more...)
	return picture(paper, shapes...)
}

func jumper() string {
	return top("#dfe3ee", "#26345a", rect(32, 97, 56, 7, 0, dark), line("M36 97v6M44 97v6M52 97v6M60 97v6M68 97v6M76 97v6M84 97v6", light, 1), line("M9 80l13 5M111 80l-13 5", light, 3), line("M48 46c8 4 16 4 24 0", light, 1.5))
}

func cardigan() string {
	return top("#f3e2d9", "#b5573a", shape("M51 27 60 52l9-25c-5 4-13 4-18 0z", "#f3e2d9"), line("M60 52v52", "#7f3822", 3), disc(64, 60, 2.4, "#5a2716"), disc(64, 72, 2.4, "#5a2716"), disc(64, 84, 2.4, "#5a2716"), disc(64, 96, 2.4, "#5a2716"),
		rect(37, 78, 15, 16, 2, dark), rect(68, 78, 15, 16, 2, dark), line("M37 58v14M42 58v14M47 58v14M73 58v14M78 58v14M83 58v14", light, 1.2))
}

func breton() string {
	stripes := line("M32 52h56M32 62h56M32 72h56M32 82h56M32 92h56", "#2c4a7c", 4) + line("M18 52l12 4M14 66l12 4M102 52l-12 4M106 66l-12 4", "#2c4a7c", 4)
	return top("#dcebf0", "#f6f1e4", stripes)
}

func shirt() string {
	return top("#d8dfe6", "#fdfdfb", shape("M44 24l16 16-10 8-10-20z", "#e9ecee"), shape("M76 24 60 40l10 8 10-20z", "#e9ecee"), line("M60 40v64", "#c9ced3", 2), disc(60, 56, 1.8, "#9aa2a9"), disc(60, 70, 1.8, "#9aa2a9"), disc(60, 84, 1.8, "#9aa2a9"), rect(68, 54, 14, 14, 1, thin), line("M10 78l13 5M110 78l-13 5", "#c9ced3", 3))
}

func tshirt() string {
	return short("#eef0e4", "#8fa382", line("M32 99h56", dark, 1.5), line("M11 55l13 9M109 55l-13 9", dark, 1.5))
}

func jeans() string {
	return picture("#e3e6ea", shape("M38 16h44l8 90H68L60 46l-8 60H30z", "#33507e"), rect(37, 16, 46, 8, 1, "#27406a"), line("M60 24v16M42 30c4 6 10 6 12-4M78 30c-4 6-10 6-12-4", "#c9a25c", 1.6), line("M46 48l-6 54M74 48l6 54", light, 4), line("M30 100h22M68 100h22", "#c9a25c", 1.6), disc(60, 20, 2.2, "#c9a25c"))
}

func trousers() string {
	return picture("#ece7e2", shape("M40 14h40l14 92H67L60 42l-7 64H26z", "#75777d"), rect(39, 14, 42, 9, 1, "#5f6167"), line("M50 24l-8 78M70 24l8 78", dark, 1.8), line("M47 23v10M73 23v10", dark, 2), line("M60 23v17", dark, 1.5))
}

func skirt() string {
	return picture("#efe3ee", shape("M42 20h36l24 80c-26 8-58 8-84 0z", "#6e2f62"), rect(41, 18, 38, 9, 2, "#521f48"), line("M46 28 28 100M52 28l-9 74M60 28v76M68 28l9 74M74 28l18 72", dark, 2), line("M49 28l-14 73M64 28l5 74", light, 1.5))
}

func coat() string {
	return picture("#e6e9e6", shape("M46 14 26 24 14 86l13 3 7-30v51h52V59l7 30 13-3-12-62-20-10z", "#c0935a"), shape("M46 14l14 30 14-30-6-2H52z", "#f1ece4"), shape("M46 14 38 28l8 20 14-4zM74 14l8 14-8 20-14-4z", "#a67a43"), line("M60 46v64", "#8a6433", 2), disc(65, 58, 2.8, "#6b4a22"), disc(65, 72, 2.8, "#6b4a22"), disc(65, 86, 2.8, "#6b4a22"), line("M38 80h12M70 80h12", "#8a6433", 3))
}

func raincoat() string {
	return picture("#d6e2ea", shape("M42 26 24 34 13 84l13 4 8-28v46h52V60l8 28 13-4-11-50-18-8z", "#e8b72f"), shape("M60 8c-14 0-22 10-20 26 8 8 32 8 40 0 2-16-6-26-20-26z", "#d39f1d"), shape("M60 16c-9 0-14 6-13 17 6 5 20 5 26 0 1-11-4-17-13-17z", "#7c5a10"), line("M60 40v66", "#b9860f", 2.5), rect(38, 78, 15, 14, 2, dark), rect(67, 78, 15, 14, 2, dark), line("M56 52h8M56 66h8M56 80h8", "#7c5a10", 3))
}

func scarf() string {
	checks := line("M30 30l52 0M30 46l52 0M46 18v40M64 18v40", "#8c2f39", 3)
	return picture("#ece5d6", moved("rotate(8 60 60)", shape("M30 20h54a8 8 0 0 1 8 8v22a8 8 0 0 1-8 8H30a8 8 0 0 1-8-8V28a8 8 0 0 1 8-8z", "#3d5a52"), checks, shape("M58 40h24l6 58H62z", "#48695f"), line("M61 56h24M63 74h24M72 42l4 54", "#8c2f39", 3), line("M64 100v8M70 100v8M76 100v8M82 100v8M87 100v7", "#3d5a52", 2.5), shape("M34 54h20l-4 38H28z", "#35504a"), line("M33 66h20M31 82h20", "#8c2f39", 3), line("M30 94l-1 8M37 94l-1 8M44 94l-1 8", "#3d5a52", 2.5)))
}

func beanie() string {
	return picture("#e2e5e0", ground(60, 98, 76), shape("M26 78c0-30 14-50 34-50s34 20 34 50z", "#d09a2a"), line("M40 76c0-20 6-36 14-44M60 76V30M80 76c0-20-6-36-14-44", dark, 2.5), rect(22, 72, 76, 22, 8, "#b98219"), line("M32 76v14M42 76v14M52 76v14M62 76v14M72 76v14M82 76v14M90 77v12", "#8f6410", 2.5), disc(60, 26, 9, "#e3b450"))
}

func belt() string {
	return picture("#efe6dc", `<circle cx="60" cy="64" r="36" fill="none" stroke="#6e3f20" stroke-width="13"/>`, `<circle cx="60" cy="64" r="36" fill="none" stroke="#9c6236" stroke-width="1.5" stroke-dasharray="3 3"/>`, rect(82, 50, 26, 28, 4, "#c9a24b"), rect(88, 56, 14, 16, 2, "#efe6dc"), rect(92, 56, 14, 16, 0, "#6e3f20"), rect(80, 62, 22, 4, 2, "#a8822f"))
}

func boots() string {
	boot := shape("M34 22h26v44c12 4 28 6 30 20v8H34z", "#2a2725") + rect(32, 93, 60, 8, 2, "#5b4632") + rect(32, 93, 16, 11, 2, "#3d2f22") + shape("M40 26h5v60h-5z", light) + rect(32, 18, 30, 7, 3, "#3d3835") + shape("M52 40l8-4v24l-8-6z", dark)
	return picture("#e9e1da", ground(62, 103, 90), moved("translate(14 -8)", boot), moved("translate(-8 0)", boot))
}

func socks() string {
	sock := shape("M44 14h24v48l24 22c8 8-2 22-16 18L48 82c-3-2-4-5-4-9z", "#7d8f6a") + rect(42, 12, 28, 12, 3, "#5f704e") + shape("M76 102c14 4 24-10 16-18l-8-7c-4 8-10 14-16 18z", "#c98f3b") + shape("M44 62v11c0 4 1 7 4 9l6 4c4-8 2-18-10-24z", "#c98f3b") + line("M44 36h24M44 44h24", light, 3)
	return picture("#eee7db", moved("translate(12 4)", sock), moved("translate(-14 -2)", sock))
}

func pouch() string {
	return picture("#e6ece2", rect(26, 40, 68, 52, 6, "#4f7a5b"), shape("M26 46 60 72 94 46v-2c0-2-2-4-4-4H30c-2 0-4 2-4 4z", "#3d6248"), line("M36 84h20", light, 3), disc(84, 82, 5, "#e6ece2"))
}
