package egress

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxAddress bounds an address, in bytes.
const maxAddress = 500

// names that never lead to anybody on the internet. Source: RFC 6761, RFC 6762,
// RFC 7686, RFC 8375, and what clouds and offices call their own.
var ours = []string{"localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "onion", "home.arpa", "localdomain"}

// Check looks at an address before it is kept, so that whoever typed it is told
// at once. It knows what can be known without asking anybody: the form, and
// addresses and names that lead nowhere public. What a name leads to is looked at
// again when it is called. own are servers that may be called though they are
// private. The error is ErrForbidden and says why, in words for the log only.
func Check(address string, own []netip.AddrPort) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrForbidden, err)
	case len(address) > maxAddress:
		return fmt.Errorf("%w: too long", ErrForbidden)
	case u.User != nil:
		return fmt.Errorf("%w: it carries a name or a password", ErrForbidden)
	case u.Fragment != "" || u.Opaque != "" || u.Hostname() == "":
		return fmt.Errorf("%w: no host, or a fragment", ErrForbidden)
	case u.Scheme == "http" && isOwn(u, own):
		return nil
	case u.Scheme != "https":
		return fmt.Errorf("%w: not https", ErrForbidden)
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("%w: port %q", ErrForbidden, p)
		}
	}
	return checkHost(u.Hostname())
}

func isOwn(u *url.URL, own []netip.AddrPort) bool {
	to, err := netip.ParseAddrPort(u.Host)
	return err == nil && slices.Contains(own, netip.AddrPortFrom(to.Addr().Unmap(), to.Port()))
}

// checkHost refuses addresses that are not public, everything that some resolver
// might read as an address though it is not written as one (octal, hexadecimal,
// one number, dots of other scripts), and names of one's own network.
func checkHost(host string) error {
	if a, err := netip.ParseAddr(host); err == nil {
		if !public(a.Unmap()) {
			return fmt.Errorf("%w: %s", ErrForbidden, a)
		}
		return nil
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if !isLabel(l) {
			return fmt.Errorf("%w: host %q", ErrForbidden, host)
		}
	}
	last := labels[len(labels)-1]
	if len(labels) < 2 || last[0] >= '0' && last[0] <= '9' {
		return fmt.Errorf("%w: %q is no public name", ErrForbidden, host)
	}
	for _, own := range ours {
		if host == own || strings.HasSuffix(host, "."+own) {
			return fmt.Errorf("%w: %q is no public name", ErrForbidden, host)
		}
	}
	return nil
}

// isLabel reports whether a part of a name is one of letters, digits and hyphens (RFC 1123).
func isLabel(l string) bool {
	if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
		return false
	}
	for _, c := range l {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
