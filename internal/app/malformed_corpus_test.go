package app

import (
	"fmt"
	"strings"
)

// named is something malformed, and what to call it.
type named struct{ name, text string }

// rawest are bytes that are no text at all, for wherever bytes can stand.
var rawest = []named{
	{"a byte that begins nothing", "\xff"},
	{"a byte that continues nothing", "\x80"},
	{"half a letter", "\xc3"},
	{"half an emoji", "\xf0\x9f\x98"},
	{"an overlong slash", "\xc0\xaf"},
	{"an overlong zero", "\xc0\x80"},
	{"a surrogate", "\xed\xa0\x80"},
	{"beyond Unicode", "\xf4\x90\x80\x80"},
	{"five bytes for a letter", "\xf8\x88\x80\x80\x80"},
	{"Latin-1", "caf\xe9"},
	{"UTF-16", "\xff\xfea\x00"},
}

// odd are texts that nobody types, and that are text.
var odd = []named{
	{"nothing", ""},
	{"a space", " "},
	{"spaces of other kinds", "\u00a0\u2003\u3000"},
	{"a byte order mark", "\ufeff"},
	{"a name of 5,000 emoji", strings.Repeat("😀", 5000)},
	{"50,000 letters", strings.Repeat("a", 50_000)},
	{"a thousand accents on one letter", "e" + strings.Repeat("\u0301", 1000)},
	{"right to left", "\u202egnp.exe"},
	{"no width", "a\u200bb\u2060c"},
	{"no character", "\ufffe"},
	{"a private one", "\ue000"},
	{"a tag of language", "\U000e0041"},
	{"line breaks", "a\r\nBcc: victim@example.com\r\n\r\nHello"},
	{"a bell", "a\ab"},
	{"an escape", "\x1b[2J"},
	{"delete", "a\x7f"},
	{"a language that does not exist", "xx"},
	{"a language of nowhere", "fr-ZZ-x-nothing"},
	{"a country that does not exist", "ZZ"},
	{"markup", `<script>alert(1)</script>`},
	{"an attribute", `" onfocus=alert(1) autofocus="`},
	{"an entity", "&#0;&quot;"},
	{"a query", `' OR 1=1 --`},
	{"two queries", `x'; drop table order_order; --`},
	{"a pattern", `%_%`},
	{"a template", "{{.Config}}${7*7}#{7*7}"},
	{"a look-up", "${jndi:ldap://example.com/a}"},
	{"a formula", `=cmd|' /C calc'!A0`},
	{"a format", "%s%n%x%d"},
	{"a shell", "$(id)`id`;id|id"},
	{"a way up", "../../../../etc/passwd"},
	{"a way up in Windows", `..\..\win.ini`},
	{"an address", "http://169.254.169.254/latest/meta-data"},
	{"a zero that is written", "%00"},
	{"a zero that is escaped", `\u0000`},
	{"a very long number", strings.Repeat("9", 400)},
	{"minus one", "-1"},
	{"the last number and one more", "9223372036854775808"},
	{"a number beyond counting", "1e400"},
	{"not a number", "NaN"},
	{"without end", "-Infinity"},
	{"a hexadecimal", "0x1F"},
	{"digits of another script", "٣٤"},
	{"half", "½"},
	{"a comma", "1,5"},
	{"the missing hour of March", "2026-03-29T02:30:00+01:00"},
	{"30 February", "2026-02-30"},
	{"the year nought", "0000-00-00"},
	{"a leap second", "2026-06-30T23:59:60Z"},
	{"the last day", "9999-12-31T23:59:59Z"},
	{"a day far away", "+275760-09-13"},
	{"twenty-five o'clock", "25:61"},
	{"null", "null"},
	{"undefined", "undefined"},
	{"a prototype", "__proto__"},
}

