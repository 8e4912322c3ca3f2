package story

import (
	"context"
	"strings"
)

// word is what the shop says in its own words, by e-mail and in French; a bar ends a
// line: `shop writes parcel_shipped "{{order}} est partie" "{{promise}} | Merci ! | {{button}}"`.
// Without words they are ours again: `shop writes parcel_shipped`.
func (w *world) word(ctx context.Context, ws *words) error {
	topic, err := ws.take("a topic")
	if err != nil {
		return err
	}
	body := object{"standard": true}
	if !ws.done() {
		subject, err := ws.quoted("a subject")
		if err != nil {
			return err
		}
		said, err := ws.quoted("a text")
		if err != nil {
			return err
		}
		body = object{"subject": subject, "body": strings.ReplaceAll(said, " | ", "\n"), "button": "{{label}}"}
	}
	_, err = w.last.client.call(ctx, "PUT", "templates/"+topic+"/email/fr", body)
	return err
}
