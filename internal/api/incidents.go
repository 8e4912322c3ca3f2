package api

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
)

// NewIncident is lanes that do not work on some days.
type NewIncident struct {
	Trouble    fact.Trouble     `json:"trouble" enum:"strike,weather,road,it,closure,other"`
	Services   []ident.Service  `json:"services,omitempty" maxItems:"200" doc:"Every service of yours when left out."`
	Places     []string         `json:"places,omitempty" maxItems:"200" doc:"Where goods go: a country (FR), a department or the beginning of postcodes (FR-75, FR-2A, FR-69003; 75 is one of your own country). Everywhere when left out; not together with stock_point."`
	StockPoint ident.StockPoint `json:"stock_point,omitempty" doc:"Where goods leave from: what has not left yet is concerned."`
	From       civil.Day        `json:"from"`
	Last       civil.Day        `json:"last" doc:"Included; at most 60 days."`
	Words      IncidentWords    `json:"words,omitzero" doc:"What shoppers read of it besides, as plain text."`
}

// IncidentWords are public words, by language.
type IncidentWords struct {
	French  string `json:"fr,omitempty" maxLength:"300"`
	English string `json:"en,omitempty" maxLength:"300"`
}

// Incident is one that was declared, and whom it concerns.
type Incident struct {
	ID ident.Incident `json:"id"`
	NewIncident
	DeclaredAt civil.Instant `json:"declared_at"`
	EndedAt    civil.Instant `json:"ended_at,omitzero" doc:"When somebody said that it is over."`
	Looked     int           `json:"looked" doc:"Open promises that were looked at since it was last changed."`
	Done       bool          `json:"done" doc:"Those were all."`
	Warned     int           `json:"warned" doc:"Promises found in danger because of it."`
	Told       int           `json:"told" doc:"Of them, those whose shopper was told before the deadline."`
	Lifted     int           `json:"lifted" doc:"Of them, those in danger no longer."`

	Release promise.Release `json:"release" enum:"counting,free,waiting,released,refused" doc:"Whether it may be told. Many people are told (more than 1,000, unless the installation says otherwise) once a second member of staff let it, in the console: waiting is until then."`
	People  int             `json:"people" doc:"Whom it concerns, as counted before anybody was told."`
}

// Concern is whom an incident would concern.
type Concern struct {
	Promises int           `json:"promises"`
	Shoppers int           `json:"shoppers"`
	Value    money.Amount  `json:"value" doc:"Of their orders, in your currency."`
	Orders   []ident.Order `json:"orders" doc:"Some of them."`
	Partly   bool          `json:"partly,omitempty" doc:"You have more open promises than were looked at."`
}

func (w IncidentWords) words() map[lang.Locale]string {
	return map[lang.Locale]string{lang.French: w.French, lang.English: w.English}
}

func (n NewIncident) incident(key string) promise.Incident {
	return promise.Incident{
		Key: key, Trouble: n.Trouble, Services: n.Services, Places: n.Places, Stock: n.StockPoint, From: n.From, Last: n.Last, Words: n.Words.words(),
	}
}

func showIncident(tx *db.Tx, m ident.Merchant, i promise.Incident) (Incident, error) {
	warned, err := promise.Warned(tx, m, i.ID)
	return Incident{
		ID: i.ID, NewIncident: NewIncident{
			Trouble: i.Trouble, Services: i.Services, Places: i.Places, StockPoint: i.Stock, From: i.From, Last: i.Last,
			Words: IncidentWords{i.Announced(lang.French), i.Announced(lang.English)},
		},
		DeclaredAt: i.Declared, EndedAt: i.Ended, Looked: i.Looked, Done: i.Done,
		Warned: warned.Promises, Told: warned.Told, Lifted: warned.Lifted, Release: i.Release, People: i.People,
	}, err
}

// byIncident puts the room's fields into ours.
func byIncident(err error) error {
	return named(err, "stock", "stock_point", "words_fr", "words.fr", "words_en", "words.en")
}

type previewIn struct{ Body NewIncident }

