package round

import (
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// deed is what a courier says of a stop, before it is kept.
type deed struct {
	lastmile.Saying
	code    string                  // said by the shopper
	clock   string                  // when the courier will be there, "16:30"
	meant   bool                    // handed over early, knowing what that breaks
	files   []*multipart.FileHeader // of the photo or the signature
	picture []photo.Photo
}

// deedOf reads the form of a stop. A photo proves more than a signature, that
// more than a name, and the shopper's code more than all of them.
func deedOf(r *http.Request) deed {
	d := deed{
		Saying: lastmile.Saying{
			Client: r.PostFormValue("client"), Stop: ident.Stop(r.PathValue("stop")), Act: lastmile.Act(r.PostFormValue("act")),
			Reason: fact.Reason(r.PostFormValue("reason")), Place: fact.Place(r.PostFormValue("place")), SignedBy: strings.TrimSpace(r.PostFormValue("signed_by")),
		},
		code: strings.TrimSpace(r.PostFormValue("code")), clock: r.PostFormValue("expected"), meant: r.PostFormValue("meant") != "",
	}
	if d.Act != lastmile.Delivered {
		return d
	}
	pictures, drawn := ui.Uploads(r, "photo"), ui.Uploads(r, "signature")
	switch {
	case d.code != "":
		d.Proof = lastmile.ByCode
	case len(pictures) > 0:
		d.Proof, d.files = lastmile.Photo, pictures[:1]
	case len(drawn) > 0:
		d.Proof, d.files = lastmile.Signature, drawn[:1]
	case d.SignedBy != "":
		d.Proof = lastmile.Named
	}
	return d
}

// visit says what was done at a stop, and leads back to it.
func (s *site) visit(r *http.Request) (ui.Answer, error) {
	d := deedOf(r)
	err := s.heeded(r, &d)
	if err == nil {
		_, err = s.take(r.Context(), driveOf(r), &d)
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.TooLarge, fault.Unsupported:
		return s.stopPage(r, d, err)
	case fault.Conflict:
		if fault.Is(err, "code_locked") {
			return s.stopPage(r, d, err)
		}
	}
	return ui.Answer{To: stopPath(d.Stop)}, err
}

func stopPath(id ident.Stop) string { return "/tournee/arret/" + string(id) }

// heeded refuses a hand-over before the slot that nobody agreed to, unless it is
// meant: early_unmeant at meant.
func (s *site) heeded(r *http.Request, d *deed) error {
	if d.Act != lastmile.Delivered || d.meant {
		return nil
	}
	return s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		st, err := driveOf(r).stopOf(tx, string(d.Stop))
		if err != nil {
			return err
		}
		at, err := doorOf(tx, driveOf(r).Shift.Merchant, st)
		if err == nil && !at.over() && at.tooEarly(tx.Now) {
			err = fault.New(fault.Invalid, "early_unmeant", "meant")
		}
		return err
	})
}

// take keeps what a courier says, then understands it. Told again it is the same
// visit, and what came of it stands.
func (s *site) take(ctx context.Context, c drive, d *deed) (v lastmile.Visit, err error) {
	if d.picture, err = ui.Develop(ctx, s.darkroom, string(d.Proof), d.files); err != nil {
		return v, err
	}
	m := c.Shift.Merchant
	if err := s.prepare(ctx, c, d); err != nil {
		return v, err
	}
	err = s.Flow.One(ctx, c.Shift.By(), m, func(tx *flow.Tx) (err error) {
		v, err = s.keep(tx, c, d)
		return err
	})
	if err != nil || v.Outcome != lastmile.VisitKept {
		return v, err
	}
	err = s.Flow.One(ctx, c.Shift.By(), m, func(tx *flow.Tx) error { return s.understand(tx, m, &v) })
	if kind := fault.KindOf(err); kind != fault.Conflict && kind != fault.Invalid && kind != fault.NotFound {
		return v, err
	}
	code := fault.All(err)[0].Code
	err = s.Flow.One(ctx, c.Shift.By(), m, func(tx *flow.Tx) error { return lastmile.Settle(tx, m, &v, lastmile.VisitRefused, code) })
	return v, err
}