// values are what stands in JSON where a value should: as written, not as meant.
func values() (vs []named) {
	vs = []named{
		{"null", "null"},
		{"true", "true"},
		{"zero", "0"},
		{"minus zero", "-0"},
		{"minus one", "-1"},
		{"half", "0.5"},
		{"1e400", "1e400"},
		{"-1e400", "-1e400"},
		{"1e-400", "1e-400"},
		{"the last number", "9223372036854775807"},
		{"one more", "9223372036854775808"},
		{"the first number", "-9223372036854775808"},
		{"a number of 400 digits", strings.Repeat("9", 400)},
		{"a number of a hundred thousand digits", strings.Repeat("1", 100_000)},
		{"NaN", "NaN"},
		{"Infinity", "Infinity"},
		{"a leading zero", "012"},
		{"a hexadecimal", "0x1f"},
		{"a plus", "+1"},
		{"a lone minus", "-"},
		{"a point", "1."},
		{"an object", "{}"},
		{"a list", "[]"},
		{"a list of nothing", "[null]"},
		{"a list in a list", "[[]]"},
		{"an object with a field", `{"a":1}`},
		{"a field twice", `{"a":1,"a":2}`},
		{"a field without a name", `{"":1}`},
		{"40 deep", strings.Repeat("[", 40) + strings.Repeat("]", 40)},
		{"10,000 elements", "[" + strings.Repeat("0,", 9999) + "0]"},
		{"nothing", ""},
		{"single quotes", "'a'"},
		{"no quotes", "a"},
		{"half a pair", `"\ud800"`},
		{"the other half", `"\udc00"`},
		{"a pair the wrong way", `"\udc00\ud800"`},
		{"a zero", `"\u0000"`},
		{"a zero in the middle", `"a\u0000b"`},
		{"an unknown escape", `"\x41"`},
		{"half an escape", `"\u12"`},
		{"a raw zero", "\"a\x00b\""},
		{"a raw line break", "\"a\nb\""},
		{"a raw tab", "\"a\tb\""},
		{"no end", `"a`},
	}
	for _, o := range rawest {
		vs = append(vs, named{o.name, `"` + o.text + `"`})
	}
	for _, o := range odd {
		vs = append(vs, named{o.name, quoted(o.text)})
	}
	return vs
}

// quoted is a text as JSON, whatever is in it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", `\r`, "\n", `\n`, "\a", `\u0007`, "\x1b", `\u001b`).Replace(s) + `"`
}

// bodies are no JSON, or none that means anything.
func bodies() (bs []named) {
	bs = []named{
		{"spaces", " \n\t "},
		{"half an object", `{"reference":`},
		{"an object and a half", `{} {`},
		{"two objects", "{}{}"},
		{"a comma too many", `{"a":1,}`},
		{"a comma first", `{,"a":1}`},
		{"no colon", `{"a" 1}`},
		{"no comma", `{"a":1 "b":2}`},
		{"a comment", `{/* hello */}`},
		{"a line of comment", "// hello\n{}"},
		{"a name without quotes", `{a:1}`},
		{"a number as a name", `{1:1}`},
		{"the wrong bracket", `{"a":[1}`},
		{"a bracket too many", `{}}`},
		{"a thousand brackets", strings.Repeat("[", 1000)},
		{"a hundred thousand objects", strings.Repeat(`{"a":`, 100_000)},
		{"deep and closed", strings.Repeat("[", 500) + strings.Repeat("]", 500)},
		{"deep objects", strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100)},
		{"a field twice", `{"reference":"a","reference":"b"}`},
		{"a field twice in other letters", `{"reference":"a","Reference":"b"}`},
		{"a field twice, escaped", `{"reference":"a","\u0072eference":"b"}`},
		{"an unknown field", `{"is_admin":true}`},
		{"a prototype", `{"__proto__":{"admin":true}}`},
		{"a constructor", `{"constructor":{"prototype":{}}}`},
		{"a byte order mark", "\ufeff{}"},
		{"two byte order marks", "\ufeff\ufeff{}"},
		{"the mark of UTF-16", "\xff\xfe{\x00}\x00"},
		{"the mark of UTF-32", "\xff\xfe\x00\x00{\x00\x00\x00"},
		{"a zero", "\x00"},
		{"zeros after it", "{}\x00\x00\x00"},
		{"zeros before it", "\x00{}"},
		{"a form", "reference=x&units=2"},
		{"lines of JSON", "{}\n{}\n"},
		{"a guard", ")]}',\n{}"},
		{"a call", "callback({})"},
		{"a record separator", "\x1e{}\n"},
		{"YAML", "reference: x\nlines:\n  - a\n"},
		{"a bomb of YAML", "a: &a [x,x]\nb: &b [*a,*a]\n"},
		{"XML", `<?xml version="1.0"?><x/>`},
		{"laughs", `<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>`},
		{"a file in XML", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>`},
		{"CSV", "reference,units\r\nE-1,2\r\n"},
		{"CSV with a formula", "reference\r\n\"=HYPERLINK(\"\"http://x\"\")\"\r\n"},
		{"CSV without an end", "reference\r\n\"E-1\r\n"},
		{"a gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"},
		{"a zip", "PK\x03\x04"},
		{"a picture", "\x89PNG\r\n\x1a\n"},
		{"a PDF", "%PDF-1.7\n"},
		{"a pickle", "\x80\x04\x95"},
		{"protobuf", "\x0a\x03abc"},
		{"a megabyte of spaces", strings.Repeat(" ", 1<<20)},
		{"a megabyte of letters", `{"a":"` + strings.Repeat("a", 1<<20) + `"}`},
		{"ten thousand fields", manyFields(10_000)},
		{"a long name", `{"` + strings.Repeat("k", 20_000) + `":1}`},
		{"a name of emoji", `{"` + strings.Repeat("😀", 500) + `":1}`},
		{"a name with a zero", `{"a\u0000":1}`},
	}
	for _, v := range values() {
		bs = append(bs, named{"alone: " + v.name, v.text}, named{"in a list: " + v.name, "[" + v.text + "]"}, named{"in a field: " + v.name, `{"reference":` + v.text + `}`})
	}
	return bs
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"f%d":%d`, i, i)
	}
	return "{" + b.String()[1:] + "}"
}

