// Package sms is the channel that hands short texts to a gateway: one of three
// wire formats, each to one gateway an installation has an account with.
//
// It stores nothing and decides nothing. Gateways know no idempotency key (the
// plain format does): where an answer was lost on the way, nobody knows whether
// the text left, and a second one would be one too many, so it is not sent again.
package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // OVH's and Twilio's signatures are made of it
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Unknown is the reason of a text of which nobody knows whether it left.
const Unknown = "sms_outcome_unknown"

// gateway names whoever is called, for the breaker.
const gateway = "sms gateway"

// Plain is a gateway that takes JSON: {"id","to","from","text"}, with a bearer
// token. It must send one text an id. 2xx is a yes; 4xx but 408 and 429 is a no.
type Plain struct {
	Out   *egress.Client
	URL   string
	Token string
	From  string // number or name shown as sender
}

// Send hands over a text; it is a notify channel.
func (g Plain) Send(ctx context.Context, l notify.Letter) error {
	body, err := json.Marshal(map[string]string{"id": l.MessageID, "to": l.To, "from": g.From, "text": l.Text})
	if err != nil {
		return err
	}
	a, err := g.Out.Do(ctx, egress.Call{To: gateway, Method: http.MethodPost, URL: g.URL, Body: body, Header: map[string]string{
		"Content-Type": "application/json", "Authorization": "Bearer " + g.Token, "Idempotency-Key": l.MessageID,
	}})
	if err != nil {
		return fmt.Errorf("sms: %w", err)
	}
	return verdict(a, "")
}

// Read reads an answer of a shopper, posted as {"from","text"} under the same token.
func (g Plain) Read(proof Proof, _ string, body []byte) (number, text string, err error) {
	if subtle.ConstantTimeCompare([]byte(proof.Authorization), []byte("Bearer "+g.Token)) != 1 {
		return "", "", ErrUnproven
	}
	var said struct{ From, Text string }
	err = json.Unmarshal(body, &said)
	return said.From, said.Text, err
}

// Proof is what a gateway shows of itself when it tells what a shopper answered.
type Proof struct {
	Authorization string
	Twilio        string // X-Twilio-Signature
}

// ErrUnproven says that it is not the gateway who speaks.
var ErrUnproven = errors.New("sms: unproven")

// OVH is OVHcloud's API. Source: its console, "POST /sms/{serviceName}/jobs", and
// "First steps with the OVHcloud APIs" for the signature.
type OVH struct {
	Out      *egress.Client
	Wall     func() civil.Instant
	Base     string // https://eu.api.ovh.com/1.0
	Service  string // sms-ab12345-1
	From     string // a sender validated there
	Key      string // of the application
	Secret   string // of the application
	Consumer string // key of who let the application in
}

// Send hands over a text; it is a notify channel. The service's texts are no
// advertising, so OVH adds no STOP clause.
func (g OVH) Send(ctx context.Context, l notify.Letter) error {
	body, err := json.Marshal(map[string]any{
		"message": l.Text, "receivers": []string{l.To}, "sender": g.From, "charset": "UTF-8", "noStopClause": true, "priority": "high",
		"tag": l.MessageID[:min(len(l.MessageID), 20)],
	})
	if err != nil {
		return err
	}
	address := g.Base + "/sms/" + url.PathEscape(g.Service) + "/jobs"
	stamp := strconv.FormatInt(g.Wall().Time().Unix(), 10)
	a, err := g.Out.Do(ctx, egress.Call{To: gateway, Method: http.MethodPost, URL: address, Body: body, Header: map[string]string{
		"Content-Type": "application/json", "X-Ovh-Application": g.Key, "X-Ovh-Consumer": g.Consumer, "X-Ovh-Timestamp": stamp,
		"X-Ovh-Signature": g.sign(http.MethodPost, address, string(body), stamp),
	}})
	if err != nil {
		return lost(err)
	}
	if err := verdict(a, ""); err != nil {
		return err
	}
	var said struct {
		Invalid []string `json:"invalidReceivers"`
	}
	if err := json.Unmarshal(a.Body, &said); err == nil && len(said.Invalid) > 0 {
		return notify.Refused{Reason: "sms_number_refused", Err: errors.New("ovh: invalid receiver")}
	}
	return nil
}

