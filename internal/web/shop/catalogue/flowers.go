package catalogue

// flowers sells what does not keep.
func flowers() Shop {
	return Shop{
		Slug: "fleurs-du-canal", Name: "Fleurs du Canal", Prefix: "FC", Window: "BOU-101", Accent: "#a8325a",
		Country: "FR", Postcode: "31000", City: "Toulouse",
		Tagline: Words{"Des bouquets coupés le matin, liés dans l'heure, livrés debout.", "Bouquets cut in the morning, tied within the hour, delivered upright."},
		Categories: []Category{
			{"bouquets", Words{"Bouquets", "Bouquets"}},
			{"plantes", Words{"Plantes", "Plants"}},
			{"attentions", Words{"Petites attentions", "Little things"}},
		},
		Articles: []Article{
			{
				SKU: "BOU-101", Category: "bouquets", Price: 3900, Grams: 1100,
				Name:    Words{"Bouquet du marché", "Market bouquet"},
				About:   Words{"Ce que l'horticulteur avait de plus beau ce matin. Une trentaine de tiges.", "The best the grower had this morning. About thirty stems."},
				Picture: marketBouquet(),
			},
			{
				SKU: "BOU-102", Category: "bouquets", Price: 4900, Grams: 1200,
				Name:    Words{"Douze roses rouges", "Twelve red roses"},
				About:   Words{"Tiges de soixante centimètres, du Lauragais.", "Sixty-centimetre stems, from the Lauragais."},
				Picture: redRoses(),
			},
			{
				SKU: "BOU-103", Category: "bouquets", Price: 4500, Grams: 1150,
				Name:    Words{"Bouquet blanc et vert", "White and green bouquet"},
				About:   Words{"Lisianthus, renoncules et eucalyptus. Convient aux jours graves.", "Lisianthus, ranunculus and eucalyptus. It suits solemn days."},
				Picture: whiteBouquet(),
			},
			{
				SKU: "BOU-104", Category: "bouquets", Price: 3400, Grams: 900,
				Name:    Words{"Vingt tulipes, couleurs mêlées", "Twenty tulips, mixed colours"},
				About:   Words{"Livrées en boutons : elles s'ouvrent chez vous.", "Delivered in bud: they open at home."},
				Picture: tulips(),
			},
			{
				SKU: "BOU-105", Category: "bouquets", Price: 2900, Grams: 500,
				Name:    Words{"Bouquet de fleurs séchées", "Dried flower bouquet"},
				About:   Words{"Lavande, blé et immortelles. Tient un an, loin du soleil.", "Lavender, wheat and everlastings. Lasts a year, away from the sun."},
				Picture: dried(),
			},
			{
				SKU: "BOU-106", Category: "bouquets", Price: 6900, Grams: 1600,
				Name:    Words{"Grand bouquet de pivoines et dahlias", "Large bouquet of peonies and dahlias"},
				About:   Words{"Selon la saison, les unes ou les autres. Jamais moins de vingt-cinq tiges.", "One or the other, by the season. Never fewer than twenty-five stems."},
				Picture: peonies(),
			},
			{
				SKU: "PLA-201", Category: "plantes", Price: 3900, Grams: 4200,
				Name:    Words{"Monstera en pot, 60 cm", "Potted monstera, 60 cm"},
				About:   Words{"Lumière douce, un verre d'eau par semaine.", "Soft light, a glass of water a week."},
				Picture: monstera(),
			},
			{
				SKU: "PLA-202", Category: "plantes", Price: 2900, Grams: 1800,
				Name:    Words{"Orchidée blanche, deux hampes", "White orchid, two stems"},
				About:   Words{"En fleur pour deux mois, dans son cache-pot.", "In bloom for two months, in its pot cover."},
				Picture: orchid(),
			},
			{
				SKU: "PLA-203", Category: "plantes", Price: 1900, Grams: 1500,
				Name:    Words{"Trio de succulentes", "Three succulents"},
				About:   Words{"Elles vivent d'oubli et d'une fenêtre au sud.", "They live on neglect and a south window."},
				Picture: succulents(),
			},
			{
				SKU: "PLA-204", Category: "plantes", Price: 4900, Grams: 6500,
				Name:    Words{"Olivier en pot, 90 cm", "Potted olive tree, 90 cm"},
				About:   Words{"Dehors toute l'année au sud de la Loire.", "Outdoors all year in a mild climate."},
				Picture: olive(),
			},
			{
				SKU: "ATT-301", Category: "attentions", Price: 2200, Grams: 1300,
				Name:    Words{"Vase en verre soufflé", "Blown-glass vase"},
				About:   Words{"Vingt-cinq centimètres, assez lourd pour un grand bouquet.", "Twenty-five centimetres, heavy enough for a large bouquet."},
				Picture: vase(),
			},
			{
				SKU: "ATT-302", Category: "attentions", Price: 1800, Grams: 380,
				Name:    Words{"Bougie à la fleur d'oranger", "Orange-blossom candle"},
				About:   Words{"Cire végétale, quarante heures.", "Plant wax, forty hours."},
				Picture: candle(),
			},
			{
				SKU: "ATT-303", Category: "attentions", Price: 600, Grams: 60,
				Name:    Words{"Carte écrite par nous", "Card written by us"},
				About:   Words{"Votre message, à la plume, sur papier de coton.", "Your message, in pen, on cotton paper."},
				Picture: noteCard(),
			},
		},
	}
}
