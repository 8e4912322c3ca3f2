package ui

import "testing"

func TestABrandsColourCanBeRead(t *testing.T) {
	for _, hex := range []string{"#ffff00", "#ffffff", "#000000", "#ff0000", "#7f7f7f", "#1d4e89", "#00ff7f"} {
		c, ok := parseColour(hex)
		if !ok {
			t.Fatalf("%s is a colour", hex)
		}
		light, dark := c.until(lightCard, colour{}), c.until(darkCard, colour{255, 255, 255})
		if got := contrast(light, lightCard); got < legible {
			t.Errorf("%s becomes %s on white: %.2f", hex, light, got)
		}
		if got := contrast(dark, darkCard); got < legible {
			t.Errorf("%s becomes %s on dark: %.2f", hex, dark, got)
		}
		if contrast(c, lightCard) >= legible && light.String() != hex {
			t.Errorf("%s could be read on white and became %s", hex, light)
		}
	}
	if light, dark := Accents("#ffff00"); light == "#ffff00" || dark != "#ffff00" {
		t.Errorf("yellow becomes %s on white, %s on dark", light, dark)
	}
	if light, _ := Accents("red"); light != ours {
		t.Errorf("what is no colour becomes %s", light)
	}
	for _, hex := range []string{"", "red", "#fff", "#gggggg", "#12345678", "url(x)"} {
		if accent(hex) != "" || Accent(hex) {
			t.Errorf("%q is no colour", hex)
		}
	}
}
