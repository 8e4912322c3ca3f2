package catalogue

// books sells light things to people in no hurry.
func books() Shop {
	return Shop{
		Slug: "librairie-du-port", Name: "Librairie du Port", Prefix: "LP", Window: "LIV-0103", Accent: "#1d4e89",
		Country: "FR", Postcode: "44000", City: "Nantes",
		Tagline: Words{"Livres de mer et d'ailleurs, choisis par des gens qui les ont lus.", "Books of the sea and beyond, chosen by people who have read them."},
		Categories: []Category{
			{"mer", Words{"La mer", "The sea"}},
			{"romans", Words{"Romans", "Novels"}},
			{"english", Words{"En anglais", "In English"}},
			{"maison", Words{"Cuisine et jeunesse", "Cooking and children"}},
			{"papeterie", Words{"Papeterie", "Stationery"}},
		},
		Articles: []Article{
			{
				SKU: "LIV-0101", Category: "mer", Price: 3200, Grams: 1450,
				Name:    Words{"Atlas des côtes de Bretagne", "Atlas of the coasts of Brittany"},
				About:   Words{"Quarante cartes, de Cancale à Pornic, et le récit de chacune. En français.", "Forty maps from Cancale to Pornic, each with its story. In French."},
				Picture: atlas(),
			},
			{
				SKU: "LIV-0102", Category: "mer", Price: 1290, Grams: 240,
				Name:    Words{"Petit traité des marées", "A short treatise on tides"},
				About:   Words{"Pourquoi l'eau monte, et pourquoi pas partout. En français.", "Why the water rises, and why not everywhere. In French."},
				Picture: tides(),
			},
			{
				SKU: "LIV-0103", Category: "mer", Price: 2750, Grams: 980,
				Name:    Words{"Les phares de l'Atlantique", "Lighthouses of the Atlantic"},
				About:   Words{"Soixante phares dessinés et racontés, avec leurs gardiens. En français.", "Sixty lighthouses drawn and told, with their keepers. In French."},
				Picture: lighthouse(),
			},
			{
				SKU: "LIV-0104", Category: "romans", Price: 980, Grams: 520,
				Name:    Words{"Le Comte de Monte-Cristo, tome 1", "Le Comte de Monte-Cristo, volume 1 (in French)"},
				About:   Words{"Alexandre Dumas. De Marseille au château d'If, en poche.", "Alexandre Dumas. From Marseille to the Château d'If, in paperback."},
				Picture: island("#2b4a3c"),
			},
			{
				SKU: "LIV-0105", Category: "romans", Price: 980, Grams: 540,
				Name:    Words{"Le Comte de Monte-Cristo, tome 2", "Le Comte de Monte-Cristo, volume 2 (in French)"},
				About:   Words{"Alexandre Dumas. La vengeance et ce qu'il en reste, en poche.", "Alexandre Dumas. Revenge and what remains of it, in paperback."},
				Picture: island("#5c2436"),
			},
			{
				SKU: "LIV-0106", Category: "romans", Price: 790, Grams: 380,
				Name:    Words{"Vingt mille lieues sous les mers", "Vingt mille lieues sous les mers (in French)"},
				About:   Words{"Jules Verne, né à quelques rues d'ici.", "Jules Verne, born a few streets from here."},
				Picture: submarine(),
			},
			{
				SKU: "LIV-0107", Category: "english", Price: 1150, Grams: 460,
				Name:    Words{"Moby-Dick (en anglais)", "Moby-Dick"},
				About:   Words{"Herman Melville, texte intégral, notes de bas de page.", "Herman Melville, unabridged, with footnotes."},
				Picture: whale(),
			},
			{
				SKU: "LIV-0108", Category: "english", Price: 890, Grams: 220,
				Name:    Words{"Three Men in a Boat (en anglais)", "Three Men in a Boat"},
				About:   Words{"Jerome K. Jerome. Sans parler du chien.", "Jerome K. Jerome. To say nothing of the dog."},
				Picture: boat(),
			},
			{
				SKU: "LIV-0109", Category: "maison", Price: 2490, Grams: 870,
				Name:    Words{"Cuisine des îles du Ponant", "Cooking of the Ponant islands"},
				About:   Words{"Soixante recettes de quinze îles, dont trois de gâteau. En français.", "Sixty recipes from fifteen islands, three of them cake. In French."},
				Picture: cookbook(),
			},
			{
				SKU: "LIV-0110", Category: "maison", Price: 1450, Grams: 410,
				Name:    Words{"Contes du vieux port, album jeunesse", "Tales of the old harbour, picture book"},
				About:   Words{"Sept contes à lire à voix haute, dès quatre ans. En français.", "Seven tales to read aloud, from the age of four. In French."},
				Picture: tales(),
			},
			{
				SKU: "PAP-0201", Category: "papeterie", Price: 1190, Grams: 260,
				Name:    Words{"Carnet marin, papier ligné", "Sailor's notebook, lined"},
				About:   Words{"Couverture toilée, 160 pages qui supportent l'encre.", "A cloth cover, 160 pages that take ink."},
				Picture: notebook(),
			},
			{
				SKU: "PAP-0202", Category: "papeterie", Price: 1800, Grams: 320,
				Name:    Words{"Affiche Nantes 1900, roulée", "Nantes 1900 poster, rolled"},
				About:   Words{"50 × 70 cm, papier mat, livrée dans un tube.", "50 × 70 cm, matt paper, sent in a tube."},
				Picture: poster(),
			},
			{
				SKU: "JEU-0301", Category: "papeterie", Price: 1390, Grams: 180,
				Name:    Words{"Jeu de cartes des nœuds", "Playing cards of knots"},
				About:   Words{"Cinquante-quatre nœuds, et de quoi jouer à la belote.", "Fifty-four knots, and a full pack to play with."},
				Picture: cards(),
			},
		},
	}
}
