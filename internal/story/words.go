package story

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// word is one word of a line; what stands in quotes is one.
type word struct {
	text   string
	quoted bool
}

// words are those of a line that were not read yet.
type words []word

var pieces = regexp.MustCompile(`"([^"]*)"|([^\s"]+)`)

// split cuts a line into words. What follows a # outside quotes is for people.
func split(line string) (out words, err error) {
	if strings.Count(line, `"`)%2 != 0 {
		return nil, fmt.Errorf("a quotation mark is missing its other one")
	}
	for _, m := range pieces.FindAllStringSubmatchIndex(line, -1) {
		if quoted := m[2] >= 0; quoted {
			out = append(out, word{line[m[2]:m[3]], true})
			continue
		}
		text := line[m[4]:m[5]]
		if strings.HasPrefix(text, "#") {
			return out, nil
		}
		out = append(out, word{text, false})
	}
	return out, nil
}

// done reports whether all was read.
func (ws words) done() bool { return len(ws) == 0 }

// rest is what was not read, for messages.
func (ws words) rest() string {
	var texts []string
	for _, w := range ws {
		texts = append(texts, w.text)
	}
	return strings.Join(texts, " ")
}

// is reads a word when it is the next one.
func (ws *words) is(text string) bool {
	if len(*ws) == 0 || (*ws)[0].quoted || (*ws)[0].text != text {
		return false
	}
	*ws = (*ws)[1:]
	return true
}

// need reads a word that must come next.
func (ws *words) need(text string) error {
	if !ws.is(text) {
		return fmt.Errorf("%q should come before %q", text, ws.rest())
	}
	return nil
}

// take reads any word; what says what it stands for.
func (ws *words) take(what string) (string, error) {
	if len(*ws) == 0 {
		return "", fmt.Errorf("%s is missing at the end", what)
	}
	w := (*ws)[0]
	*ws = (*ws)[1:]
	return w.text, nil
}

// quoted reads what stands in quotes.
func (ws *words) quoted(what string) (string, error) {
	if len(*ws) == 0 || !(*ws)[0].quoted {
		return "", fmt.Errorf("%s in quotation marks should come before %q", what, ws.rest())
	}
	return ws.take(what)
}

// reads a word and makes something of it.
func read[T any](ws *words, what string, parse func(string) (T, error)) (v T, err error) {
	text, err := ws.take(what)
	if err != nil {
		return v, err
	}
	if v, err = parse(text); err != nil {
		err = fmt.Errorf("%q is no %s: %w", text, what, err)
	}
	return v, err
}

// cents reads an amount, "5.90".
func cents(text string) (int64, error) {
	whole, part, _ := strings.Cut(text, ".")
	euros, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, err
	}
	part = (part + "00")[:2]
	hundredths, err := strconv.ParseInt(part, 10, 64)
	return 100*euros + hundredths, err
}

// clock reads "16:31" as the minute of the day; 24:00 is the end of it.
func clock(text string) (int, error) {
	if text == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err
}

// span reads "14:00-16:00".
func span(text string) (from, until int, err error) {
	a, b, ok := strings.Cut(text, "-")
	if !ok {
		return 0, 0, fmt.Errorf("%q is no span of hours such as 14:00-16:00", text)
	}
	if from, err = clock(a); err == nil {
		until, err = clock(b)
	}
	return from, until, err
}

func day(text string) (civil.Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return civil.NoDay, err
	}
	return civil.Date(t.Date()), nil
}

// moment reads "[Tuesday] [2026-11-24] 09:00[:30]": the day named, or the one that
// now is on. A weekday that is not the date's is a mistake of the story.
func (ws *words) moment(now civil.Instant, zone *time.Location) (civil.Instant, error) {
	d := now.Day(zone)
	named, told := weekday(*ws)
	if told {
		*ws = (*ws)[1:]
	}
	if len(*ws) > 0 {
		if date, err := day((*ws)[0].text); err == nil {
			d, *ws = date, (*ws)[1:]
		} else if told {
			return 0, fmt.Errorf("a weekday is followed by its date")
		}
	}
	if told && d.Weekday() != named {
		return 0, fmt.Errorf("%s is a %s", d, d.Weekday())
	}
	text, err := ws.take("an hour")
	if err != nil {
		return 0, err
	}
	layout := "15:04:05"
	if len(text) == len("15:04") {
		layout = "15:04"
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		return 0, fmt.Errorf("%q is no hour such as 16:31", text)
	}
	y, m, dom := d.Date()
	return civil.At(time.Date(y, m, dom, t.Hour(), t.Minute(), t.Second(), 0, zone)), nil
}

func weekday(ws words) (time.Weekday, bool) {
	if len(ws) == 0 {
		return 0, false
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if ws[0].text == d.String() {
			return d, true
		}
	}
	return 0, false
}
