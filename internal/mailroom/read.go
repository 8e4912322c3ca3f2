package mailroom

import (
	"bufio"
	"bytes"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// automatic reports whether a program wrote a letter: nobody waits for an answer.
// Source: RFC 3834, sections 2 and 5, and what programs older than it say.
func automatic(letter *enmime.Envelope, sender string) bool {
	said := strings.ToLower(strings.TrimSpace(letter.GetHeader("Auto-Submitted")))
	switch {
	case sender == "": // a notification of a mail server
		return true
	case said != "" && said != "no":
		return true
	case letter.GetHeader("X-Autoreply") != "" || letter.GetHeader("X-Autorespond") != "":
		return true
	}
	switch strings.ToLower(letter.GetHeader("Precedence")) {
	case "bulk", "junk", "list", "auto_reply":
		return true
	}
	return report(letter) != nil
}

// report is the part of a letter in which a mail server tells what became of one.
// Source: RFC 3464, section 2.
func report(letter *enmime.Envelope) *enmime.Part {
	return letter.Root.BreadthMatchFirst(func(p *enmime.Part) bool { return p.ContentType == "message/delivery-status" })
}

// bounceOf is what a mail server says of a letter of ours: hard when nobody will
// ever get one at that address; told is false when it is only late. What comes
// back without a report in it was not delivered, and may be another time.
func bounceOf(letter *enmime.Envelope) (hard, told bool) {
	p := report(letter)
	if p == nil {
		return false, true
	}
	action, status := "", ""
	read := textproto.NewReader(bufio.NewReader(bytes.NewReader(p.Content)))
	for {
		fields, err := read.ReadMIMEHeader() // a group about the letter, then one a recipient
		if a := fields.Get("Action"); a != "" {
			action, status = strings.ToLower(strings.TrimSpace(a)), strings.TrimSpace(fields.Get("Status"))
		}
		if err != nil {
			break
		}
	}
	switch action {
	case "delayed", "delivered", "relayed", "expanded":
		return false, false
	}
	return strings.HasPrefix(status, "5.") && !strings.HasPrefix(status, "5.2.2") && !strings.HasPrefix(status, "5.7"), true
}

// Where what a person wrote ends, and what they answer begins: the lines that mail
// programs put above a quotation, in French and in English.
var (
	introduced = regexp.MustCompile(`(?i)^\s*>*\s*(le\s.+a écrit\s*:|on\s.+wrote\s*:|el\s.+escribió\s*:|am\s.+schrieb.*:)\s*$`)
	divided    = regexp.MustCompile(`(?i)^\s*(-{2,}\s*(original message|message d'origine|message original|message transféré|forwarded message)\s*-{2,}|_{20,})\s*$`)
	headed     = regexp.MustCompile(`(?i)^\s*\*?(de|from)\s*:\*?\s.+`)
	sentHeader = regexp.MustCompile(`(?i)^\s*\*?(envoyé|sent|date)\s*(le)?\s*:\*?\s.+`)
)

// Unquoted is what a person wrote, without the letter they answer. Where nothing
// else is left, all is.
func Unquoted(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	end := len(lines)
	for i, line := range lines {
		two := line
		if i+1 < len(lines) {
			two = strings.TrimRight(line, " ") + " " + strings.TrimLeft(lines[i+1], " ") // the line above a quotation may be folded
		}
		header := headed.MatchString(line) && i+1 < len(lines) && sentHeader.MatchString(lines[i+1])
		if introduced.MatchString(line) || introduced.MatchString(two) && !strings.HasPrefix(strings.TrimSpace(line), ">") || divided.MatchString(line) || header {
			end = i
			break
		}
	}
	var own []string
	for _, line := range lines[:end] {
		if strings.HasPrefix(strings.TrimSpace(line), ">") {
			continue
		}
		if line == "-- " { // a signature: RFC 3676, section 4.3
			break
		}
		own = append(own, strings.TrimRight(line, " \t"))
	}
	if said := strings.TrimSpace(strings.Join(own, "\n")); said != "" {
		return said
	}
	return strings.TrimSpace(text)
}
