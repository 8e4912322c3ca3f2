package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/story"
)

func TestStories(t *testing.T) {
	files, err := filepath.Glob("stories/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := story.Run(context.Background(), string(text), startStory); err != nil {
				t.Error(err)
			}
		})
	}
}

// A story that does not hold says on which line, what was expected and what there was.
func TestAStoryThatDoesNotHoldSaysSo(t *testing.T) {
	const world = "world Monday 2026-03-02 09:00 Europe/Paris\nshop librairie tariff 4.90\norder L-1 by camille 1 x \"Germinal\" to 69003\n"
	for _, row := range []struct {
		line, want, got string
	}{
		{`expect promise deliver_by of L-1 kept`, "deliver_by kept", "deliver_by open"},
		{`expect promise deliver_in_slot of L-1 open`, "deliver_in_slot open", "deliver_by open"},
		{`expect remedy of L-1 granted 4.90 once`, "4.90", "no remedy"},
		{`expect quote to 69003 says "jeudi"`, "jeudi", "mardi 3 mars"},
		{`expect message to camille about L-1 says "jeudi"`, "jeudi", "mardi 3 mars"},
		{`expect message to paul says "mardi"`, "paul", "no message"},
		{`expect no message to camille says "mardi"`, "no message", "mardi 3 mars"},
		{`expect page tracking of L-1 shows "livré jeudi"`, "livré jeudi", "mardi 3 mars"},
		{`expect page tracking of L-1 hides "mardi 3 mars"`, "without", "mardi 3 mars"},
		{`expect luck`, "", "promise, remedy, page or quote"},
		{`expect promise deliver_by of L-2 open`, "", `no order is called "L-2"`},
		{`at 08:00 carrier delivers L-1`, "", "is over"},
		{`at Monday 2026-03-03 08:00`, "", "is a Tuesday"},
		{`at 10:00 courier sings`, "", "delivers, reports or asks, accepts or refuses"},
		{`at 10:00 paul refuses L-1`, "", "is not paul's"},
		{`at 10:00 carrier reports flying of L-1`, "", "flying"},
		{`order L-1 by camille 1 x "Nana"`, "", "there is an order"},
		{`order L-2 by camille 1 x Nana`, "", "quotation marks"},
		{`shop epicerie tariff cheap`, "", `"cheap" is no price`},
		{`world Monday 2026-03-02 09:00 Europe/Paris`, "", "one world"},
		{`expect quote to 69003 says "mardi" loudly`, "", "loudly"},
		{`expect return R-1 ready`, "", `no return is called "R-1"`},
		{`expect right of L-1 "Germinal" left 1`, "left 1", "left 0"},
		{`at 10:00 camille returns R-1 of L-1 1 x "Germinal"`, "", "has not arrived"},
		{`at 10:00 carrier vainly delivers L-1`, "", "not in vain"},
		{`expect refusal says "no"`, "no", ""},
		{`expect no promise deliver_by of L-1`, "no promise", "deliver_by open"},
		{`then something`, "", "begins with"},
	} {
		err := story.Run(context.Background(), world+row.line, startStory)
		var f *story.Failure
		if !errors.As(err, &f) {
			t.Errorf("%s: holds, or is no failure: %v", row.line, err)
			continue
		}
		if f.Line != 4 || !strings.Contains(f.Want, row.want) || !strings.Contains(f.Got, row.got) || (row.want == "") != (f.Want == "") {
			t.Errorf("%s: %v", row.line, f)
		}
	}
}