// sign is "$1$" and the SHA-1 of secret, consumer, method, address, body and time,
// joined by plus signs.
func (g OVH) sign(parts ...string) string {
	sum := sha1.Sum([]byte(strings.Join(slices.Concat([]string{g.Secret, g.Consumer}, parts), "+"))) //nolint:gosec // OVH's own
	return "$1$" + hex.EncodeToString(sum[:])
}

// Twilio is Twilio's API. Source: "Programmable Messaging: Message resource", and
// "Security" for the signature of what it posts to us.
type Twilio struct {
	Out     *egress.Client
	Base    string // https://api.twilio.com
	Account string
	Token   string
	From    string // number, or the id of a messaging service (MG…)
}

// Send hands over a text; it is a notify channel.
func (g Twilio) Send(ctx context.Context, l notify.Letter) error {
	form := url.Values{"To": {l.To}, "Body": {l.Text}}
	if strings.HasPrefix(g.From, "MG") {
		form.Set("MessagingServiceSid", g.From)
	} else {
		form.Set("From", g.From)
	}
	login := base64.StdEncoding.EncodeToString([]byte(g.Account + ":" + g.Token))
	a, err := g.Out.Do(ctx, egress.Call{
		To: gateway, Method: http.MethodPost, URL: g.Base + "/2010-04-01/Accounts/" + url.PathEscape(g.Account) + "/Messages.json",
		Body: []byte(form.Encode()), Header: map[string]string{
			"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic " + login,
		},
	})
	if err != nil {
		return lost(err)
	}
	var said struct {
		Code int `json:"code"`
	}
	_ = json.Unmarshal(a.Body, &said) // an answer that is none of theirs has its status
	if said.Code != 0 {
		return verdict(a, "twilio_"+strconv.Itoa(said.Code))
	}
	return verdict(a, "")
}

// Read reads an answer of a shopper, as Twilio posts it to an address of ours.
func (g Twilio) Read(proof Proof, address string, body []byte) (number, text string, err error) {
	form, err := url.ParseQuery(string(body))
	if err != nil || !Signed(g.Token, address, form, proof.Twilio) {
		return "", "", ErrUnproven
	}
	return form.Get("From"), form.Get("Body"), nil
}

// Signed reports whether a form that came to one of our addresses was posted by
// Twilio: the HMAC-SHA1, under the token, of the address with all fields, name and
// value, in the order of their names.
func Signed(token, address string, form url.Values, signature string) bool {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			mac.Write([]byte(name + value))
		}
	}
	claimed, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && hmac.Equal(mac.Sum(nil), claimed)
}

// verdict is what an answer means: taken, refused for good, or to be tried later.
func verdict(a egress.Answer, code string) error {
	switch {
	case a.Status >= 200 && a.Status < 300:
		return nil
	case a.Status == http.StatusRequestTimeout, a.Status == http.StatusTooManyRequests, a.Status >= 500,
		a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden: // our account is at fault, not the text
		return fmt.Errorf("sms: the gateway answered %d %s", a.Status, code)
	case code == "":
		code = "sms_" + strconv.Itoa(a.Status)
	}
	return notify.Refused{Reason: code, Err: fmt.Errorf("the gateway answered %d", a.Status)}
}

// lost is a call without an answer: to be tried again where nobody was reached.
func lost(err error) error {
	var op *net.OpError
	if errors.Is(err, egress.ErrResting) || errors.Is(err, egress.ErrForbidden) || errors.As(err, &op) && op.Op == "dial" {
		return fmt.Errorf("sms: %w", err)
	}
	return notify.Refused{Reason: Unknown, Err: err}
}
