package catalogue

// electronics sells dear and fragile things.
func electronics() Shop {
	return Shop{
		Slug: "volt-et-cie", Name: "Volt & Cie", Prefix: "VC", Window: "CAS-210", Accent: "#3a3fa0",
		Country: "FR", Postcode: "38000", City: "Grenoble",
		Tagline: Words{"De l'électronique essayée par nous, réparable par vous.", "Electronics tried by us, mended by you."},
		Categories: []Category{
			{"son", Words{"Son", "Sound"}},
			{"travail", Words{"Bureau", "Desk"}},
			{"energie", Words{"Énergie", "Power"}},
			{"maison", Words{"Maison", "Home"}},
		},
		Articles: []Article{
			{
				SKU: "CAS-210", Category: "son", Price: 12900, Grams: 480,
				Name:    Words{"Casque sans fil à réduction de bruit", "Wireless noise-cancelling headphones"},
				About:   Words{"Trente heures d'écoute, coussinets et batterie qui se changent.", "Thirty hours of sound, pads and battery you can replace."},
				Picture: headphones(),
			},
			{
				SKU: "ECO-120", Category: "son", Price: 5900, Grams: 140,
				Name:    Words{"Écouteurs sans fil, boîtier bleu", "Wireless earbuds, blue case"},
				About:   Words{"Six heures d'écoute, vingt de plus dans le boîtier.", "Six hours of sound, twenty more in the case."},
				Picture: earbuds(),
			},
			{
				SKU: "ENC-300", Category: "son", Price: 8900, Grams: 1250,
				Name:    Words{"Enceinte portable, toile grise", "Portable speaker, grey cloth"},
				About:   Words{"Étanche à la pluie, douze heures d'autonomie.", "Rainproof, twelve hours on one charge."},
				Picture: speaker(),
			},
			{
				SKU: "RAD-040", Category: "son", Price: 6900, Grams: 980,
				Name:    Words{"Radio FM et DAB+, boîtier en bois", "FM and DAB+ radio, wooden case"},
				About:   Words{"Deux boutons, un réveil, une prise pour piles.", "Two knobs, an alarm, room for batteries."},
				Picture: radio(),
			},
			{
				SKU: "PLA-500", Category: "son", Price: 21900, Grams: 5600,
				Name:    Words{"Platine vinyle à courroie", "Belt-drive record player"},
				About:   Words{"Préampli intégré, cellule remplaçable, capot compris.", "Built-in preamplifier, replaceable cartridge, lid included."},
				Picture: turntable(),
			},
			{
				SKU: "ECR-270", Category: "travail", Price: 27900, Grams: 6800,
				Name:    Words{"Écran 27 pouces, 4K", "27-inch screen, 4K"},
				About:   Words{"Pied réglable en hauteur, un seul câble pour l'image et la charge.", "Height-adjustable stand, one cable for picture and power."},
				Picture: screen(),
			},
			{
				SKU: "CLA-080", Category: "travail", Price: 8900, Grams: 760,
				Name:    Words{"Clavier mécanique compact, azerty", "Compact mechanical keyboard, AZERTY"},
				About:   Words{"Touches remplaçables une à une, silencieuses.", "Keys replaceable one by one, quiet."},
				Picture: keyboard(),
			},
			{
				SKU: "SOU-020", Category: "travail", Price: 3900, Grams: 160,
				Name:    Words{"Souris ergonomique sans fil", "Ergonomic wireless mouse"},
				About:   Words{"Pour la main droite ou la gauche : précisez-le, nous avons les deux.", "For the right hand or the left: say which, we have both."},
				Picture: mouse(),
			},
			{
				SKU: "WEB-015", Category: "travail", Price: 5500, Grams: 190,
				Name:    Words{"Webcam avec cache", "Webcam with shutter"},
				About:   Words{"1080p, deux micros, un vrai volet qui se ferme.", "1080p, two microphones, a real shutter that closes."},
				Picture: webcam(),
			},
			{
				SKU: "SSD-001", Category: "travail", Price: 7900, Grams: 90,
				Name:    Words{"Disque SSD externe, 1 To", "External SSD, 1 TB"},
				About:   Words{"Mille mégaoctets par seconde, câble court et long.", "A thousand megabytes a second, a short cable and a long one."},
				Picture: ssd(),
			},
			{
				SKU: "CHA-065", Category: "energie", Price: 3900, Grams: 150,
				Name:    Words{"Chargeur USB-C 65 W, trois ports", "65 W USB-C charger, three ports"},
				About:   Words{"Assez pour un ordinateur et un téléphone à la fois.", "Enough for a computer and a telephone at once."},
				Picture: charger(),
			},
			{
				SKU: "BAT-100", Category: "energie", Price: 3500, Grams: 260,
				Name:    Words{"Batterie externe 10 000 mAh", "Power bank, 10,000 mAh"},
				About:   Words{"Deux charges de téléphone dans une poche de manteau.", "Two telephone charges in a coat pocket."},
				Picture: powerBank(),
			},
			{
				SKU: "LIS-070", Category: "maison", Price: 13900, Grams: 310,
				Name:    Words{"Liseuse 7 pouces, éclairée", "7-inch e-reader, lit"},
				About:   Words{"Lit les fichiers que vous avez déjà, quatre semaines par charge.", "Reads the files you already have, four weeks on one charge."},
				Picture: reader(),
			},
			{
				SKU: "AMP-004", Category: "maison", Price: 2900, Grams: 340,
				Name:    Words{"Quatre ampoules connectées", "Four connected bulbs"},
				About:   Words{"Se commandent sans compte et sans nuage.", "They work without an account and without a cloud."},
				Picture: bulbs(),
			},
			{
				SKU: "THE-020", Category: "maison", Price: 11900, Grams: 420,
				Name:    Words{"Thermostat programmable", "Programmable thermostat"},
				About:   Words{"Se pose en une demi-heure, notice pour quarante chaudières.", "Half an hour to fit, with notes for forty boilers."},
				Picture: thermostat(),
			},
		},
	}
}
