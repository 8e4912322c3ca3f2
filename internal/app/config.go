package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/mailroom"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/notify/email"
	"github.com/promesse-dev/promesse/internal/web/locator"
)

// store is where everything is kept; every command that opens it has this flag.
type store struct {
	DB string `help:"Database: sqlite:PATH or postgres://…" default:"sqlite:promesse.db" placeholder:"URL"`
}

// mailSettings say how letters leave. Without a host they wait, parked and visible.
type mailSettings struct {
	SMTP         string `name:"smtp" help:"Mail server, host:port." placeholder:"HOST:PORT"`
	SMTPUser     string `name:"smtp-user" help:"User at the mail server, when it asks for one."`
	SMTPPassword string `name:"smtp-password-file" help:"File with the password at the mail server." type:"path"`
	SMTPPlain    bool   `name:"smtp-plain" help:"Speak to the mail server without encryption (one on this machine only)."`
	From         string `help:"Sender of letters." default:"promesse@localhost" placeholder:"ADDRESS"`
}

// channels are the ways letters leave. Without a mail server there is none: the
// letters wait, parked, until there is.
func (m mailSettings) channels() (notify.Channels, error) {
	if m.SMTP == "" {
		return notify.Channels{}, nil
	}
	s := email.Sender{Addr: m.SMTP, From: m.From, User: m.SMTPUser, Plain: m.SMTPPlain}
	if m.SMTPPassword != "" {
		text, err := os.ReadFile(m.SMTPPassword)
		if err != nil {
			return nil, fmt.Errorf("mail server's password: %w", err)
		}
		s.Password = strings.TrimSpace(string(text))
	}
	return notify.Channels{notify.Email: s.Send}, nil
}

// mapSettings say where the map of relay points is drawn from.
type mapSettings struct {
	Map        string   `help:"Source of the map of relay points: the address of a MapLibre style, or of pictures with {z}, {x} and {y}. Without one there is no map." placeholder:"URL"`
	MapCredit  string   `help:"Whose map it is, as its terms ask to be said." placeholder:"TEXT"`
	MapOrigins []string `help:"Further hosts that the style leads to." placeholder:"URL,…"`
}

func (s mapSettings) source() (locator.Map, error) {
	return locator.NewMap(s.Map, s.MapCredit, s.MapOrigins)
}

// mailInSettings say where letters come in. Without them answers go to the shop's
// own address, and bounces to the sender's.
type mailInSettings struct {
	MailIn     string `name:"mail-in" help:"Address on which to take letters by SMTP, behind a mail server: answers and bounces." placeholder:"HOST:PORT"`
	MailInHost string `name:"mail-in-host" help:"Domain of the addresses for answers; its mail goes to --mail-in." placeholder:"DOMAIN"`
}

// addresses are those of letters that come in.
func (s mailInSettings) addresses(v *vault.Vault) (mailroom.Addresses, error) {
	if (s.MailIn == "") != (s.MailInHost == "") {
		return mailroom.Addresses{}, errors.New("letters come in with both --mail-in and --mail-in-host, or not at all")
	}
	if s.MailIn == "" {
		return mailroom.Addresses{}, nil
	}
	return mailroom.NewAddresses(v, s.MailInHost), nil
}

// keepSettings say for how long raw content is kept.
type keepSettings struct {
	KeepRaw int `name:"keep-raw" help:"After so many days what carriers sent, mails that came in and photos that nothing refers to are emptied; that they came, and what was understood, stays." default:"180" placeholder:"DAYS"`
}

func (s keepSettings) raw() (time.Duration, error) {
	if s.KeepRaw < 1 || s.KeepRaw > maxKeepRaw {
		return 0, fmt.Errorf("--keep-raw %d: give a number of days from 1 to %d", s.KeepRaw, maxKeepRaw)
	}
	return time.Duration(s.KeepRaw) * 24 * time.Hour, nil
}

// maxKeepRaw is ten years, for which accounts are kept.
const maxKeepRaw = 3653

// proxySettings say who stands between callers and us.
type proxySettings struct {
	TrustedProxies []string `help:"Reverse proxies whose X-Forwarded-For is believed: addresses or networks." placeholder:"CIDR,…"`
}

// proxies are the networks of the trusted proxies.
func (s proxySettings) proxies() (all []netip.Prefix, err error) {
	for _, text := range s.TrustedProxies {
		p, bad := netip.ParsePrefix(text)
		if a, one := netip.ParseAddr(text); one == nil {
			p, bad = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if bad != nil {
			err = errors.Join(err, fmt.Errorf("trusted proxy %q: write an address or a network, such as 10.0.0.0/8", text))
		}
		all = append(all, p)
	}
	return all, err
}

// openMasterKey reads the installation's master key, and with create makes one
// that only its owner may read.
func openMasterKey(path string, create bool) (*vault.Vault, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		if text, err = makeMasterKey(path); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, fmt.Errorf("master key: %w (make one with: promesse master-key %s)", err, path)
	}
	v, err := vault.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("master key %s: %w", path, err)
	}
	return v, nil
}

func makeMasterKey(path string) ([]byte, error) {
	var b [vault.Size]byte
	if _, err := rand.Read(b[:]); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	text := []byte(hex.EncodeToString(b[:]) + "\n")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(text)
	return text, errors.Join(err, f.Close())
}

// masterKeyCmd makes a master key, once.
type masterKeyCmd struct {
	File string `arg:"" help:"File to write; it must not exist." type:"path"`
}

// Run writes the file.
func (c *masterKeyCmd) Run(io Streams) error {
	if _, err := makeMasterKey(c.File); err != nil {
		return err
	}
	fmt.Fprintln(io.Out, c.File)
	return nil
}
