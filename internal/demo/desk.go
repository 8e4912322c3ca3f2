package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// desk is where a carrier takes questions about parcels.
func (h *hauler) desk() string { return "https://" + h.slug + ".example/questions" }

// Outside is the way out of the application: the servers of this world's
// carriers, and no other. Nothing leaves the process.
func (w *World) Outside() http.RoundTripper {
	return wire{http.HandlerFunc(w.reply)}
}

// reply is a carrier's desk: it says what it knows of a parcel, or what it would
// like to be true.
func (w *World) reply(rw http.ResponseWriter, r *http.Request) {
	if r.Host == textHost {
		w.texts.ServeHTTP(rw, r)
		return
	}
	if network, known := w.networks[r.Host]; known {
		network.ServeHTTP(rw, r)
		return
	}
	host := strings.TrimSuffix(r.Host, ".example")
	by, known := haulers[host]
	var question carrier.ChangeRequest
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil {
		http.Error(rw, "nobody here", http.StatusNotFound)
		return
	}
	if slices.Contains(fact.ChangeKinds, question.Asks) {
		w.changed(rw, r, host, question)
		return
	}
	if !known {
		http.Error(rw, "nobody here", http.StatusNotFound)
		return
	}
	words, err := w.whereIs(r.Context(), by, question.Number)
	if err != nil {
		http.Error(rw, "try again", http.StatusServiceUnavailable)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(map[string]string{"answer": words})
}

const sqlAhead = `select due, body from demo_agenda where merchant = $1 and kind = 'scan' and id >= $2 and id < $3 order by due`

// whereIs is what a carrier answers. The honest one looks into its plan.
func (w *World) whereIs(ctx context.Context, by *hauler, number string) (string, error) {
	switch by {
	case flash:
		return "Votre colis est en livraison prioritaire et sera chez son destinataire demain avant 13 heures.", nil
	case roulage:
		return "Le colis est sur l'une de nos plateformes, sans autre précision pour le moment.", nil
	}
	s, order := w.shopOf(by, number)
	if s == nil {
		return "Nous ne connaissons pas ce numéro.", nil
	}
	var ahead []webhook
	err := w.flow.Read(ctx, func(tx *db.Tx) (err error) {
		ahead, err = db.All(tx, sqlAhead, scanWebhook, s.Merchant, fmt.Sprintf("scan/%d/", order), fmt.Sprintf("scan/%d0", order))
		return err
	})
	for _, c := range ahead {
		for _, e := range c.Events {
			if at, err := civil.ParseInstant(e.At); e.Status == "delivered" && err == nil {
				return "Le colis est localisé, sa livraison est prévue " + lang.Day(lang.French, at.Day(paris)) + ".", nil
			}
		}
	}
	return "Nous avons perdu la trace du colis depuis son dernier passage : une recherche est ouverte.", err
}

func scanWebhook(r db.Row) (w webhook, err error) {
	var due civil.Instant
	var body string
	if err := r.Scan(&due, &body); err != nil {
		return w, err
	}
	return w, json.Unmarshal([]byte(body), &w)
}

// shopOf is whose parcel a number is, and of which order; nil for a number that
// the carrier never gave.
func (w *World) shopOf(by *hauler, number string) (*shop, int) {
	for _, s := range w.inOrder() {
		digits, ok := strings.CutPrefix(number, by.letters+s.trade.Prefix)
		if order, err := strconv.Atoi(strings.TrimSuffix(digits, "FR")); ok && err == nil {
			return s, order
		}
	}
	return nil, 0
}
