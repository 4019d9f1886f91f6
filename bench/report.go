//go:build linux

package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

// unit is how a figure is written.
type unit func(v float64) string

func perSecond(v float64) string { return fmt.Sprintf("%.1fk/s", v/1e3) }
func ms(v float64) string        { return fmt.Sprintf("%.1f ms", v*1e3) }
func times(v float64) string     { return fmt.Sprintf("%.2f × the time", v) }
func mb(v float64) string        { return fmt.Sprintf("%.0f MB", v/1e6) }

// row is one line of the comparison.
type row struct {
	what         string
	unit         unit
	ours, theirs float64
	ratio        float64 // 0 takes ours to theirs
	note         string
	target       string // empty is none
	met          bool
}

func (r *row) mark() string {
	switch {
	case r.target == "":
		return ""
	case r.met:
		return "ok"
	}
	return "**short**"
}

// comparison is the table of figures, ratios and targets.
func comparison(rows []row) string {
	cells := [][]string{{"", "ShareSmart", "stripe-mock", "ratio", "must reach", "", "remarks"}}
	for _, r := range rows {
		theirs, ratio := "", ""
		if r.theirs != 0 {
			theirs = r.unit(r.theirs)
			if r.ratio == 0 {
				r.ratio = r.ours / r.theirs
			}
			ratio = fmt.Sprintf("%.2f ×", r.ratio)
		}
		cells = append(cells, []string{r.what, r.unit(r.ours), theirs, ratio, r.target, r.mark(), r.note})
	}
	return table(cells)
}

// table writes Markdown that can be read as it is, too.
func table(cells [][]string) string {
	widths := make([]int, len(cells[0]))
	for _, line := range cells {
		for i, cell := range line {
			widths[i] = max(widths[i], len([]rune(cell)), 3)
		}
	}
	var b strings.Builder
	for n, line := range cells {
		for i, cell := range line {
			b.WriteString("| " + cell + strings.Repeat(" ", widths[i]-len([]rune(cell))) + " ")
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, w := range widths {
				b.WriteString("| " + strings.Repeat("-", w) + " ")
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// memoryFileSystem is what Linux calls a file system in memory.
const memoryFileSystem = 0x01021994

// machine tells where the figures come from. It refuses a file system in memory, where an fsync costs nothing.
func machine(dir string) (string, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return "", err
	}
	if fs.Type == memoryFileSystem {
		return "", fmt.Errorf("%s is in memory, where writing durably costs nothing: name a directory on a disk with BENCH_DIR", dir)
	}
	cpu := runtime.GOARCH
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(info)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			cpu = strings.TrimSpace(value)
			break
		}
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %d cores shared by server and clients, %s, load average %s at the start; %d clients over plain loopback HTTP",
		cpu, runtime.NumCPU(), runtime.Version(), strings.Fields(string(load))[0], connections), nil
}
