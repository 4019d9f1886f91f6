//go:build linux

package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"sharesmart/bench/load"
)

// connections is how many clients ask at the same time.
const connections = 16

// figure is what one round measured.
type figure struct {
	rate     float64 // answers a second
	p50, p99 time.Duration
}

// wrk runs one round: a script of bench/wrk, with its argument, against a path of a server. An answer that is no
// success is an error: it would be a fast way to do nothing.
func wrk(ctx context.Context, seconds int, script, addr, path string, args ...string) (figure, error) {
	command := append([]string{
		"-t1", "-c" + strconv.Itoa(connections), "-d" + strconv.Itoa(seconds) + "s", "--timeout", "30s",
		"-H", "Authorization: Bearer " + load.Key, "-s", "wrk/" + script + ".lua", "http://" + addr + path, "--",
	}, args...)
	out, err := exec.CommandContext(ctx, "wrk", command...).CombinedOutput()
	if err != nil {
		return figure{}, fmt.Errorf("wrk %s: %w\n%s", script, err, out)
	}
	_, line, found := strings.Cut(string(out), "RESULT ")
	var requests, microseconds, failed, p50, p99 int64
	if n, err := fmt.Sscan(line, &requests, &microseconds, &failed, &p50, &p99); !found || n != 5 {
		return figure{}, fmt.Errorf("wrk %s: %w\n%s", script, err, out)
	}
	if failed > 0 || requests == 0 || microseconds == 0 {
		return figure{}, fmt.Errorf("wrk %s on %s%s: %d of %d requests failed\n%s", script, addr, path, failed, requests, out)
	}
	return figure{
		rate: float64(requests) / (float64(microseconds) / 1e6),
		p50:  time.Duration(p50) * time.Microsecond, p99: time.Duration(p99) * time.Microsecond,
	}, nil
}
