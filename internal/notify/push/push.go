// Package push is the channel to browsers: a message sealed for each of a
// shopper's browsers (RFC 8291), posted to the server its maker runs, in our name
// (VAPID, RFC 8292).
//
// It stores nothing. A browser that is gone for good is named to whoever keeps
// them. The addresses come from browsers, so they are called with suspicion: that
// is the egress client's business.
package push

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Keys are the pair by which browsers' makers know us, base64url.
type Keys struct{ Public, Private string }

// KeysOf derives the installation's pair from its master key.
func KeysOf(v *vault.Vault) (Keys, error) {
	for try := range 16 { // one draw in 2³² is no scalar of the curve
		k, err := ecdh.P256().NewPrivateKey(v.Derive(fmt.Sprintf("web push %d", try)))
		if err == nil {
			return Keys{encode(k.PublicKey().Bytes()), encode(k.Bytes())}, nil
		}
	}
	return Keys{}, errors.New("push: no key can be derived")
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// Sender posts to browsers.
type Sender struct {
	Out     *egress.Client
	Keys    Keys
	Contact string // mail address or https page at which we are found, for the makers
	Forget  func(context.Context, notify.Device) error
}

// life is how long a maker keeps a message for a browser that is away.
const life = 24 * time.Hour

// Send posts a letter to all its devices. One that takes it is enough.
func (s Sender) Send(ctx context.Context, l notify.Letter) error {
	body, err := json.Marshal(map[string]string{"title": l.From, "subject": l.Subject, "text": l.Text, "url": l.URL, "tag": l.MessageID})
	if err != nil {
		return err
	}
	if len(l.Devices) == 0 {
		return notify.Refused{Reason: "push_gone", Err: errors.New("no browser is left")}
	}
	var failed error
	taken := false
	for _, d := range l.Devices {
		err := s.post(ctx, d, body)
		taken = taken || err == nil
		failed = errors.Join(failed, err)
	}
	var no notify.Refused
	switch {
	case taken:
		return nil
	case len(l.Devices) == 1 || errors.As(failed, &no):
		return failed
	default:
		return fmt.Errorf("push: %w", failed)
	}
}

// post seals a message for one browser and hands it to its maker.
func (s Sender) post(ctx context.Context, d notify.Device, body []byte) error {
	maker := "push"
	if u, err := url.Parse(d.Endpoint); err == nil {
		maker += " " + u.Host
	}
	res, err := webpush.SendNotificationWithContext(ctx, body, &webpush.Subscription{
		Endpoint: d.Endpoint, Keys: webpush.Keys{P256dh: d.P256dh, Auth: d.Auth},
	}, &webpush.Options{
		HTTPClient: s.Out.Library(func(*http.Request) string { return maker }), Subscriber: s.Contact,
		VAPIDPublicKey: s.Keys.Public, VAPIDPrivateKey: s.Keys.Private, TTL: int(life.Seconds()), Urgency: webpush.UrgencyHigh,
	})
	switch {
	case errors.Is(err, egress.ErrForbidden):
		return errors.Join(notify.Refused{Reason: "push_forbidden", Err: err}, s.Forget(ctx, d))
	case err != nil:
		return err
	}
	_ = res.Body.Close() // bytes in memory
	switch code := res.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusNotFound || code == http.StatusGone: // RFC 8030, section 7.3
		return errors.Join(notify.Refused{Reason: "push_gone", Err: fmt.Errorf("the maker answered %d", code)}, s.Forget(ctx, d))
	case code == http.StatusTooManyRequests || code >= 500:
		return fmt.Errorf("the maker answered %d", code)
	default:
		return notify.Refused{Reason: fmt.Sprintf("push_%d", code), Err: fmt.Errorf("the maker answered %d", code)}
	}
}
