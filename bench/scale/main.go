// Command scale measures SQLite and PostgreSQL with one, two and three processes behind HAProxy, with the same load on one
// machine, and then ends processes under load: one by kill -9, and all of three one after the other, as an upgrade does. It
// prints the tables of docs/scaling.md.
//
//	BIN             the sharesmart binary  (required)
//	SCALE_REQUESTS  of each measurement    (6000)
//
// Everything is durable: PostgreSQL runs with its own settings. All load goes to loopback.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "scale: %v\n", err)
		os.Exit(1)
	}
}

// most is the largest number of processes.
const most = 3

func run(ctx context.Context) (err error) {
	bin, requests := os.Getenv("BIN"), 6000
	if bin == "" {
		return errors.New("BIN names the sharesmart binary: use 'make scale'")
	}
	if text := os.Getenv("SCALE_REQUESTS"); text != "" {
		if requests, err = strconv.Atoi(text); err != nil || requests < 100 {
			return fmt.Errorf("SCALE_REQUESTS is %q: write a number of at least 100", text)
		}
	}
	dir, err := os.MkdirTemp("/var/tmp", "sharesmart-scale-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var rows []row
	for i, of := range []setting{{0, false}, {1, false}, {2, false}, {3, false}, {2, true}, {3, true}} {
		r, err := measure(ctx, bin, filepath.Join(dir, strconv.Itoa(i)), of, requests)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	fmt.Print(table(rows))
	for _, drill := range []func(context.Context, string, string) (string, error){failover, upgrade} {
		line, err := drill(ctx, bin, filepath.Join(dir, "drill"))
		if err != nil {
			return err
		}
		fmt.Println(line)
		if err := os.RemoveAll(filepath.Join(dir, "drill")); err != nil {
			return err
		}
	}
	return nil
}

// row is one line of the table.
type row struct {
	what                    string
	get, list, create, by64 float64    // answers a second
	accounts, pay           float64    // likewise
	createP99               float64    // milliseconds
	createCPU, accountsCPU  [2]float64 // milliseconds of a request in servers and database
}

func table(rows []row) string {
	text := "| behind HAProxy | GET | list, 10 | create, 16 clients | p99 | CPU of it | 64 clients | 64 clients, 16 accounts | CPU of it | create and confirm a payment |\n" +
		"|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
	base := rows[0]
	cell := func(v, of float64) string { return fmt.Sprintf("%.0f/s (%.2f ×)", v, v/of) }
	cpu := func(v [2]float64) string { return fmt.Sprintf("%.2f + %.2f ms", v[0], v[1]) }
	for _, r := range rows {
		text += fmt.Sprintf("| %s | %s | %s | %s | %.1f ms | %s | %s | %s | %s | %s |\n", r.what, cell(r.get, base.get), cell(r.list, base.list), cell(r.create, base.create),
			r.createP99, cpu(r.createCPU), cell(r.by64, base.by64), cell(r.accounts, base.accounts), cpu(r.accountsCPU), cell(r.pay, base.pay))
	}
	return text
}
