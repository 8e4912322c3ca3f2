package catalogue

// furniture sells what two people carry.
func furniture() Shop {
	return Shop{
		Slug: "maison-aubepin", Name: "Maison Aubépin", Prefix: "MA", Window: "CAN-300", Accent: "#7c4f1d",
		Country: "FR", Postcode: "25000", City: "Besançon",
		Tagline: Words{"Des meubles en bois du Jura, apportés dans la pièce que vous choisissez.", "Furniture in Jura wood, brought to the room you choose."},
		Categories: []Category{
			{"salon", Words{"Salon", "Living room"}},
			{"repas", Words{"Salle à manger", "Dining room"}},
			{"chambre", Words{"Chambre", "Bedroom"}},
			{"bureau", Words{"Bureau", "Study"}},
			{"decor", Words{"Lumière et décor", "Lights and decor"}},
		},
		Articles: []Article{
			{
				SKU: "CAN-300", Category: "salon", Price: 129000, Grams: 48_000,
				Name:    Words{"Canapé Loue, trois places, tissu vert", "Loue sofa, three seats, green fabric"},
				About:   Words{"Structure en hêtre, housses qui se lavent. 210 × 92 × 80 cm, 48 kg : deux personnes le portent.", "Beech frame, washable covers. 210 × 92 × 80 cm, 48 kg: two people carry it."},
				Picture: sofa(),
			},
			{
				SKU: "FAU-100", Category: "salon", Price: 49000, Grams: 19_000,
				Name:    Words{"Fauteuil Doubs, velours ocre", "Doubs armchair, ochre velvet"},
				About:   Words{"Assise profonde, pieds en chêne tournés. 78 × 82 × 84 cm.", "A deep seat, turned oak legs. 78 × 82 × 84 cm."},
				Picture: armchair(),
			},
			{
				SKU: "TAB-110", Category: "salon", Price: 24900, Grams: 14_500,
				Name:    Words{"Table basse ronde en chêne", "Round oak coffee table"},
				About:   Words{"Chêne massif huilé, plateau de 80 cm.", "Solid oiled oak, an 80 cm top."},
				Picture: coffeeTable(),
			},
			{
				SKU: "BIB-180", Category: "salon", Price: 39900, Grams: 34_000,
				Name:    Words{"Bibliothèque cinq étagères", "Bookcase with five shelves"},
				About:   Words{"Épicéa du Haut-Jura, 180 × 80 × 30 cm. Fixation murale fournie.", "Spruce from the upper Jura, 180 × 80 × 30 cm. Wall fixing included."},
				Picture: bookcase(),
			},
			{
				SKU: "TAB-200", Category: "repas", Price: 69000, Grams: 42_000,
				Name:    Words{"Table de ferme, huit couverts", "Farmhouse table for eight"},
				About:   Words{"Frêne massif, 200 × 90 cm. Livrée en deux colis, montée en vingt minutes.", "Solid ash, 200 × 90 cm. Comes in two parcels, put together in twenty minutes."},
				Picture: farmTable(),
			},
			{
				SKU: "CHA-010", Category: "repas", Price: 11900, Grams: 5_200,
				Name:    Words{"Chaise paillée en hêtre", "Rush-seated beech chair"},
				About:   Words{"Assise en paille de seigle tressée à la main.", "A seat of rye straw, woven by hand."},
				Picture: chair(),
			},
			{
				SKU: "BAN-020", Category: "repas", Price: 18900, Grams: 13_000,
				Name:    Words{"Banc en frêne, 140 cm", "Ash bench, 140 cm"},
				About:   Words{"Pour trois à table, ou pour une entrée.", "For three at the table, or for a hallway."},
				Picture: bench(),
			},
			{
				SKU: "LIT-160", Category: "chambre", Price: 59000, Grams: 52_000,
				Name:    Words{"Lit en hêtre, 160 × 200", "Beech bed, 160 × 200"},
				About:   Words{"Sommier à lattes compris. Trois colis, le plus lourd fait 24 kg.", "Slatted base included. Three parcels, the heaviest is 24 kg."},
				Picture: bed(),
			},
			{
				SKU: "ARM-120", Category: "chambre", Price: 84900, Grams: 74_000,
				Name:    Words{"Armoire deux portes", "Two-door wardrobe"},
				About:   Words{"Penderie, trois étagères et un tiroir. 195 × 120 × 58 cm.", "A rail, three shelves and a drawer. 195 × 120 × 58 cm."},
				Picture: wardrobe(),
			},
			{
				SKU: "CHE-040", Category: "chambre", Price: 15900, Grams: 9_500,
				Name:    Words{"Chevet à tiroir", "Bedside table with drawer"},
				About:   Words{"Hêtre et façade en rotin tressé.", "Beech, with a woven rattan front."},
				Picture: bedside(),
			},
			{
				SKU: "BUR-120", Category: "bureau", Price: 34900, Grams: 28_000,
				Name:    Words{"Bureau deux tiroirs, 120 cm", "Desk with two drawers, 120 cm"},
				About:   Words{"Plateau en chêne, passe-câbles discret.", "An oak top, with a quiet hole for cables."},
				Picture: desk(),
			},
			{
				SKU: "ETA-090", Category: "bureau", Price: 7900, Grams: 6_800,
				Name:    Words{"Étagère murale, 90 cm", "Wall shelf, 90 cm"},
				About:   Words{"Porte 25 kg, vis et gabarit fournis.", "Carries 25 kg, screws and template included."},
				Picture: wallShelf(),
			},
			{
				SKU: "LAM-150", Category: "decor", Price: 14900, Grams: 6_200,
				Name:    Words{"Lampadaire en bois, abat-jour en lin", "Wooden floor lamp, linen shade"},
				About:   Words{"150 cm, douille E27, interrupteur au pied.", "150 cm, E27 socket, foot switch."},
				Picture: floorLamp(),
			},
			{
				SKU: "MIR-080", Category: "decor", Price: 12900, Grams: 8_400,
				Name:    Words{"Miroir rond, cadre en noyer, 80 cm", "Round mirror, walnut frame, 80 cm"},
				About:   Words{"Verre de 4 mm, deux attaches.", "4 mm glass, two fixings."},
				Picture: mirror(),
			},
			{
				SKU: "TAP-230", Category: "decor", Price: 32900, Grams: 11_500,
				Name:    Words{"Tapis berbère en laine, 160 × 230", "Berber wool rug, 160 × 230"},
				About:   Words{"Noué à la main, losanges bruns sur fond écru.", "Knotted by hand, brown lozenges on ecru."},
				Picture: rug(),
			},
			{
				SKU: "COU-045", Category: "decor", Price: 3500, Grams: 620,
				Name:    Words{"Coussin en lin lavé, 45 × 45", "Washed linen cushion, 45 × 45"},
				About:   Words{"Housse à fermeture, garnissage compris.", "A zipped cover, filling included."},
				Picture: cushion(),
			},
		},
	}
}
