package story

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
)

// takesBack has a shop take articles back: over a carrier that draws its labels
// at once, and in its stores. What is told of the right to withdraw is told,
// unless the story says that the shop does not.
func (s *shop) takesBack(ctx context.Context, w *world, t terms) error {
	line, err := s.client.call(ctx, "POST", "connections", object{
		"adapter": "simulated", "name": "Retours de " + s.name, "zone": w.zone.String(), "stall_after_seconds": 5 * 86400,
	})
	if err != nil {
		return err
	}
	s.back = text(line, "id")
	if _, err := s.client.call(ctx, "PUT", "connections/"+s.back+"/account", object{"account": object{"name": s.name}}); err != nil {
		return err
	}
	key, err := s.client.call(ctx, "POST", "keys", object{"set": "carrier", "carrier": s.back, "label": "carrier of returns"})
	if err != nil {
		return err
	}
	s.bringer = client{handler: w.client.handler, secret: text(key, "secret")}
	if err := s.condition(ctx, t); err != nil || t.untold {
		return err
	}
	_, err = s.client.call(ctx, "PUT", "policies/withdrawal", object{"words": "Vous disposez de quatorze jours pour vous rétracter."})
	return err
}

// condition sets how the shop runs its returns.
func (s *shop) condition(ctx context.Context, t terms) error {
	c, err := s.client.call(ctx, "GET", "returns/conditions", nil)
	if err != nil {
		return err
	}
	delete(c, "$schema")
	var carriers []object
	for _, route := range []string{"relay", "post", "pickup"} {
		carriers = append(carriers, object{"route": route, "carrier": s.back})
	}
	c["carriers"], c["stores"], c["mediator"] = carriers, true, "Médiateur du commerce, mediateur.example"
	c["warehouse"] = object{
		"name": s.name + ", retours", "street": "1 quai Nord", "postcode": "69007", "city": "Lyon", "country": "FR", "email": "retours@example.test",
	}
	if t.rate >= 0 {
		c["legal_rate"] = t.rate
	}
	_, err = s.client.call(ctx, "PUT", "returns/conditions", c)
	return err
}

// colleague is somebody of the shop, with a key of their own from the first time
// they do something: they may be second persons. The word boss is an owner's.
func (s *shop) colleague(ctx context.Context, name string) (*client, error) {
	if c := s.staff[name]; c != nil {
		return c, nil
	}
	set := "agent"
	if name == "boss" {
		set = "owner"
	}
	key, err := s.client.call(ctx, "POST", "keys", object{"set": set, "label": name})
	if err != nil {
		return nil, err
	}
	c := &client{handler: s.client.handler, secret: text(key, "secret")}
	s.staff[name] = c
	return c, nil
}

// photo keeps a photo at the shop, as a camera could have made it.
func (c *client) photo(ctx context.Context) (string, error) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 8, 6))); err != nil {
		return "", err
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/photos", &picture)
	r.Header.Set("Authorization", "Bearer "+c.secret)
	r.Header.Set("Content-Type", "image/png")
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	var out object
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code >= http.StatusMultipleChoices {
		return "", fmt.Errorf("the photo is answered with %d: %.200s", w.Code, w.Body)
	}
	return text(out, "id"), nil
}
