package demo

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"sync"
)

// TextGateway is the address of the world's SMS gateway, and TextToken opens it.
const (
	TextGateway = "https://" + textHost + "/send"
	TextToken   = "demo"

	textHost = "sms.example"
)

// gateway is an SMS gateway of the plain format: it takes one text an id, is busy
// at the first try of one in fifty, and keeps what it was given. It is safe for
// concurrent use.
type gateway struct {
	mu      sync.Mutex
	texts   map[string]sms
	tried   map[string]bool
	changed []string // ids that came again with other words, or for another number
}

type sms struct {
	ID   string `json:"id"`
	To   string `json:"to"`
	From string `json:"from"`
	Text string `json:"text"`
}

func newGateway() *gateway { return &gateway{texts: map[string]sms{}, tried: map[string]bool{}} }

// ServeHTTP takes a text.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var t sms
	if err := json.NewDecoder(r.Body).Decode(&t); err != nil || t.ID == "" || t.To == "" || t.Text == "" {
		http.Error(w, "that is no text", http.StatusBadRequest)
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+TextToken {
		http.Error(w, "who is it?", http.StatusUnauthorized)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	before, again := g.texts[t.ID]
	first := !g.tried[t.ID]
	g.tried[t.ID] = true
	switch {
	case first && busy(t.ID):
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	case again && before != t:
		g.changed = append(g.changed, t.ID)
	default:
		g.texts[t.ID] = t
	}
	w.WriteHeader(http.StatusAccepted)
}

func busy(id string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails
	return h.Sum32()%50 == 0
}
