package limit

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"
	"golang.org/x/net/html"
)

// What a page about an order needs, read by hand: one statement a table, or for
// several where a join brings them together. $1 and $2 are merchant and order.
const (
	sqlOpened = `select o.merchant, o.id, o.reference, o.locale, o.currency, o.placed, o.state, o.total, a.city, a.postcode, a.country,
		g.name, g.zone, b.accent, b.shown, b.contact
		from order_order o
		join order_address a on a.merchant = o.merchant and a.order_id = o.id and a.purpose = 'ship'
		join merchant_organisation g on g.merchant = o.merchant
		left join merchant_brand b on b.merchant = o.merchant
		where o.link = ? and o.link <> ''`
	sqlOrdered  = `select id, kind, name, units from order_line where merchant = ? and order_id = ? order by id`
	sqlPromised = `select c.id, c.kind, c.since, c.until, c.zone, c.clock, c.shown, c.state, c.made, c.told_at, v.at, v.state, v.reason, v.late_by, v.liable
		from promise_commitment c
		left join promise_verdict v on v.merchant = c.merchant and v.commitment = c.id and v.sequence = c.verdicts
		where c.merchant = ? and c.order_id = ? order by c.id`
	sqlWarned = `select w.commitment, w.cause, w.probability, w.at from promise_commitment c
		join promise_warning w on w.merchant = c.merchant and w.commitment = c.id
		where c.merchant = ? and c.order_id = ?`
	sqlRemedied = `select r.id, r.state, r.reason, r.decided, g.kind, g.minor, g.currency from remedy_remedy r
		left join remedy_grant g on g.merchant = r.merchant and g.remedy = r.id
		where r.merchant = ? and r.orderid = ? order by r.id`
	sqlLacking = `select h.id, h.said_by, h.damaged, h.at, k.line, k.units from order_shortage h
		join order_shortage_line k on k.merchant = h.merchant and k.shortage = h.id where h.merchant = ? and h.order_id = ?`
	sqlAskedEarly = `select e.at, b.since, b.until, e.answered, e.accepted from lastmile_booking b
		join lastmile_early e on e.merchant = b.merchant and e.booking = b.id
		where b.merchant = ? and b.order_id = ? and b.released_at is null`
	sqlBoxes = `select p.id, p.direction, p.number, p.announced, c.name, t.status, t.reason, t.place, t.trust,
		t.in_hand_from, t.in_hand_until, t.closed_until, t.last_scan, t.expected, t.stalled
		from order_parcel p
		join tracking_parcel t on t.merchant = p.merchant and t.id = p.id
		join carrier_connection c on c.merchant = p.merchant and c.id = p.connection
		where p.merchant = ? and p.order_id = ? order by p.id`
	sqlPacking = `select k.parcel, k.line, k.units from order_parcel p
		join order_packed k on k.merchant = p.merchant and k.parcel = p.id where p.merchant = ? and p.order_id = ?`
	sqlScanned = `select l.parcel, l.number, l.since, e.label, e.status, e.reason, e.place, e.source, e.at, e.exactness, e.since, e.until, e.location, e.received
		from order_parcel p cross join tracking_leg l cross join tracking_event e
		where p.merchant = ? and p.order_id = ? and l.merchant = p.merchant and l.parcel = p.id
		and e.merchant = l.merchant and e.connection = l.connection and e.number = l.number order by e.at, e.id`
	sqlHappened = `select id, kind, actor, at, body from flow_fact where merchant = ? and subject = ? and kind <> 'tracking.moved' order by id`
)

// aboutOrder are the statements that follow from whose order it is.
var aboutOrder = []string{
	sqlOrdered, sqlPromised, sqlWarned, sqlRemedied, sqlLacking, sqlAskedEarly, sqlBoxes, sqlPacking, sqlScanned, sqlHappened,
}

// readers is how many connections read pages at the same time.
const readers = 4

// Pages answers with pages made by hand: whole ones (the floor), and ones for
// which everything is read, rendered and packed anew (the parts).
type Pages struct {
	pool *sql.DB
	idle chan *reader
	page page // that is rendered
}

// reader is a connection with its prepared statements.
type reader struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// OpenPages connects to the product's SQLite database, "sqlite:PATH", and only
// reads. text is a page of the product: what is rendered has its pieces.
func OpenPages(ctx context.Context, url string, text []byte) (*Pages, error) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		return nil, fmt.Errorf("pages are measured on SQLite, not on %s", url)
	}
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=query_only(on)&_pragma=cache_size(-4000)&_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	p := &Pages{pool: pool, idle: make(chan *reader, readers)}
	if p.page, err = newPage(text); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	for range readers {
		r, err := openReader(ctx, pool)
		if err != nil {
			return nil, errors.Join(err, pool.Close())
		}
		p.idle <- r
	}
	return p, nil
}

