package pin_test

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/pin"
)

func TestAPINIsSixDigitsThatAreNotTriedFirst(t *testing.T) {
	for code, good := range map[string]bool{
		"271828": true, "112233": true, "123457": true, "27182": false, "2718281": false, "27182a": false, "": false,
		"111111": false, "123456": false, "654321": false, "２７１８２８": false,
	} {
		var faults fault.List
		pin.Check(&faults, code)
		if err := faults.Err(); fault.Is(err, "pin_invalid") == good {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestACodeIsReadAsItIsSaid(t *testing.T) {
	for said, want := range map[string]string{"271 828": "271828", " 27-18.28\n": "271828", "271828": "271828", "27a828": "27a828", "": ""} {
		if got := pin.Typed(said); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}
