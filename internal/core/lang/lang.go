// Package lang turns keys, faults, amounts and instants into the sentences that
// people read, in French and in English.
//
// Sentences live in the files of the folders fr and en, one line a key, with
// {{.name}} where a value goes; plural forms are a small table under the key. Values are written
// as people of the language write them: pass numbers, amounts, days and
// durations as they are. French spaces before : ; ? ! and inside « » are made
// no-break here, so the files are written with plain ones.
//
// A missing key never fails at run time: it shows in brackets, [order.title]. It
// fails the build instead: the tests read every source file of the repository
// and prove that each key and each fault code has its sentence in both
// languages, with the values it needs, and that no sentence is left over.
//
// The package knows no page and no letter, reads no clock, and does not guess a
// language from a country.
package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// Locale is a language we write: the value of an HTML lang attribute.
type Locale string

// The locales. English is written the British way.
const (
	French  Locale = "fr"
	English Locale = "en"
)

// Locales is every locale, in the order that menus list them.
func Locales() []Locale { return []Locale{French, English} }

// Match is the locale that suits an Accept-Language header best, or fallback
// when the header names none that we write.
func Match(acceptLanguage string, fallback Locale) Locale {
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return fallback
	}
	_, i, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return fallback
	}
	return Locales()[i]
}

var matcher = language.NewMatcher([]language.Tag{language.French, language.English})

// T is the sentence of a key. args are the values it names; nil when it names none.
func T(loc Locale, key string, args map[string]any) string {
	if s, ok := shelf().whole(loc)[key]; ok {
		return s
	}
	return write(loc, &i18n.LocalizeConfig{MessageID: key, TemplateData: values(loc, args)})
}

// N is the sentence of a key in the plural form of a count, which the sentence
// names {{.Count}}.
func N(loc Locale, key string, count int, args map[string]any) string {
	data := values(loc, args)
	data["Count"] = Number(loc, int64(count))
	return write(loc, &i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: count})
}

// values is the arguments of a sentence as the locale writes them.
func values(loc Locale, args map[string]any) map[string]any {
	data := make(map[string]any, len(args)+1)
	for name, v := range args {
		data[name] = value(loc, v)
	}
	return data
}

func value(loc Locale, v any) any {
	switch v := v.(type) {
	case int:
		return Number(loc, int64(v))
	case int64:
		return Number(loc, v)
	case float64:
		return Decimal(loc, v, 2)
	case money.Amount:
		return Amount(loc, v)
	case civil.Day:
		return DayYear(loc, v)
	case time.Weekday:
		return named(weekdays, loc)[(v%7+7)%7]
	case time.Duration:
		return Duration(loc, v)
	case []string:
		return strings.Join(v, ", ")
	default:
		return v
	}
}

func write(loc Locale, c *i18n.LocalizeConfig) string {
	s, err := shelf().localizer(loc).Localize(c)
	if err != nil {
		return missing(c.MessageID)
	}
	return s
}

// missing is what stands where a sentence should.
func missing(key string) string { return "[" + key + "]" }

//go:embed fr/*.toml en/*.toml
var files embed.FS

// catalogues is the files of both languages, read.
type catalogues struct {
	localizers map[Locale]*i18n.Localizer
	messages   map[Locale][]*i18n.Message
	sentences  map[Locale]map[string]string // those that name no value, by key: most of them, on every page
}

// shelf reads the catalogues at the first sentence. They are part of the
// program: one that can not be read is a fault of the build, hence the panic.
var shelf = sync.OnceValue(func() catalogues {
	c := catalogues{map[Locale]*i18n.Localizer{}, map[Locale][]*i18n.Message{}, map[Locale]map[string]string{}}
	bundle := i18n.NewBundle(language.English)
	for _, loc := range Locales() {
		messages, err := read(loc)
		if err != nil {
			panic(fmt.Sprintf("lang: %s: %v", loc, err))
		}
		bundle.MustAddMessages(language.Make(string(loc)), messages...)
		c.messages[loc], c.sentences[loc] = messages, map[string]string{}
		for _, m := range messages {
			if !strings.Contains(m.Other, "{{") {
				c.sentences[loc][m.ID] = m.Other
			}
		}
		c.localizers[loc] = i18n.NewLocalizer(bundle, string(loc))
	}
	return c
})

func read(loc Locale) ([]*i18n.Message, error) {
	names, err := fs.Glob(files, string(loc)+"/*.toml")
	if err != nil {
		return nil, err
	}
	var messages []*i18n.Message
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		some, err := i18n.ParseMessageBytes(text, toml.Unmarshal)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		messages = append(messages, some...)
	}
	if loc == French {
		for _, m := range messages {
			m.One, m.Many, m.Other = typeset.Replace(m.One), typeset.Replace(m.Many), typeset.Replace(m.Other)
		}
	}
	return messages, nil
}

// typeset makes no-break the spaces that French puts around high punctuation.
// Source: Lexique des règles typographiques en usage à l'Imprimerie nationale.
var typeset = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", "« ", "«\u00a0", " »", "\u00a0»")

// whole are the sentences that name no value; those of an unknown locale are English.
func (c catalogues) whole(loc Locale) map[string]string {
	if s, ok := c.sentences[loc]; ok {
		return s
	}
	return c.sentences[English]
}

// localizer writes an unknown locale in English.
func (c catalogues) localizer(loc Locale) *i18n.Localizer {
	if l, ok := c.localizers[loc]; ok {
		return l
	}
	return c.localizers[English]
}
