package limit

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// Floor is the least that an HTTP service does: it reads a request to its end and
// answers as many bytes as the query's n says.
func Floor() http.Handler {
	body := bytes.Repeat([]byte("x"), 64<<10)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		n, err := strconv.Atoi(r.URL.Query().Get("n"))
		if err != nil {
			n = 0
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body[:min(n, len(body))])
	})
}