// prepare reads the hour that was announced, and compares the shopper's code,
// which is counted whatever comes of it.
func (s *site) prepare(ctx context.Context, c drive, d *deed) error {
	if d.Act == lastmile.Late {
		return s.Flow.Read(ctx, func(tx *db.Tx) error { return d.announce(tx, c) })
	}
	if d.Proof != lastmile.ByCode {
		return nil
	}
	wrong, left := false, 0
	err := s.Flow.One(ctx, c.Shift.By(), c.Shift.Merchant, func(tx *flow.Tx) error {
		st, err := lastmile.StopOf(tx.Tx, c.Shift.Merchant, d.Stop)
		if err != nil {
			return err
		}
		right, err := s.rounds.Try(tx, c.Shift.Merchant, &st, d.code)
		wrong, left = err == nil && !right, lastmile.Tries-st.Tries
		return err
	})
	if err == nil && wrong {
		err = fault.New(fault.Invalid, "delivery_code_wrong", "code", "left", left)
	}
	return err
}

// announce reads an hour of the stop's day. The faults are field_required and
// expected_past at expected.
func (d *deed) announce(tx *db.Tx, c drive) error {
	st, err := lastmile.StopOf(tx, c.Shift.Merchant, d.Stop)
	if err != nil {
		return err
	}
	if d.Expected, err = hourOn(st, c.zone, d.clock); err != nil {
		return fault.New(fault.Invalid, "field_required", "expected")
	}
	said := tx.Now
	if d.Said != 0 && d.Sent != 0 {
		said = tx.Now.Add(-max(0, d.Sent.Sub(d.Said)))
	}
	if d.Expected <= said {
		return fault.New(fault.Invalid, "expected_past", "expected")
	}
	return nil
}

// hourOn is an hour, "16:30", on the day of a stop.
func hourOn(st lastmile.Stop, zone *time.Location, clock string) (civil.Instant, error) {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return 0, err
	}
	year, month, day := st.Day.Date()
	return civil.At(time.Date(year, month, day, t.Hour(), t.Minute(), 0, 0, zone)), nil
}

// keep writes down what was said, with its picture and with what the fleet sends
// of it, before anybody understands it.
func (s *site) keep(tx *flow.Tx, c drive, d *deed) (lastmile.Visit, error) {
	m := c.Shift.Merchant
	v, fresh, err := lastmile.Keep(tx, c.Shift, d.Saying)
	if err != nil || !fresh {
		return v, err
	}
	ids, err := blob.PutPhotos(tx, m, d.picture)
	if err != nil {
		return v, err
	}
	if len(ids) > 0 {
		if err := lastmile.Attach(tx, m, &v, ids[0]); err != nil {
			return v, err
		}
	}
	st, err := lastmile.StopOf(tx.Tx, m, v.Stop)
	if err != nil {
		return v, err
	}
	at, err := doorOf(tx.Tx, m, st)
	if err != nil {
		return v, err
	}
	all, err := payloads(v, at.open())
	if err != nil {
		return v, err
	}
	_, err = tracking.Keep(tx, m, all)
	return v, err
}

// understand has what was said come to pass. At a door where nothing is left to
// be done, a second delivery is the first, and anything else is refused.
func (s *site) understand(tx *flow.Tx, m ident.Merchant, v *lastmile.Visit) error {
	st, err := lastmile.StopOf(tx.Tx, m, v.Stop)
	if err != nil {
		return err
	}
	at, err := doorOf(tx.Tx, m, st)
	switch {
	case err != nil:
		return err
	case at.over() && v.Act == lastmile.Delivered:
		return lastmile.Settle(tx, m, v, lastmile.VisitAgain, "")
	case at.over():
		return fault.New(fault.Conflict, "stop_over", "stop")
	}
	if err := s.tell(tx, m, *v, at); err != nil {
		return err
	}
	return lastmile.Settle(tx, m, v, lastmile.VisitDone, "")
}
