package returns

import "testing"

func TestWhatMayStillComeBack(t *testing.T) {
	for _, c := range []struct {
		law                      string
		bought, held, back, lost int
		want                     int
	}{
		{"three bought, three in hand", 3, 3, 0, 0, 3},
		{"one of them is in a return", 3, 3, 1, 0, 2},
		{"one never came, and nobody paid for it yet", 3, 2, 0, 0, 2},
		{"one never came, and was paid back on a claim", 3, 2, 0, 1, 2},
		{"one never came and was paid back, and one is in a return", 3, 2, 1, 1, 1},
		{"one was said to be missing, and two were paid back on claims", 3, 2, 0, 2, 1},
		{"one that came broken was paid back on a claim, and is kept", 3, 3, 0, 1, 2},
		{"nothing came, and all of it was paid back", 3, 0, 0, 3, 0},
		{"nothing came, all of it was paid back, and then it came after all", 3, 3, 0, 3, 0},
		{"all of it is in returns", 2, 2, 2, 0, 0},
	} {
		if got := returnable(c.bought, c.held, units{held: c.back, never: c.lost}); got != c.want {
			t.Errorf("%s: %d may come back, want %d", c.law, got, c.want)
		}
	}
}
