package merchant

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Policy is one version of an organisation's rules on a topic. The newest one
// rules; the others are kept, because what was granted under them must stay
// explicable.
type Policy struct {
	ID     ident.Policy
	Topic  string
	Source string
	Since  civil.Instant
}

// maxPolicy bounds the text of a policy, in characters.
const maxPolicy = 64 << 10

// lines takes out what a text of several lines may hold and a name may not.
var lines = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

// SetPolicy appends a version. Text that rules already is answered as it
// stands, and nothing is written. The faults are field_required, field_too_long
// and invalid_utf8; whether the text means anything is for the room of the
// topic to check first.
func SetPolicy(tx *flow.Tx, m ident.Merchant, topic, source string) (Policy, error) {
	var faults fault.List
	text.Required(&faults, "topic", topic, maxName)
	text.Required(&faults, "source", lines.Replace(source), maxPolicy)
	if err := faults.Err(); err != nil {
		return Policy{}, err
	}
	rules, found, err := PolicyOf(tx.Tx, m, topic)
	if err != nil || found && rules.Source == source {
		return rules, err
	}
	p := Policy{ID: ident.New[ident.Policy](tx.Mint), Topic: topic, Source: source, Since: tx.Now}
	if err := tx.Do(sqlInsertPolicy, m, p.ID, p.Topic, p.Source, p.Since); err != nil {
		return Policy{}, err
	}
	return p, tx.Emit(m, string(m), string(p.ID), fact.PolicySet{Policy: p.ID, Topic: topic})
}

// PolicyOf is the version that rules; false when none was ever set.
func PolicyOf(tx *db.Tx, m ident.Merchant, topic string) (Policy, bool, error) {
	return db.One(tx, sqlPolicy, scanPolicy, m, topic)
}

// PolicyAt is the version that ruled at an instant; false when none was set by then.
func PolicyAt(tx *db.Tx, m ident.Merchant, topic string, at civil.Instant) (Policy, bool, error) {
	return db.One(tx, sqlPolicyAt, scanPolicy, m, topic, at)
}

// PolicyHistory lists the versions of a policy, the newest first.
func PolicyHistory(tx *db.Tx, m ident.Merchant, topic string) ([]Policy, error) {
	return db.All(tx, sqlPolicies, scanPolicy, m, topic)
}
