// Command bench measures ShareSmart against stripe-mock, which keeps nothing, in one run on one machine: figures differ
// from machine to machine, their ratio hardly does. It prints the tables of docs/performance.md.
//
// Rounds of the two alternate, so that whatever else the machine does hits both, and medians count. A slow figure is
// marked and does not fail the run; an error of either server does.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// plan is what to measure and how long.
type plan struct {
	bin, mock       string
	dir             string
	seconds, rounds int
	sizes           []int
	subscriptions   int
	parts           []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	p, err := planned()
	if err != nil {
		return err
	}
	p.dir, err = os.MkdirTemp(p.dir, "sharesmart-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(p.dir)) }()
	about, err := machine(p.dir)
	if err != nil {
		return err
	}
	fmt.Printf("%s. %d rounds of %d s each.\n\n", about, p.rounds, p.seconds)
	var rows []row
	var points []*point
	for _, part := range p.parts {
		var more []row
		switch part {
		case "compare":
			more, err = p.compare(ctx)
		case "clock":
			var renewals row
			renewals, err = p.clockRow(ctx)
			more = []row{renewals}
		case "webhooks":
			more, err = p.webhookRows(ctx)
		case "curve":
			if points, err = p.curve(ctx); err == nil {
				more = flat(points)
			}
		default:
			err = fmt.Errorf("BENCH_PARTS names %q: there are %s", part, allParts)
		}
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	fmt.Println(comparison(rows))
	if len(points) > 0 {
		fmt.Print(growth(points))
	}
	return nil
}

// allParts are what there is to measure.
const allParts = "compare clock webhooks curve"

// progress tells what is being measured; the tables come at the end.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }

// planned reads the environment; bench/run explains it.
func planned() (*plan, error) {
	p := &plan{bin: os.Getenv("BIN"), mock: os.Getenv("STRIPE_MOCK"), dir: os.Getenv("BENCH_DIR"), seconds: 5, rounds: 5, subscriptions: 10_000}
	if p.bin == "" || p.mock == "" {
		return nil, errors.New("BIN and STRIPE_MOCK name the two servers: use 'make bench'")
	}
	if p.dir == "" {
		p.dir = "/var/tmp"
	}
	var err error
	if p.bin, err = filepath.Abs(p.bin); err != nil {
		return nil, err
	}
	if err := positive("BENCH_SECONDS", &p.seconds); err != nil {
		return nil, err
	}
	if err := positive("BENCH_ROUNDS", &p.rounds); err != nil {
		return nil, err
	}
	if err := positive("BENCH_SUBSCRIPTIONS", &p.subscriptions); err != nil {
		return nil, err
	}
	p.parts = strings.Fields(cmp.Or(os.Getenv("BENCH_PARTS"), allParts))
	sizes := os.Getenv("BENCH_SIZES")
	if sizes == "" {
		sizes = "1000 10000 100000 1000000"
	}
	for _, field := range strings.Fields(sizes) {
		n, err := strconv.Atoi(field)
		if err != nil || n < 100 {
			return nil, fmt.Errorf("BENCH_SIZES is %q: write numbers of at least 100, with spaces between them", sizes)
		}
		p.sizes = append(p.sizes, n)
	}
	return p, nil
}

func positive(name string, n *int) error {
	text := os.Getenv(name)
	if text == "" {
		return nil
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < 1 {
		return fmt.Errorf("%s is %q: write a number from 1", name, text)
	}
	*n = v
	return nil
}