// escaped is a text as it stands in an address or a form.
func escaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// typings are what stands in a field of a form, or behind a name in an address.
func typings() (ts []named) {
	ts = []named{{"a zero", "%00"}, {"a zero in the middle", "a%00b"}, {"half an escape", "%"}, {"an escape of nothing", "%zz"}, {"a semicolon", "a;b"}, {"escaped twice", "%2500"}}
	for _, o := range append(rawest[:len(rawest):len(rawest)], odd...) {
		ts = append(ts, named{o.name, escaped(o.text)})
	}
	return ts
}

// forms are no forms, or odd ones. %s is where a route's own form stands.
var forms = []named{
	{"nothing", ""},
	{"no names", "=a&=b"},
	{"only a name", "a"},
	{"only signs", "&&&&===="},
	{"each field twice", "%s&%s"},
	{"a semicolon between", "%s;a=b"},
	{"ten thousand fields", "%s" + strings.Repeat("&a=1", 10_000)},
	{"longer than we read", "%s&a=" + strings.Repeat("a", 200_000)},
	{"longer than we read, first", "a=" + strings.Repeat("a", 200_000) + "&%s"},
	{"emoji beyond what we read", "%s&a=" + strings.Repeat("%%F0%%9F%%98%%80", 20_000)},
	{"a line break after it", "%s\r\n"},
	{"JSON", `{"a":1}`},
	{"XML", "<a/>"},
	{"a zero", "\x00"},
	{"zeros", strings.Repeat("\x00", 1000)},
	{"a raw letter of Latin-1", "a=\xe9"},
	{"brackets", "a[]=1&a[b]=2"},
	{"a prototype", "__proto__[a]=1"},
	{"a question mark", "?%s"},
	{"a mark of a file", "\x1f\x8b\x08"},
}

// kinds are what a body says that it is.
var kinds = []named{
	{"none", ""},
	{"a word", "json"},
	{"a star", "*/*"},
	{"JSON, really", "application/json"},
	{"JSON in Latin-1", "application/json; charset=iso-8859-1"},
	{"JSON in UTF-16", "application/json; charset=utf-16"},
	{"a form in UTF-7", "application/x-www-form-urlencoded; charset=utf-7"},
	{"text", "text/plain"},
	{"HTML", "text/html"},
	{"XML", "application/xml"},
	{"SOAP", "application/soap+xml"},
	{"CSV", "text/csv"},
	{"several parts", "multipart/form-data; boundary=x"},
	{"several parts without a boundary", "multipart/form-data"},
	{"a boundary of 5,000 letters", "multipart/form-data; boundary=" + strings.Repeat("x", 5000)},
	{"mixed parts", "multipart/mixed; boundary=\"x\""},
	{"a picture", "image/png"},
	{"bytes", "application/octet-stream"},
	{"half of a parameter", "application/json; charset"},
	{"quotes without an end", `application/json; charset="`},
	{"a patch", "application/merge-patch+json"},
	{"a problem", "application/problem+json"},
	{"CBOR", "application/cbor"},
	{"letters of no script", "application/\xff"},
	{"5,000 letters", "application/" + strings.Repeat("x", 5000)},
}

