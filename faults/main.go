//go:build linux

// Command faults breaks what a server stands on, again and again, while clients use it, and looks afterwards whether
// anything that was acknowledged is lost, done twice, or seen in an order that cannot be. It prints the table of
// docs/faults.md.
//
//	BIN             the sharesmart binary                       (required)
//	FAULTS_ROUNDS   how often each fault strikes                (20)
//	FAULTS_SEED     makes the same choices again, but for time  (random)
//	FAULTS_ONLY     the names of the faults to try, with commas (all)
//
// All load goes to loopback. It must be able to mount a file system (FUSE).
package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := tryAll(ctx)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "faults: %v\n", err)
		os.Exit(1)
	}
}

func tryAll(ctx context.Context) error {
	bin, rounds, seed := os.Getenv("BIN"), 20, rand.Uint64()
	if bin == "" {
		return fmt.Errorf("BIN names the sharesmart binary: use 'make faults'")
	}
	if text := os.Getenv("FAULTS_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fmt.Errorf("FAULTS_ROUNDS is %q: write a number from 1", text)
		}
		rounds = n
	}
	if text := os.Getenv("FAULTS_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("FAULTS_SEED is %q: write a number", text)
		}
		seed = n
	}
	only := strings.FieldsFunc(os.Getenv("FAULTS_ONLY"), func(r rune) bool { return r == ',' })
	var outcomes []outcome
	for _, t := range slices.Concat(onSQLite, onPostgres) {
		if len(only) > 0 && !slices.Contains(only, t.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "faults: %s, %d times\n", t.name, rounds)
		o, err := t.try(ctx, bin, rounds, seed)
		if err != nil {
			return err
		}
		outcomes = append(outcomes, o)
	}
	fmt.Printf("Seed %d.\n\n%s", seed, report(outcomes))
	return nil
}

// report is the table of what was tried.
func report(outcomes []outcome) string {
	text := "| engine | fault | times | requests | acknowledged | no answer or 5xx | in a history that is linearizable | lost or doubled | seconds |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n"
	total := 0
	for _, o := range outcomes {
		total += o.rounds
		text += fmt.Sprintf("| %s | %s: %s | %d | %d | %d | %d | %d | 0 | %.0f |\n",
			o.trial.engine(), o.trial.name, o.trial.what, o.rounds, o.counts.sent, o.counts.done, o.counts.unknown, o.ops, o.took.Seconds())
	}
	return text + fmt.Sprintf("\n%d faults, 0 failed\n", total)
}
