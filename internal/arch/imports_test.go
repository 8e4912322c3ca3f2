package arch

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// shelf is who may know whom: a room knows the rooms on lower shelves, never a
// neighbour on its own. The sisters hear one another's facts through routes.
var shelf = [][]string{
	{"core"},
	{"fact"},
	{"platform"},
	{"merchant"},
	{"shopper", "speed"},
	{"order"},
	{"relay"},
	{"carrier"},
	{"tracking"},
	{"crew"},
	{"promise", "remedy", "lastmile", "returns", "counter", "desk", "survey", "pass", "loyalty", "campaign", "notify", "payment", "webhook"},
	{"checkout", "erasure"},
	{"insight", "backtest"},
	{"api", "web", "mailroom"},
	{"demo", "bench", "story"},
	{"app"},
}

func rank(r string) int {
	r, _, _ = strings.Cut(r, "/")
	return slices.IndexFunc(shelf, func(s []string) bool { return slices.Contains(s, r) })
}

func TestRoomsKnowOnlyTheRoomsBelowThem(t *testing.T) {
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.pkg, "internal/") || s.pkg == "internal/arch" || s.test {
			continue
		}
		mine := rank(room(s.pkg))
		if mine < 0 {
			t.Errorf("%s: package %s stands on no shelf", s.path, s.pkg)
			continue
		}
		for _, i := range s.imports() {
			theirs, ours := strings.CutPrefix(i, module+"internal/")
			if !ours {
				continue
			}
			if ok := allowed(s.pkg, mine, theirs); !ok {
				t.Errorf("%s imports %s", s.path, theirs)
			}
		}
	}
}

func allowed(pkg string, mine int, theirs string) bool {
	if helper(theirs) && !helper(pkg) {
		return false // helpers of tests stay out of the product
	}
	r := room("internal/" + theirs)
	switch top, _, _ := strings.Cut(r, "/"); {
	case top == "core" || top == "platform":
		return rank(r) <= mine
	case adapter(theirs) && room(pkg) != "app":
		return false // only app plugs adapters in
	case r == room(pkg):
		return true
	default:
		return rank(r) < mine
	}
}

// helper reports whether a package is for tests alone.
func helper(pkg string) bool {
	return strings.HasSuffix(pkg, "test") && !strings.HasSuffix(pkg, "backtest")
}

// adapter reports whether a package speaks to one outside product: a carrier, a channel.
func adapter(pkg string) bool {
	parent, child, nested := strings.Cut(pkg, "/")
	return nested && (parent == "carrier" || parent == "notify" || parent == "payment") && !helper(child)
}

// outside are the shelves that may touch the machine: the platform below, the doors and what is above.
var outside = []string{"platform", "api", "web", "mailroom", "demo", "bench", "story", "app"}

func TestRoomsTouchNoClockNetworkEnvironmentOrChance(t *testing.T) {
	packages := []string{"net", "net/http", "net/smtp", "os", "os/exec", "syscall", "math/rand", "math/rand/v2", "crypto/rand"}
	calls := map[string][]string{"time": {"Now", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "Since", "Until"}}
	for _, s := range sources(t) {
		top, _, _ := strings.Cut(room(s.pkg), "/")
		if s.test || !strings.HasPrefix(s.pkg, "internal/") || slices.Contains(outside, top) || adapter(strings.TrimPrefix(s.pkg, "internal/")) || helper(s.pkg) {
			continue
		}
		for _, i := range s.imports() {
			if slices.Contains(packages, i) {
				t.Errorf("%s imports %s", s.path, i)
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if pkg, name, ok := selector(n); ok && slices.Contains(calls[pkg], name) {
				t.Errorf("%s: %s.%s in a room", s.at(n), pkg, name)
			}
			return true
		})
	}
}

func selector(n ast.Node) (pkg, name string, ok bool) {
	sel, is := n.(*ast.SelectorExpr)
	if !is {
		return "", "", false
	}
	x, is := sel.X.(*ast.Ident)
	if !is {
		return "", "", false
	}
	return x.Name, sel.Sel.Name, true
}

// TestThereIsOneWayOut: who calls the outside world over HTTP does so through
// egress. The demo and the benchmarks call promesse itself, the demo's shop its API.
func TestThereIsOneWayOut(t *testing.T) {
	calls := map[string][]string{
		"http": {"Get", "Post", "Head", "PostForm", "DefaultClient", "Client", "Transport", "DefaultTransport"},
		"net":  {"Dial", "DialTimeout", "Dialer"},
	}
	for _, s := range sources(t) {
		top, _, _ := strings.Cut(room(s.pkg), "/")
		if s.test || top == "demo" || top == "bench" || s.pkg == "internal/platform/egress" || s.pkg == "internal/web/shop" {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if pkg, name, ok := selector(n); ok && slices.Contains(calls[pkg], name) {
				t.Errorf("%s: %s.%s opens a way out", s.at(n), pkg, name)
			}
			return true
		})
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	said := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		said[s.pkg] = said[s.pkg] || s.ast.Doc != nil
	}
	for pkg, ok := range said {
		if !ok {
			t.Errorf("%s has no package comment", pkg)
		}
	}
}