// parts are bodies of several parts.
var parts = []named{
	{"a field", part("name=\"a\"", "1")},
	{"a zero in a field", part("name=\"email\"", "a\x00b")},
	{"half a letter in a field", part("name=\"email\"", "\xc3")},
	{"a file", part("name=\"f\"; filename=\"../../etc/passwd\"", "x")},
	{"a file with a zero in its name", part("name=\"f\"; filename=\"a\x00.png\"", "x")},
	{"no end", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1"},
	{"no header", "--x\r\n\r\n1\r\n--x--\r\n"},
	{"a thousand headers", "--x\r\n" + strings.Repeat("A: b\r\n", 1000) + "\r\n1\r\n--x--\r\n"},
	{"a thousand parts", strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n", 1000) + "--x--\r\n"},
	{"parts in parts", part("name=\"a\"\r\nContent-Type: multipart/mixed; boundary=y", "--y\r\n\r\n1\r\n--y--")},
	{"only its end", "--x--"},
	{"another boundary", "--y\r\n\r\n1\r\n--y--\r\n"},
}

func part(disposition, text string) string {
	return "--x\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + text + "\r\n--x--\r\n"
}

// places are ways of writing a path: %s is the path itself.
var places = []named{
	{"a slash after it", "%s/"},
	{"a slash before it", "/%s"},
	{"three slashes", "//%s//"},
	{"a point", "/.%s"},
	{"up and down", "/a/..%s"},
	{"up and down, escaped", "/a/%%2e%%2e%s"},
	{"out at the top", "/../../..%s"},
	{"up, overlong", "/%%c0%%ae%%c0%%ae%s"},
	{"up, in Windows", `/..\..%s`},
	{"a backslash after it", `%s\`},
	{"a semicolon", "%s;jsessionid=1"},
	{"a zero after it", "%s%%00"},
	{"a zero and a name", "%s%%00.html"},
	{"half a letter after it", "%s%%c3"},
	{"a raw letter", "%sé"},
	{"raw bytes", "%s\xff"},
	{"half an escape", "%s%%"},
	{"an escape of nothing", "%s%%zz"},
	{"a slash, escaped", "%s%%2F"},
	{"a slash, escaped twice", "%s%%252F"},
	{"a star", "*"},
	{"a word", "path"},
	{"nothing but a question", "?"},
	{"a fragment", "%s#a"},
	{"another host", "http://evil.example%s"},
	{"another host without a scheme", "//evil.example%s"},
	{"a user", "http://a:b@evil.example%s"},
	{"another scheme", "file://%s"},
	{"a scheme of scripts", "javascript:alert(1)"},
	{"8,000 letters", "%s/" + strings.Repeat("a", 8000)},
	{"a thousand steps", "%s" + strings.Repeat("/a", 1000)},
	{"an extension", "%s.json"},
	{"a backup", "%s~"},
	{"a line break, escaped", "%s%%0d%%0aSet-Cookie:%%20a=b"},
	{"an address of 6 and no end", "http://[::1%s"},
	{"a port of letters", "http://a:b%s"},
	{"only a query of signs", "%s?&&&===&"},
	{"a query of 20,000 letters", "%s?q=" + strings.Repeat("a", 20_000)},
	{"a thousand parameters", "%s?" + strings.Repeat("a=1&", 1000)},
	{"a parameter twice", "%s?limit=1&limit=2&lang=fr&lang=en"},
	{"two questions", "%s?a=1?b=2"},
	{"a semicolon in the query", "%s?a=1;b=2"},
	{"capitals", "/API/V1/ORDERS"},
}

// asked are the parameters that any page or operation reads.
var asked = []string{
	"q", "state", "lang", "after", "limit", "cp", "pays", "shop", "number", "option", "done", "order", "day", "from", "until", "service", "carrier", "at", "at_risk",
	"days", "month", "kind", "topic", "page", "taille", "article", "unites", "retirer", "suite", "parcel", "by", "merchant", "locale", "set", "view", "since", "zone", "class",
}

// headers are lines of a header. What a route needs is sent too, unless the line says it.
func headers() (hs []named) {
	hs = []named{
		{"a key of nobody", "Authorization: Bearer sk_nobody"},
		{"a key of zeros", "Authorization: Bearer \x01"},
		{"another scheme", "Authorization: Basic YTpi"},
		{"half of a scheme", "Authorization: Bearer"},
		{"a token of 8,000 letters", "Authorization: Bearer " + strings.Repeat("a", 8000)},
		{"two keys", "Authorization: Bearer a\r\nAuthorization: Bearer b"},
		{"a session of nobody", "Cookie: promesse_console=nobody"},
		{"a session of bytes", "Cookie: promesse_console=\xff\xfe"},
		{"a session of 8,000 letters", "Cookie: promesse_console=" + strings.Repeat("a", 8000)},
		{"a thousand cookies", "Cookie: " + strings.Repeat("a=b; ", 1000)},
		{"cookies without an end", `Cookie: a="b; promesse_console=`},
		{"a basket of bytes", "Cookie: panier=\xff\xfe*9; adresse=FR-\xff; langue=\xff"},
		{"a basket beyond counting", "Cookie: panier=HUI-050*99999999999999999999~HUI-050*-5"},
		{"an old basket", "Cookie: panier==../../x; adresse=ZZ-%00; langue=xx"},
		{"a basket of 3,000 kinds", "Cookie: panier=" + strings.Repeat("HUI-050*1~", 3000)},
		{"a language that does not exist", "Accept-Language: xx"},
		{"a language of bytes", "Accept-Language: \xff\xfe"},
		{"a thousand languages", "Accept-Language: " + strings.Repeat("fr;q=0.1,", 1000)},
		{"weights beyond counting", "Accept-Language: fr;q=1e400,en;q=NaN,de;q=-1"},
		{"a language of 5,000 letters", "Accept-Language: " + strings.Repeat("f", 5000)},
		{"two hosts", "Host: a.example\r\nHost: b.example"},
		{"no host", "Host:"},
		{"a host of bytes", "Host: \xff"},
		{"a host with a path", "Host: a.example/../b"},
		{"a host with a user", "Host: a@b.example"},
		{"a host with a port of letters", "Host: a:b"},
		{"a forwarder of words", "X-Forwarded-For: nobody"},
		{"a thousand forwarders", "X-Forwarded-For: " + strings.Repeat("10.0.0.1, ", 1000)},
		{"a forwarder of bytes", "X-Forwarded-For: \xff"},
		{"a forwarder of 6", "X-Forwarded-For: [::1%lo]:99999"},
		{"another host, forwarded", "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https"},
		{"an origin of nobody", "Origin: null"},
		{"an origin elsewhere", "Origin: https://evil.example"},
		{"an origin of bytes", "Origin: \xff"},
		{"from another site", "Sec-Fetch-Site: cross-site"},
		{"from a site of no kind", "Sec-Fetch-Site: moon"},
		{"two origins", "Origin: a\r\nOrigin: b"},
		{"another method", "X-HTTP-Method-Override: DELETE"},
		{"another address", "X-Original-URL: /console/\r\nX-Rewrite-URL: /console/"},
		{"a key twice", "Idempotency-Key: a\r\nIdempotency-Key: b"},
		{"a key of letters of no script", "Idempotency-Key: é\xff"},
		{"a key of 5,000 letters", "Idempotency-Key: " + strings.Repeat("k", 5000)},
		{"an empty key", "Idempotency-Key:"},
		{"nothing is accepted", "Accept: image/webp"},
		{"what is accepted is a word", "Accept: word"},
		{"events are accepted", "Accept: text/event-stream"},
		{"no encoding is accepted", "Accept-Encoding: *;q=0"},
		{"a range beyond the end", "Range: bytes=9999999999-"},
		{"a thousand ranges", "Range: bytes=" + strings.Repeat("0-1,", 1000)},
		{"a range of words", "Range: words=1-2"},
		{"any version", "If-None-Match: *"},
		{"a version of bytes", "If-None-Match: \"\xff\""},
		{"a day that is none", "If-Modified-Since: tomorrow"},
		{"a change to version 2", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA"},
		{"a socket", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\nSec-WebSocket-Version: 13"},
		{"a gzip that is none", "Content-Encoding: gzip"},
		{"an encoding of nobody", "Content-Encoding: moon"},
		{"an expectation of nobody", "Expect: the-moon"},
		{"a trailer of the length", "Trailer: Content-Length"},
		{"to be closed and kept", "Connection: close, keep-alive"},
		{"a name to be forgotten", "Connection: Authorization, Cookie, Host"},
		{"a referrer of bytes", "Referer: \xff"},
		{"an agent of 8,000 letters", "User-Agent: " + strings.Repeat("a", 8000)},
		{"a shell as an agent", "User-Agent: () { :; }; id"},
		{"200 headers", strings.TrimSuffix(strings.Repeat("X-A: b\r\n", 200), "\r\n")},
		{"a header of 20,000 letters", "X-A: " + strings.Repeat("a", 20_000)},
		{"a last event of bytes", "Last-Event-ID: \xff"},
	}
	for _, o := range odd {
		if strings.ContainsAny(o.text, "\r\n\a\x1b\x7f") || len(o.text) > 20_000 {
			continue // these end a header, or its line
		}
		hs = append(hs, named{"language, key and cookie: " + o.name, "Accept-Language: " + o.text + "\r\nIdempotency-Key: " + o.text + "\r\nCookie: langue=" + o.text})
	}
	return hs
}

// wires are what comes over a connection and is hardly HTTP. METHOD and PATH are
// the route's. Each connection is closed after it.
var wires = []named{
	{"no version", "METHOD PATH\r\n\r\n"},
	{"version 0.9", "METHOD PATH HTTP/0.9\r\n\r\n"},
	{"version 1.0", "METHOD PATH HTTP/1.0\r\n\r\n"},
	{"version 1.2", "METHOD PATH HTTP/1.2\r\nHost: a\r\n\r\n"},
	{"version 9.9", "METHOD PATH HTTP/9.9\r\nHost: a\r\n\r\n"},
	{"a version of words", "METHOD PATH HTTP/one\r\nHost: a\r\n\r\n"},
	{"another protocol", "METHOD PATH FTP/1.1\r\nHost: a\r\n\r\n"},
	{"a method in small letters", "get PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a method of nobody", "MOON PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a method of signs", "G{T PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a method of 5,000 letters", strings.Repeat("G", 5000) + " PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"no method", " PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a mirror", "TRACE PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a tunnel to the route", "CONNECT PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"all options", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"only the header", "HEAD PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a patch", "PATCH PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"},
	{"a folder", "PROPFIND PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"no host", "METHOD PATH HTTP/1.1\r\n\r\n"},
	{"two hosts", "METHOD PATH HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
	{"spaces between", "METHOD  PATH  HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"tabs between", "METHOD\tPATH\tHTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a space in the path", "METHOD PATH a HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"a zero in the path", "METHOD PATH\x00 HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"only line feeds", "METHOD PATH HTTP/1.1\nHost: a\n\n"},
	{"a header without a colon", "METHOD PATH HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"},
	{"a header without a name", "METHOD PATH HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n"},
	{"a space before the colon", "METHOD PATH HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n"},
	{"a folded header", "METHOD PATH HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n"},
	{"a folded first header", "METHOD PATH HTTP/1.1\r\n Host: a\r\n\r\n"},
	{"a zero in a header", "METHOD PATH HTTP/1.1\r\nHost: a\r\nX-A: a\x00b\r\n\r\n"},
	{"a zero in a name", "METHOD PATH HTTP/1.1\r\nHost: a\r\nX\x00A: b\r\n\r\n"},
	{"a return in a header", "METHOD PATH HTTP/1.1\r\nHost: a\r\nX-A: a\rb\r\n\r\n"},
	{"bytes in a name", "METHOD PATH HTTP/1.1\r\nHost: a\r\nX-\xff: b\r\n\r\n"},
	{"a header of 64 KiB", "METHOD PATH HTTP/1.1\r\nHost: a\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n"},
	{"10,000 headers", "METHOD PATH HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A: b\r\n", 10_000) + "\r\n"},
	{"a name of 40,000 letters", "METHOD PATH HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A", 40_000) + ": b\r\n\r\n"},
	{"a length below nought", wire("Content-Length: -1", "{}")},
	{"a length with a plus", wire("Content-Length: +2", "{}")},
	{"a length of words", wire("Content-Length: two", "{}")},
	{"a length in hexadecimal", wire("Content-Length: 0x2", "{}")},
	{"a length beyond counting", wire("Content-Length: 99999999999999999999", "{}")},
	{"two lengths", wire("Content-Length: 2\r\nContent-Length: 3", "{}")},
	{"two lengths in one", wire("Content-Length: 2, 3", "{}")},
	{"the same length twice", wire("Content-Length: 2\r\nContent-Length: 2", "{}")},
	{"no length", wire("X-A: b", "{}")},
	{"an empty length", wire("Content-Length:", "{}")},
	{"less announced than sent", wire("Content-Length: 1", "{}")},
	{"length and chunks", wire("Content-Length: 2\r\nTransfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n")},
	{"chunks and length", wire("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\nMETHOD PATH HTTP/1.1\r\nX: ")},
	{"chunks in capitals", wire("Transfer-Encoding: CHUNKED", "2\r\n{}\r\n0\r\n\r\n")},
	{"chunks twice", wire("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")},
	{"chunks and nothing known", wire("Transfer-Encoding: chunked, moon", "0\r\n\r\n")},
	{"chunks with a space", wire("Transfer-Encoding : chunked", "0\r\n\r\n")},
	{"chunks by another name", wire("Transfer-Encoding: xchunked", "0\r\n\r\n")},
	{"identity", wire("Transfer-Encoding: identity", "{}")},
	{"a chunk of no number", chunks("z\r\n{}\r\n0\r\n\r\n")},
	{"a chunk below nought", chunks("-1\r\n{}\r\n0\r\n\r\n")},
	{"a chunk beyond counting", chunks("ffffffffffffffffff\r\n{}\r\n0\r\n\r\n")},
	{"a chunk longer than it says", chunks("1\r\n{}\r\n0\r\n\r\n")},
	{"no line after a chunk", chunks("2\r\n{}0\r\n\r\n")},
	{"chunks with line feeds", chunks("2\n{}\n0\n\n")},
	{"a thousand chunks", chunks(strings.Repeat("1\r\n \r\n", 1000) + "0\r\n\r\n")},
	{"a trailer", chunks("2\r\n{}\r\n0\r\nAuthorization: Bearer a\r\n\r\n")},
	{"two megabytes in chunks", chunks(strings.Repeat("10000\r\n"+strings.Repeat(" ", 1<<16)+"\r\n", 32) + "0\r\n\r\n")},
	{"a second request within", wire("Content-Length: 2", "{}GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")},
	{"twenty requests at once", strings.Repeat("GET PATH HTTP/1.1\r\nHost: a\r\n\r\n", 20)},
	{"a request and nonsense", "METHOD PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nnonsense\r\n\r\n"},
	{"to be continued", wire("Content-Length: 2\r\nExpect: 100-continue", "{}")},
}

// cuts are those after which the program waits for more: nothing more comes.
var cuts = []named{
	{"nothing", ""},
	{"line breaks", strings.Repeat("\r\n", 1000)},
	{"a word", "hello\r\n\r\n"},
	{"a zero", "\x00"},
	{"the hello of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"},
	{"SSH", "SSH-2.0-OpenSSH_9.6\r\n"},
	{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
	{"SMTP", "EHLO example\r\n"},
	{"a proxy's line", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nMETHOD PATH HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"only returns", "METHOD PATH HTTP/1.1\rHost: a\r\r"},
	{"no end of the line", "METHOD PATH HTTP/1.1"},
	{"no end of the header", "METHOD PATH HTTP/1.1\r\nHost: a\r\n"},
	{"half a header", "METHOD PATH HTTP/1.1\r\nHost: a\r\nX-A"},
	{"a line of 64 KiB", "METHOD PATH" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n"},
	{"more announced than sent", wire("Content-Length: 500", "{}")},
	{"a gigabyte announced", wire("Content-Length: 1073741824", "{}")},
	{"a chunk of the last number", chunks("7fffffffffffffff\r\n{}\r\n")},
	{"a chunk shorter than it says", chunks("5\r\n{}\r\n0\r\n\r\n")},
	{"no last chunk", chunks("2\r\n{}\r\n")},
	{"half of a chunk", chunks("2\r\n{")},
	{"an endless extension", chunks("2;" + strings.Repeat("a", 100_000) + "\r\n{}\r\n0\r\n\r\n")},
	{"a trailer without an end", chunks("2\r\n{}\r\n0\r\nX-A: " + strings.Repeat("a", 50_000))},
	{"to be continued, and not", wire("Content-Length: 2000000\r\nExpect: 100-continue", "")},
}

func wire(header, body string) string {
	return "METHOD PATH HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n" + body
}

func chunks(body string) string { return wire("Transfer-Encoding: chunked", body) }
