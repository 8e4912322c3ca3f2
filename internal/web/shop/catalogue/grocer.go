package catalogue

// grocer delivers with its own couriers, in slots.
func grocer() Shop {
	return Shop{
		Slug: "epicerie-bellecour", Name: "Épicerie Bellecour", Prefix: "EB", Window: "PAN-001", Accent: "#2f6b3a",
		Country: "FR", Postcode: "69002", City: "Lyon",
		Tagline: Words{"Le frais du jour et l'épicerie fine, à l'heure où vous êtes chez vous.", "Fresh food and fine groceries, at the hour when you are at home."},
		Categories: []Category{
			{"frais", Words{"Frais", "Fresh"}},
			{"placard", Words{"Placard", "Pantry"}},
			{"douceurs", Words{"Douceurs", "Sweet things"}},
			{"boissons", Words{"Boissons", "Drinks"}},
		},
		Articles: []Article{
			{
				SKU: "PAI-500", Category: "frais", Price: 420, Grams: 510,
				Name:    Words{"Pain de campagne au levain, 500 g", "Sourdough country loaf, 500 g"},
				About:   Words{"Farine de blé et de seigle, levain de la maison, longue nuit de repos. Se garde quatre jours dans un torchon.", "Wheat and rye flour, our own leaven, a long night of rest. Keeps for four days in a tea towel."},
				Picture: loaf(),
			},
			{
				SKU: "OEU-006", Category: "frais", Price: 290, Grams: 420,
				Name:    Words{"Six œufs de poules élevées en plein air", "Six free-range eggs"},
				About:   Words{"D'une ferme des monts du Lyonnais, ramassés l'avant-veille au plus tard.", "From a farm in the hills west of Lyon, gathered two days ago at the latest."},
				Picture: eggs(),
			},
			{
				SKU: "LAI-100", Category: "frais", Price: 165, Grams: 1050,
				Name:    Words{"Lait entier de Haute-Loire, 1 l", "Whole milk from Haute-Loire, 1 l"},
				About:   Words{"Lait frais pasteurisé de vaches montbéliardes. À boire dans les cinq jours.", "Fresh pasteurised milk of Montbéliarde cows. Drink it within five days."},
				Picture: milk(),
			},
			{
				SKU: "COM-250", Category: "frais", Price: 690, Grams: 260,
				Name:    Words{"Comté affiné 18 mois, 250 g", "Comté cheese aged 18 months, 250 g"},
				About:   Words{"Une pâte fruitée, coupée à la meule le matin de la livraison.", "A fruity cheese, cut from the wheel on the morning of the delivery."},
				Picture: cheese(),
			},
			{
				SKU: "POM-100", Category: "frais", Price: 350, Grams: 1000,
				Name:    Words{"Pommes reinettes du Vigan, 1 kg", "Reinette apples, 1 kg"},
				About:   Words{"Acidulées et fermes, aussi bonnes au couteau qu'au four.", "Tart and firm, as good raw as baked."},
				Picture: apples(),
			},
			{
				SKU: "TER-180", Category: "frais", Price: 650, Grams: 330,
				Name:    Words{"Terrine de campagne au poivre, 180 g", "Country terrine with pepper, 180 g"},
				About:   Words{"Porc fermier, poivre noir, une pointe d'ail. Cuite dans son bocal.", "Farm pork, black pepper, a little garlic. Cooked in its jar."},
				Picture: jar("#e9ddd0", "#9c6b52", "#7c2f2a", "#f5ead8"),
			},
			{
				SKU: "HUI-050", Category: "placard", Price: 1490, Grams: 980,
				Name:    Words{"Huile d'olive de Nyons AOP, 50 cl", "Nyons olive oil, 50 cl"},
				About:   Words{"Olives tanche pressées à froid. Douce, avec un goût d'amande et de pomme.", "Cold-pressed tanche olives. Mild, with a taste of almond and apple."},
				Picture: bottle("#e9eed6", "#5f7a34", "#f3ead0", "#3a3a2c"),
			},
			{
				SKU: "LEN-500", Category: "placard", Price: 480, Grams: 520,
				Name:    Words{"Lentilles vertes du Puy AOP, 500 g", "Green Puy lentils, 500 g"},
				About:   Words{"Vingt-cinq minutes de cuisson, sans trempage.", "Twenty-five minutes in the pot, no soaking."},
				Picture: bag("#e2e6d8", "#c9a77a", "#f4efe0", rect(47, 78, 26, 16, 4, "#5f6f3f"), disc(53, 84, 2, "#7d8f57"), disc(60, 88, 2, "#7d8f57"), disc(67, 83, 2, "#7d8f57")),
			},
			{
				SKU: "MOU-200", Category: "placard", Price: 390, Grams: 380,
				Name:    Words{"Moutarde de Dijon à l'ancienne, 200 g", "Wholegrain Dijon mustard, 200 g"},
				About:   Words{"Graines entières, vinaigre de cidre. Ronde plutôt que forte.", "Whole seeds, cider vinegar. Round rather than sharp."},
				Picture: jar("#f5ecc9", "#d6a53a", "#2f4a34", "#f7f2e2"),
			},
			{
				SKU: "SEL-250", Category: "placard", Price: 720, Grams: 280,
				Name:    Words{"Fleur de sel de Guérande, 250 g", "Fleur de sel from Guérande, 250 g"},
				About:   Words{"Cueillie à la main, en surface, les soirs d'été.", "Gathered by hand, from the surface, on summer evenings."},
				Picture: bag("#dfe8ee", "#f4f2ec", "#2f6aa8", shape("M42 94c6-8 12-8 18-4s12 2 18 4v8H42z", "#d5dbe0")),
			},
			{
				SKU: "SAR-115", Category: "placard", Price: 540, Grams: 160,
				Name:    Words{"Sardines à l'huile d'olive, 115 g", "Sardines in olive oil, 115 g"},
				About:   Words{"Préparées à la main au retour du bateau. Meilleures après un an.", "Packed by hand when the boat comes in. Better after a year."},
				Picture: sardines(),
			},
			{
				SKU: "PAN-001", Category: "placard", Price: 4900, Grams: 3200,
				Name:    Words{"Panier gourmand lyonnais", "Lyon hamper"},
				About:   Words{"Terrine, pralines, moutarde, confiture, sirop et chocolat, dans un panier d'osier.", "Terrine, pralines, mustard, jam, syrup and chocolate, in a wicker basket."},
				Picture: hamper(),
			},
			{
				SKU: "MIE-500", Category: "douceurs", Price: 1180, Grams: 690,
				Name:    Words{"Miel de lavande de Provence, 500 g", "Lavender honey from Provence, 500 g"},
				About:   Words{"Récolté en juillet sur le plateau. Clair, il cristallise finement.", "Harvested on the plateau in July. Pale, it sets to a fine grain."},
				Picture: jar("#f6e7c4", "#dc962a", "#d9b44a", "#fff6df"),
			},
			{
				SKU: "CHO-100", Category: "douceurs", Price: 560, Grams: 120,
				Name:    Words{"Chocolat noir 72 %, tablette de 100 g", "Dark chocolate 72%, 100 g bar"},
				About:   Words{"Fèves de Madagascar, torréfiées à Lyon. Fruits rouges et un peu d'acidité.", "Beans from Madagascar, roasted in Lyon. Red fruit and a little acidity."},
				Picture: chocolate(),
			},
			{
				SKU: "PRA-300", Category: "douceurs", Price: 940, Grams: 330,
				Name:    Words{"Pralines roses de Lyon, 300 g", "Pink pralines from Lyon, 300 g"},
				About:   Words{"Amandes entières et sucre cuit au chaudron. Pour la tarte, ou comme ça.", "Whole almonds in sugar boiled in a cauldron. For the tart, or as they are."},
				Picture: pralines(),
			},
			{
				SKU: "CON-370", Category: "douceurs", Price: 620, Grams: 610,
				Name:    Words{"Confiture d'abricots du Roussillon, 370 g", "Roussillon apricot jam, 370 g"},
				About:   Words{"Soixante-cinq pour cent de fruits, cuits par petites bassines.", "Sixty-five per cent fruit, cooked in small pans."},
				Picture: jar("#fbe3cf", "#e2812f", "#c2452f", "#fdf4e6"),
			},
			{
				SKU: "CAF-250", Category: "boissons", Price: 890, Grams: 270,
				Name:    Words{"Café en grains des hauts plateaux, 250 g", "Highland coffee beans, 250 g"},
				About:   Words{"Torréfié chaque mardi. Cacao et noisette, peu d'amertume.", "Roasted every Tuesday. Cocoa and hazelnut, little bitterness."},
				Picture: bag("#e6ddd4", "#4a3528", "#e8c9a0", oval(54, 86, 5, 7, "#2b1d14"), oval(66, 88, 5, 7, "#2b1d14"), line("M54 80c3 4-3 8 0 12M66 82c3 4-3 8 0 12", "#6b4f3a", 1.5)),
			},
			{
				SKU: "THE-100", Category: "boissons", Price: 1250, Grams: 210,
				Name:    Words{"Thé Earl Grey, boîte de 100 g", "Earl Grey tea, 100 g tin"},
				About:   Words{"Thé noir et bergamote de Calabre, quelques bleuets.", "Black tea and Calabrian bergamot, a few cornflowers."},
				Picture: teaTin(),
			},
			{
				SKU: "JUS-100", Category: "boissons", Price: 390, Grams: 1450,
				Name:    Words{"Jus de pomme trouble, 1 l", "Cloudy apple juice, 1 l"},
				About:   Words{"Pommes du Pilat pressées à l'automne, rien d'autre.", "Apples from the Pilat pressed in the autumn, nothing else."},
				Picture: bottle("#f4ead0", "#e0a93c", "#fdf6e3", "#b8402c"),
			},
			{
				SKU: "SIR-070", Category: "boissons", Price: 1090, Grams: 1250,
				Name:    Words{"Sirop de verveine du Velay, 70 cl", "Verbena syrup from the Velay, 70 cl"},
				About:   Words{"Feuilles fraîches et sucre de canne. Un doigt pour un grand verre d'eau.", "Fresh leaves and cane sugar. A finger for a tall glass of water."},
				Picture: bottle("#e3efdf", "#a9c86a", "#fbfaf0", "#c9a24b"),
			},
		},
	}
}
