// Package ics writes an appointment as calendars read it: a file of RFC 5545 with
// one event. Instants are written in UTC, so that no calendar needs our zones;
// whole days are written as days, which are days wherever they are read.
//
// It writes what a delivery needs and nothing else: no alarm, no repetition, no
// guest, no place. It reads no calendar and stores nothing.
package ics

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// Event is an appointment. Either Day, or From and Until, say when it is.
type Event struct {
	UID         string // the same for ever, whatever becomes of the event
	Sequence    int    // grows with each change: the highest one rules
	Stamp       civil.Instant
	Day         civil.Day     // a whole day; civil.NoDay when From and Until say it
	From, Until civil.Instant // Until is exclusive
	Summary     string
	Description string
	Cancelled   bool
}

// producer names us, as RFC 5545, 3.7.3, asks.
const producer = "-//promesse//delivery//EN"

// String is the file.
func (e Event) String() string {
	var b lines
	b.add("BEGIN", "VCALENDAR")
	b.add("VERSION", "2.0")
	b.add("PRODID", producer)
	b.add("METHOD", "PUBLISH")
	b.add("BEGIN", "VEVENT")
	b.add("UID", escape(e.UID))
	b.add("SEQUENCE", strconv.Itoa(e.Sequence))
	b.add("DTSTAMP", utc(e.Stamp))
	if e.Day != civil.NoDay {
		b.add("DTSTART;VALUE=DATE", date(e.Day))
		b.add("DTEND;VALUE=DATE", date(e.Day+1)) // exclusive
	} else {
		b.add("DTSTART", utc(e.From))
		b.add("DTEND", utc(e.Until))
	}
	b.add("SUMMARY", escape(e.Summary))
	if e.Description != "" {
		b.add("DESCRIPTION", escape(e.Description))
	}
	status := "CONFIRMED"
	if e.Cancelled {
		status = "CANCELLED"
	}
	b.add("STATUS", status)
	b.add("TRANSP", "TRANSPARENT") // waiting for a parcel leaves the day free
	b.add("CLASS", "PRIVATE")
	b.add("END", "VEVENT")
	b.add("END", "VCALENDAR")
	return b.String()
}

func utc(i civil.Instant) string { return i.Time().Format("20060102T150405Z") }

func date(d civil.Day) string {
	y, m, day := d.Date()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Format("20060102")
}

// escape writes a text. Source: RFC 5545, 3.3.11.
func escape(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// lines is a file under way.
type lines struct{ strings.Builder }

// longest is how many bytes a line may have, without its end. Source: RFC 5545, 3.1.
const longest = 75

// add writes a line, folded where it is too long, and never inside a character.
func (b *lines) add(name, value string) {
	rest := fmt.Sprint(name, ":", value)
	for room := longest; len(rest) > room; room = longest - 1 {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		b.WriteString(rest[:cut] + "\r\n ")
		rest = rest[cut:]
	}
	b.WriteString(rest + "\r\n")
}
