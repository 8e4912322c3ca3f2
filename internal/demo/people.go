package demo

// town is where a customer lives.
type town struct{ country, postcode, city string }

// cities are in agglomerations, where the carrier is quickest; a few appear
// twice because more people live there.
var cities = []town{
	{"FR", "75011", "Paris"},
	{"FR", "75015", "Paris"},
	{"FR", "75018", "Paris"},
	{"FR", "75005", "Paris"},
	{"FR", "92100", "Boulogne-Billancourt"},
	{"FR", "93100", "Montreuil"},
	{"FR", "94200", "Ivry-sur-Seine"},
	{"FR", "69003", "Lyon"},
	{"FR", "69007", "Lyon"},
	{"FR", "69100", "Villeurbanne"},
	{"FR", "13001", "Marseille"},
	{"FR", "13006", "Marseille"},
	{"FR", "13100", "Aix-en-Provence"},
	{"FR", "31000", "Toulouse"},
	{"FR", "31300", "Toulouse"},
	{"FR", "33000", "Bordeaux"},
	{"FR", "33200", "Bordeaux"},
	{"FR", "59000", "Lille"},
	{"FR", "59100", "Roubaix"},
	{"FR", "59200", "Tourcoing"},
	{"FR", "44000", "Nantes"},
	{"FR", "44800", "Saint-Herblain"},
	{"FR", "67000", "Strasbourg"},
	{"FR", "34000", "Montpellier"},
	{"FR", "35000", "Rennes"},
	{"FR", "06000", "Nice"},
	{"FR", "38000", "Grenoble"},
	{"FR", "76000", "Rouen"},
	{"FR", "54000", "Nancy"},
	{"FR", "21000", "Dijon"},
	{"FR", "37000", "Tours"},
	{"FR", "63000", "Clermont-Ferrand"},
	{"FR", "29200", "Brest"},
	{"FR", "42000", "Saint-Étienne"},
	{"FR", "83000", "Toulon"},
	{"FR", "57000", "Metz"},
	{"FR", "45000", "Orléans"},
}

// villages are everywhere else.
var villages = []town{
	{"FR", "24000", "Périgueux"},
	{"FR", "46000", "Cahors"},
	{"FR", "12000", "Rodez"},
	{"FR", "15000", "Aurillac"},
	{"FR", "23000", "Guéret"},
	{"FR", "48000", "Mende"},
	{"FR", "05000", "Gap"},
	{"FR", "09000", "Foix"},
	{"FR", "22700", "Perros-Guirec"},
	{"FR", "56340", "Carnac"},
	{"FR", "14600", "Honfleur"},
	{"FR", "89450", "Vézelay"},
	{"FR", "71250", "Cluny"},
	{"FR", "68000", "Colmar"},
	{"FR", "67210", "Obernai"},
	{"FR", "84220", "Gordes"},
	{"FR", "26150", "Die"},
	{"FR", "74400", "Chamonix-Mont-Blanc"},
	{"FR", "39600", "Arbois"},
	{"FR", "40130", "Capbreton"},
	{"FR", "17480", "Le Château-d'Oléron"},
	{"FR", "20000", "Ajaccio"},
	{"FR", "20169", "Bonifacio"},
	{"FR", "64600", "Anglet"},
	{"FR", "64000", "Pau"},
	{"FR", "18300", "Sancerre"},
	{"FR", "03000", "Moulins"},
}

// belgium is a few towns across the border.
var belgium = []town{
	{"BE", "1000", "Bruxelles"},
	{"BE", "1050", "Ixelles"},
	{"BE", "4000", "Liège"},
	{"BE", "5000", "Namur"},
	{"BE", "7000", "Mons"},
	{"BE", "9000", "Gent"},
}

// beyond is where the carrier does not go: who lives there sees why, and leaves.
var beyond = []town{{"FR", "97400", "Saint-Denis"}, {"FR", "97200", "Fort-de-France"}, {"CH", "1204", "Genève"}}

// served is where the grocer's own couriers go: Paris and Île-de-France, Lyon and
// its suburbs, Pau, Anglet.
var served = []town{
	{"FR", "75011", "Paris"},
	{"FR", "75015", "Paris"},
	{"FR", "75018", "Paris"},
	{"FR", "92100", "Boulogne-Billancourt"},
	{"FR", "93100", "Montreuil"},
	{"FR", "94200", "Ivry-sur-Seine"},
	{"FR", "78000", "Versailles"},
	{"FR", "69002", "Lyon"},
	{"FR", "69003", "Lyon"},
	{"FR", "69006", "Lyon"},
	{"FR", "69007", "Lyon"},
	{"FR", "69100", "Villeurbanne"},
	{"FR", "69300", "Caluire-et-Cuire"},
	{"FR", "69500", "Bron"},
	{"FR", "64000", "Pau"},
	{"FR", "64600", "Anglet"},
}

// quarters is where customers live; the grocer's live where its couriers go.
var (
	quarters = []share[[]town]{{cities, 62}, {villages, 32}, {belgium, 5}, {beyond, 1}}
	rounds   = []share[[]town]{{served, 80}, {cities, 10}, {villages, 8}, {belgium, 1}, {beyond, 1}}
)

var firstNames = []string{
	"Camille", "Louise", "Jeanne", "Inès", "Chloé", "Manon", "Sarah", "Lucie", "Aïcha", "Nathalie", "Martine", "Odile",
	"Gabriel", "Hugo", "Jules", "Adam", "Théo", "Mehdi", "Nicolas", "Julien", "Bernard", "Thierry", "Yann", "Loïc",
}

var lastNames = []string{
	"Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Simon",
	"Michel", "Lefèvre", "Leroy", "Roux", "Fournier", "Girard", "Benali", "Nguyen", "Le Gall", "Da Silva", "Kowalski",
}

var englishNames = [2][]string{
	{"Emily", "Olivia", "Grace", "Harriet", "James", "Oliver", "George", "Priya"},
	{"Smith", "Jones", "Taylor", "Brown", "Walker", "Hughes", "Patel", "O'Connor"},
}

var streets = []string{
	"rue de la République", "rue Victor-Hugo", "avenue Jean-Jaurès", "place de la Mairie", "rue des Lilas",
	"chemin du Moulin", "boulevard Gambetta", "rue Pasteur", "impasse des Tilleuls", "quai de la Loire", "rue du Four",
}
