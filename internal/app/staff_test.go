package app

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// told runs a command line and gives what it said and its exit code.
func told(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	t.Setenv("LC_ALL", "en_GB.UTF-8")
	var out bytes.Buffer
	code = Main(t.Context(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &out})
	return out.String(), code
}

func TestTheFirstOwnerIsLetInFromTheCommandLine(t *testing.T) {
	db := "--db=sqlite:" + filepath.Join(t.TempDir(), "promesse.db")
	said, code := told(t, "merchant", "create", "Épicerie du Port", db, "--owner-email=claire@port.example")
	id, _, _ := strings.Cut(said, " ")
	if code != 0 || !strings.HasPrefix(id, "mer_") {
		t.Fatalf("%d %s", code, said)
	}
	merchant := "--merchant=" + id
	for _, c := range []struct {
		law  string
		args []string
		code int
		want string
	}{
		{"another, with fewer rights", []string{"--email=sam@port.example", "--name=Sam", "--set=agent"}, 0, "sam@port.example, agent"},
		{"the same address again", []string{"--email=SAM@port.example"}, 1, "works here under that address already"},
		{"what is no address", []string{"--email=sam"}, 1, "camille@example"},
		{"rights of a network", []string{"--email=kim@port.example", "--set=operator"}, 1, "operator"},
		{"rights that do not exist", []string{"--email=kim@port.example", "--set=root"}, 1, "root"},
	} {
		said, code := told(t, append([]string{"staff", "invite", db, merchant}, c.args...)...)
		if code != c.code || !strings.Contains(said, c.want) {
			t.Errorf("%s: %d %s", c.law, code, said)
		}
	}
	said, code = told(t, "staff", "list", db, merchant)
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if code != 0 || len(lines) != 2 || !strings.HasSuffix(lines[0], "owner\tclaire@port.example\tclaire@port.example") || !strings.HasSuffix(lines[1], "agent\tsam@port.example\tSam") {
		t.Errorf("%d %q", code, lines)
	}
	if said, code := told(t, "merchant", "create", "Port 2", db, "--owner-email=nobody"); code != 1 || strings.Contains(said, "mer_") {
		t.Errorf("a shop whose owner can not be: %d %s", code, said)
	}
	if said, _ := told(t, "merchant", "list", db); strings.Contains(said, "Port 2") {
		t.Errorf("half of it was kept: %s", said)
	}
}
