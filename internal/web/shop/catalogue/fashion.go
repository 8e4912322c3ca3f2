package catalogue

// fashion sells clothes in sizes.
func fashion() Shop {
	letters := []string{"S", "M", "L", "XL"}
	numbers := []string{"36", "38", "40", "42", "44"}
	feet := []string{"37", "38", "39", "40", "41", "42", "43"}
	return Shop{
		Slug: "fil-et-saison", Name: "Fil & Saison", Prefix: "FS", Window: "PUL-102", Accent: "#6b2d5c",
		Country: "FR", Postcode: "59100", City: "Roubaix",
		Tagline: Words{"Des vêtements simples, tricotés et cousus pour durer plus d'une saison.", "Plain clothes, knitted and sewn to last more than one season."},
		Categories: []Category{
			{"hauts", Words{"Hauts", "Tops"}},
			{"bas", Words{"Pantalons et jupes", "Trousers and skirts"}},
			{"dehors", Words{"Manteaux", "Coats"}},
			{"accessoires", Words{"Accessoires", "Accessories"}},
		},
		Articles: []Article{
			{
				SKU: "PUL-101", Category: "hauts", Price: 7900, Grams: 390, Sizes: letters,
				Name:    Words{"Pull col rond en laine mérinos, bleu nuit", "Merino crew-neck jumper, night blue"},
				About:   Words{"Une maille fine et chaude, sans couture sur les côtés. Lavable à la main, à froid.", "A fine, warm knit without side seams. Wash it by hand, cold."},
				Picture: jumper(),
			},
			{
				SKU: "PUL-102", Category: "hauts", Price: 9500, Grams: 520, Sizes: letters,
				Name:    Words{"Gilet boutonné en laine, terre cuite", "Buttoned wool cardigan, terracotta"},
				About:   Words{"Côtes anglaises et boutons de corozo. Coupe droite, deux poches.", "Fisherman's rib and corozo buttons. Straight cut, two pockets."},
				Picture: cardigan(),
			},
			{
				SKU: "MAR-103", Category: "hauts", Price: 4500, Grams: 240, Sizes: letters,
				Name:    Words{"Marinière en coton, écru et bleu", "Breton top in cotton, ecru and blue"},
				About:   Words{"Jersey épais, rayures tissées et non imprimées. Ne rétrécit pas.", "Heavy jersey, stripes woven and not printed. It does not shrink."},
				Picture: breton(),
			},
			{
				SKU: "CHE-104", Category: "hauts", Price: 6900, Grams: 260, Sizes: letters,
				Name:    Words{"Chemise en popeline blanche", "White poplin shirt"},
				About:   Words{"Coton peigné, col souple, poignets à deux boutons.", "Combed cotton, soft collar, two-button cuffs."},
				Picture: shirt(),
			},
			{
				SKU: "TSH-105", Category: "hauts", Price: 2500, Grams: 180, Sizes: letters,
				Name:    Words{"T-shirt en coton épais, vert sauge", "Heavy cotton T-shirt, sage green"},
				About:   Words{"220 grammes au mètre carré : il garde sa forme.", "220 grams a square metre: it keeps its shape."},
				Picture: tshirt(),
			},
			{
				SKU: "JEA-201", Category: "bas", Price: 8900, Grams: 720, Sizes: numbers,
				Name:    Words{"Jean droit en toile brute", "Straight raw denim jeans"},
				About:   Words{"Toile de treize onces tissée dans les Vosges. Elle s'assouplit en un mois.", "Thirteen-ounce denim woven in the Vosges. It softens within a month."},
				Picture: jeans(),
			},
			{
				SKU: "PAN-202", Category: "bas", Price: 9900, Grams: 480, Sizes: numbers,
				Name:    Words{"Pantalon à pinces en flanelle grise", "Pleated trousers in grey flannel"},
				About:   Words{"Taille haute, jambe ample, ourlet à faire à votre longueur.", "High waist, wide leg, hem left for your length."},
				Picture: trousers(),
			},
			{
				SKU: "JUP-203", Category: "bas", Price: 6500, Grams: 340, Sizes: numbers,
				Name:    Words{"Jupe plissée en laine, prune", "Pleated wool skirt, plum"},
				About:   Words{"Plis couchés, longueur sous le genou, doublée.", "Knife pleats, below the knee, lined."},
				Picture: skirt(),
			},
			{
				SKU: "MAN-301", Category: "dehors", Price: 24900, Grams: 1650, Sizes: letters,
				Name:    Words{"Manteau droit en drap de laine, camel", "Straight wool coat, camel"},
				About:   Words{"Drap de 600 grammes, entièrement doublé. Trois boutons, deux poches passepoilées.", "A 600-gram cloth, fully lined. Three buttons, two welt pockets."},
				Picture: coat(),
			},
			{
				SKU: "IMP-302", Category: "dehors", Price: 15900, Grams: 890, Sizes: letters,
				Name:    Words{"Imperméable à capuche, jaune", "Hooded raincoat, yellow"},
				About:   Words{"Coton enduit, coutures soudées. Tient deux heures sous une vraie pluie.", "Coated cotton, taped seams. Holds two hours of real rain."},
				Picture: raincoat(),
			},
			{
				SKU: "ECH-401", Category: "accessoires", Price: 3900, Grams: 190,
				Name:    Words{"Écharpe en laine d'agneau, à carreaux", "Lambswool scarf, checked"},
				About:   Words{"Deux mètres, franges roulées à la main.", "Two metres, fringes rolled by hand."},
				Picture: scarf(),
			},
			{
				SKU: "BON-402", Category: "accessoires", Price: 2400, Grams: 90,
				Name:    Words{"Bonnet côtelé, moutarde", "Ribbed beanie, mustard"},
				About:   Words{"Laine et yack, double épaisseur sur les oreilles.", "Wool and yak, double over the ears."},
				Picture: beanie(),
			},
			{
				SKU: "CEI-403", Category: "accessoires", Price: 4900, Grams: 230,
				Name:    Words{"Ceinture en cuir, boucle laiton", "Leather belt, brass buckle"},
				About:   Words{"Cuir pleine fleur tanné au végétal, trois centimètres de large.", "Full-grain vegetable-tanned leather, three centimetres wide."},
				Picture: belt(),
			},
			{
				SKU: "BOT-404", Category: "accessoires", Price: 16900, Grams: 1350, Sizes: feet,
				Name:    Words{"Bottines en cuir noir", "Black leather ankle boots"},
				About:   Words{"Semelle cousue, que tout cordonnier peut changer.", "A stitched sole that any cobbler can replace."},
				Picture: boots(),
			},
			{
				SKU: "CHA-405", Category: "accessoires", Price: 1200, Grams: 80,
				Name:    Words{"Chaussettes en laine, deux paires", "Wool socks, two pairs"},
				About:   Words{"Talon renforcé, bord qui ne serre pas.", "Reinforced heel, a cuff that does not grip."},
				Picture: socks(),
			},
			{
				SKU: "EMB-501", Category: "accessoires", Price: 300, Grams: 60,
				Name:    Words{"Emballage réutilisable, sous consigne", "Reusable packaging, on deposit"},
				About:   Words{"Nous y glissons votre commande. Renvoyez-le vide, replié, dans l'année : les trois euros vous sont rendus.", "We pack your order in it. Send it back empty, folded, within the year: the three euros are paid back."},
				Picture: pouch(),
			},
		},
	}
}
