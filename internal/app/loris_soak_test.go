//go:build soak

package app

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// slow is how many connections are held open by somebody who sends a byte a second.
const slow = 2000

// Two thousand connections that never end their request take nothing from the
// others: their 99th percentile grows by a fifth at most (S-23), or by two
// milliseconds where a fifth is less than this machine's noise. None of them is
// held longer than a header may take. It is the machine's clock that is asked,
// for nothing else can be measured.
func TestSlowSendersTakeNothingFromOthers(t *testing.T) {
	g := openGround(t)
	var before, during []time.Duration
	for range 5 {
		before = append(before, g.others(t))
		crowd := g.crowd(t)
		during = append(during, g.others(t))
		crowd.leave(t)
	}
	slices.Sort(before)
	slices.Sort(during)
	alone, beset := before[2], during[2]
	t.Logf("99th percentile alone %v, beside %d slow senders %v", alone, slow, beset)
	if most := max(alone*6/5, alone+2*time.Millisecond); beset > most {
		t.Errorf("%v, at most %v", beset, most)
	}
}

// others is the 99th percentile of 3,000 requests by four at a time.
func (g *ground) others(t *testing.T) time.Duration {
	t.Helper()
	const each = 750
	took := make([]time.Duration, 4*each)
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range each {
				began := time.Now()
				a, err := http.Get("http://" + g.addr + g.page())
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, a.Body)
				_ = a.Body.Close()
				took[w*each+i] = time.Since(began)
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	return took[len(took)*99/100]
}

// crowd are slow senders.
type crowd struct {
	held []net.Conn
	stop chan struct{}
	done sync.WaitGroup
}

// crowd opens their connections; each sends a byte of its header every second.
func (g *ground) crowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{stop: make(chan struct{})}
	for range slow {
		conn, err := net.Dial("tcp", g.addr)
		if err != nil {
			t.Fatal(err)
		}
		c.held = append(c.held, conn)
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a\r\nX-A: ", g.page())
	}
	c.done.Go(func() {
		beat := time.NewTicker(time.Second)
		defer beat.Stop()
		for {
			for _, conn := range c.held {
				_, _ = conn.Write([]byte("a"))
			}
			select {
			case <-c.stop:
				return
			case <-beat.C:
			}
		}
	})
	return c
}

// leave insists that each was shown out in the time that a header may take.
func (c *crowd) leave(t *testing.T) {
	t.Helper()
	until := time.Now().Add(2 * headerTime)
	for _, conn := range c.held {
		_ = conn.SetReadDeadline(until)
		if _, err := io.Copy(io.Discard, conn); err != nil && isTimeout(err) {
			t.Error("a slow sender is still there")
		}
		_ = conn.Close()
	}
	close(c.stop)
	c.done.Wait()
}

func isTimeout(err error) bool {
	n, is := err.(net.Error)
	return is && n.Timeout()
}
