package webhook

import (
	"encoding/base64"
	"fmt"
	"strings"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// secretBytes is the size of a secret: the standard asks for 24 to 64.
const secretBytes = 32

// newSecret makes a secret as it is shown, once.
func newSecret(tx *flow.Tx) string {
	var b [secretBytes]byte
	tx.Mint.Read(b[:])
	return "whsec_" + base64.StdEncoding.EncodeToString(b[:])
}

// signatures signs a body with each secret: while one takes the place of
// another, both sign, and the receiver needs only one of them.
func signatures(secrets []string, id ident.Delivery, at civil.Instant, body []byte) (string, error) {
	signed := make([]string, 0, len(secrets))
	for _, s := range secrets {
		w, err := standard.NewWebhook(s)
		if err != nil {
			return "", fmt.Errorf("webhook: a secret: %w", err)
		}
		one, err := w.Sign(string(id), at.Time(), body)
		if err != nil {
			return "", err
		}
		signed = append(signed, one)
	}
	return strings.Join(signed, " "), nil
}

func sealOf(m ident.Merchant, e ident.Endpoint) string {
	return "webhook secret/" + string(m) + "/" + string(e)
}

// keepSecret stores a secret sealed, as number n of its endpoint.
func keepSecret(tx *flow.Tx, v *vault.Vault, m ident.Merchant, e ident.Endpoint, n int, secret string) error {
	var nonce [12]byte
	tx.Mint.Read(nonce[:])
	sealed := base64.StdEncoding.EncodeToString(v.Seal(sealOf(m, e), nonce[:], []byte(secret)))
	return tx.Do(sqlInsertSecret, m, e, n, sealed, tx.Now)
}

// secretsOf reads the secrets that sign at a machine time, the newest first.
func secretsOf(tx *db.Tx, v *vault.Vault, m ident.Merchant, e ident.Endpoint) ([]string, error) {
	all, err := db.All(tx, sqlSecrets, db.Scalar[string], m, e, tx.Wall)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(all))
	for i, text := range all {
		sealed, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("webhook: a sealed secret: %w", err)
		}
		open, err := v.Unseal(sealOf(m, e), sealed)
		if err != nil {
			return nil, err
		}
		out[i] = string(open)
	}
	return out, nil
}
