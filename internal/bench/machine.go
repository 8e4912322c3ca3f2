package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// meter measures one stretch of work: wall time, and CPU of this process and of
// every PostgreSQL process on the machine (the benchmark's own, one hopes).
type meter struct {
	wall time.Time
	cpu  time.Duration
	pg   bool
}

func start(pg bool) meter {
	return meter{wall: time.Now(), cpu: cpuTime(pg), pg: pg}
}

func (m meter) stop(ops int) Sample {
	return Sample{Ops: ops, Wall: time.Since(m.wall), CPU: cpuTime(m.pg) - m.cpu}
}

func cpuTime(pg bool) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	cpu := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	if pg {
		cpu += postgresTime()
	}
	return cpu
}

// postgresTime sums what the scheduler gave to processes called postgres.
func postgresTime() (sum time.Duration) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		comm, err := os.ReadFile(d + "/comm")
		if err != nil || strings.TrimSpace(string(comm)) != "postgres" {
			continue
		}
		stat, err := os.ReadFile(d + "/schedstat")
		if err != nil {
			continue
		}
		ns, _, _ := strings.Cut(string(stat), " ")
		n, _ := strconv.ParseInt(ns, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}

// residentMB is the memory of a process that is really there.
func residentMB(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("no VmRSS for process %d", pid)
}

// processTime is the CPU that the threads of a process have had.
func processTime(pid int) (sum time.Duration, err error) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		return 0, err
	}
	if len(tasks) == 0 {
		return 0, fmt.Errorf("no threads of process %d", pid)
	}
	for _, t := range tasks {
		stat, err := os.ReadFile(t)
		if err != nil {
			continue // the thread has ended
		}
		ns, _, _ := strings.Cut(string(stat), " ")
		n, err := strconv.ParseInt(ns, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n)
	}
	return sum, nil
}