func openReader(ctx context.Context, pool *sql.DB) (*reader, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	r := &reader{conn, map[string]*sql.Stmt{}}
	for _, q := range append([]string{"begin", "rollback", sqlOpened}, aboutOrder...) {
		if r.stmts[q], err = conn.PrepareContext(ctx, q); err != nil {
			return nil, fmt.Errorf("%w in %q", err, q)
		}
	}
	return r, nil
}

// Close ends the connections.
func (p *Pages) Close() error { return p.pool.Close() }

// Floor answers any request with the page as it stands.
func (p *Pages) Floor(w http.ResponseWriter, _ *http.Request) { send(w, p.page.packed) }

// Parts answers with a page of which every part is made for the request.
// hash is what the link of its path is stored as.
func (p *Pages) Parts(hash func(string) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := p.read(r.Context(), hash(r.PathValue("token"))); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		packed, err := p.page.print(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		send(w, packed)
	}
}

func send(w http.ResponseWriter, packed []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Encoding", "gzip")
	h.Set("Content-Length", strconv.Itoa(len(packed)))
	_, _ = w.Write(packed)
}

// read reads what the page of a link needs, on one snapshot.
func (p *Pages) read(ctx context.Context, link string) (err error) {
	c := <-p.idle
	defer func() { p.idle <- c }()
	if _, err := c.stmts["begin"].ExecContext(ctx); err != nil {
		return err
	}
	defer func() {
		_, back := c.stmts["rollback"].ExecContext(ctx)
		err = errors.Join(err, back)
	}()
	first, err := c.rows(ctx, sqlOpened, link)
	if err != nil || len(first) != 1 {
		return errors.Join(fmt.Errorf("%d orders", len(first)), err)
	}
	for _, q := range aboutOrder {
		if _, err := c.rows(ctx, q, first[0][0], first[0][1]); err != nil {
			return err
		}
	}
	return nil
}

func (c *reader) rows(ctx context.Context, q string, args ...any) (all [][]any, err error) {
	rows, err := c.stmts[q].QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	into := make([]any, len(columns))
	for rows.Next() {
		row := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// page is a page in pieces: markup, which is written as it is, and words, which
// are escaped, in turn.
type page struct {
	pieces []piece
	packed []byte
}

type piece struct {
	text  string
	words bool
}

// newPage takes a page apart.
func newPage(text []byte) (p page, err error) {
	z := html.NewTokenizer(bytes.NewReader(text))
	for z.Next() != html.ErrorToken {
		raw, token := string(z.Raw()), z.Token()
		words := token.Type == html.TextToken && !strings.Contains(raw, "{") // a style sheet is no words
		if words {
			raw = html.UnescapeString(raw)
		}
		if n := len(p.pieces); !words && n > 0 && !p.pieces[n-1].words {
			p.pieces[n-1].text += raw
			continue
		}
		p.pieces = append(p.pieces, piece{raw, words})
	}
	if err := z.Err(); !errors.Is(err, io.EOF) {
		return p, err
	}
	p.packed, err = p.print(context.Background())
	return p, err
}

// component renders the pieces as generated code does.
func (p page) component() templ.Component {
	return templruntime.GeneratedTemplate(func(in templruntime.GeneratedComponentInput) (err error) {
		b, existing := templruntime.GetBuffer(in.Writer)
		if !existing {
			defer func() { err = errors.Join(err, templruntime.ReleaseBuffer(b)) }()
		}
		for i, one := range p.pieces {
			if one.words {
				_, err = b.WriteString(templ.EscapeString(one.text))
			} else {
				err = templruntime.WriteString(b, i+1, one.text)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// print renders and packs.
func (p page) print(ctx context.Context) ([]byte, error) {
	var text, out bytes.Buffer
	if err := p.component().Render(ctx, &text); err != nil {
		return nil, err
	}
	z, ok := packers.Get().(*gzip.Writer)
	if !ok {
		return nil, errors.New("the pool holds no packer")
	}
	defer packers.Put(z)
	z.Reset(&out)
	if _, err := z.Write(text.Bytes()); err != nil {
		return nil, err
	}
	err := z.Close()
	return out.Bytes(), err
}