func previewIncident(a *API, tx *db.Tx, c call, in *previewIn) (Concern, error) {
	org, err := merchant.Get(tx, c.Merchant)
	if err != nil {
		return Concern{}, err
	}
	x, err := a.desk.Curves.Preview(tx, c.Merchant, in.Body.incident(""))
	out := Concern{x.Promises, x.Shoppers, money.Of(x.Value, org.Currency), x.Sample, x.Partly}
	if out.Orders == nil {
		out.Orders = []ident.Order{}
	}
	return out, byIncident(err)
}

type declareIn struct {
	Key  string `header:"Idempotency-Key"`
	Body NewIncident
}

func declareIncident(_ *API, tx *flow.Tx, c call, in *declareIn) (reply[Incident], error) {
	i, err := promise.Declare(tx, c.Merchant, in.Body.incident("api/"+ident.Hash(in.Key)[:40]))
	if err != nil {
		return reply[Incident]{}, byIncident(err)
	}
	shown, err := showIncident(tx.Tx, c.Merchant, i)
	return created(shown), err
}

func listIncidents(_ *API, tx *db.Tx, c call, in *Paging) (List[Incident], error) {
	last, err := after[ident.Incident](*in)
	if err != nil {
		return List[Incident]{}, err
	}
	all, err := promise.Incidents(tx, c.Merchant, last, in.Limit+1)
	if err != nil {
		return List[Incident]{}, err
	}
	var wrong error
	l := listed(all, in.Limit, func(i promise.Incident) ident.Incident { return i.ID }, func(i promise.Incident) Incident {
		shown, err := showIncident(tx, c.Merchant, i)
		if err != nil {
			wrong = err
		}
		return shown
	})
	return l, wrong
}

type incidentPath struct {
	ID ident.Incident `path:"id"`
}

func getIncident(_ *API, tx *db.Tx, c call, in *incidentPath) (Incident, error) {
	i, err := promise.GetIncident(tx, c.Merchant, in.ID)
	if err != nil {
		return Incident{}, err
	}
	return showIncident(tx, c.Merchant, i)
}

type correctIn struct {
	ID   ident.Incident `path:"id"`
	Body struct {
		Last  civil.Day      `json:"last" doc:"Included."`
		Words *IncidentWords `json:"words,omitempty" doc:"As they were when left out."`
	}
}

func correctIncident(_ *API, tx *flow.Tx, c call, in *correctIn) (reply[Incident], error) {
	change := promise.Correction{Last: in.Body.Last}
	if in.Body.Words != nil {
		change.Words = in.Body.Words.words()
	}
	return corrected(tx, c, in.ID, change)
}

func closeIncident(_ *API, tx *flow.Tx, c call, in *incidentPath) (reply[Incident], error) {
	return corrected(tx, c, in.ID, promise.Correction{Last: civil.NoDay, Over: true})
}

func corrected(tx *flow.Tx, c call, id ident.Incident, change promise.Correction) (reply[Incident], error) {
	i, err := promise.Correct(tx, c.Merchant, id, change)
	if err != nil {
		return reply[Incident]{}, byIncident(err)
	}
	shown, err := showIncident(tx.Tx, c.Merchant, i)
	return ok(shown), err
}

// incidentRoutes are those of what stops parcels.
func incidentRoutes() []Route {
	const tag = "incidents"
	return []Route{
		read(post("/api/v1/incidents/preview", promisesWrite, "previewIncident", tag, "Whom an incident would concern; nothing is written").status(http.StatusOK), previewIncident),
		write(post("/api/v1/incidents", promisesWrite, "declareIncident", tag, "Lanes do not work on some days").keyed().
			says("Open promises that can then hardly be kept are warned of, each shopper once; dates are quoted as if those were no working days. Of more than 1,000 people nobody is told before a second member of staff let it in the console."), declareIncident),
		read(get("/api/v1/incidents", promisesRead, "listIncidents", tag, "Incidents, the newest first"), listIncidents),
		read(get("/api/v1/incidents/{id}", promisesRead, "getIncident", tag, "An incident, and whom it concerns"), getIncident),
		write(put("/api/v1/incidents/{id}", promisesWrite, "correctIncident", tag, "It lasts longer or less long, or is told otherwise"), correctIncident),
		write(post("/api/v1/incidents/{id}/close", promisesWrite, "closeIncident", tag, "It is over: who was warned and is in danger no longer is told so").status(http.StatusOK), closeIncident),
	}
}
