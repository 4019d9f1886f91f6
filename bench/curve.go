//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"

	"sharesmart/bench/load"
)

// created is how many customers a round of the curve creates: few, so that a database of a thousand stays about that.
const created = 1000

// curveStarts is how often the server on each database is started.
const curveStarts = 3

// curveRounds is how often each size is measured.
const curveRounds = 3

// point is how a database of one size does.
type point struct {
	size                     int
	server                   *process
	middle, email            string
	start, disk              float64
	filling                  float64
	newest, within, filtered []float64
	creates, slowest         []float64
}

// curve measures databases of several sizes. Each has its own server, and the rounds go through all of them in turn, so
// that a busy moment of the machine does not look like the cost of a size.
func (p *plan) curve(ctx context.Context) (points []*point, err error) {
	defer func() {
		for _, pt := range points {
			if pt.server != nil {
				err = errors.Join(err, pt.server.stop())
			}
		}
	}()
	for _, size := range p.sizes {
		progress("fill a database with %d customers", size)
		pt := &point{size: size}
		points = append(points, pt)
		if err := pt.open(ctx, shareSmart(p.bin, filepath.Join(p.dir, fmt.Sprint("data-", size)))); err != nil {
			return points, err
		}
	}
	for round := range curveRounds {
		progress("list and create at each size, round %d of %d", round+1, curveRounds)
		for _, pt := range points {
			if err := pt.lists(ctx, p.seconds); err != nil {
				return points, err
			}
		}
		for _, pt := range points {
			if err := pt.create(ctx, round); err != nil {
				return points, err
			}
		}
	}
	return points, nil
}

// open fills a database and leaves a freshly started server on it.
func (pt *point) open(ctx context.Context, program *program) error {
	s, err := program.start(ctx)
	if err != nil {
		return err
	}
	ids, result, err := fill(ctx, s.addr, pt.size)
	if err := errors.Join(err, s.stop()); err != nil {
		return err
	}
	pt.filling, pt.middle, pt.email = result.Rate, ids[pt.size/2], fmt.Sprintf("stock-%d@example.com", pt.size/20)
	var first []float64
	for range curveStarts {
		if pt.server != nil {
			if err := pt.server.stop(); err != nil {
				return err
			}
		}
		if pt.server, err = program.start(ctx); err != nil {
			return err
		}
		first = append(first, pt.server.first.Seconds())
	}
	pt.start = median(first)
	pt.disk, err = diskUse(program.data)
	return err
}

// lists measures three pages of ten: the newest, one from the middle, and those with one e-mail address.
func (pt *point) lists(ctx context.Context, seconds int) error {
	for _, page := range []struct {
		query string
		rates *[]float64
	}{
		{"", &pt.newest},
		{"&starting_after=" + pt.middle, &pt.within},
		{"&email=" + url.QueryEscape(pt.email), &pt.filtered},
	} {
		f, err := wrk(ctx, seconds, "get", pt.server.addr, "/v1/customers?limit=10"+page.query)
		if err != nil {
			return err
		}
		*page.rates = append(*page.rates, f.rate)
	}
	return nil
}

func (pt *point) create(ctx context.Context, round int) error {
	result, err := load.Run(ctx, load.Plan{Addr: pt.server.addr, Connections: connections, Requests: created, Request: func(i int) []byte {
		return load.Post("/v1/customers", customer("curve", round*created+i))
	}})
	pt.creates, pt.slowest = append(pt.creates, result.Rate), append(pt.slowest, result.P99.Seconds())
	return err
}

// diskUse is the size of all files below a directory.
func diskUse(dir string) (float64, error) {
	var sum float64
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			sum += float64(info.Size())
		}
		return err
	})
	return sum, err
}

// flat says how much slower lists and creates are at the largest size than at the smallest.
func flat(points []*point) []row {
	smallest, largest := points[0], points[len(points)-1]
	of := func(what string, rates func(*point) []float64) row {
		cost := median(rates(smallest)) / median(rates(largest))
		return row{
			what: what, unit: times, ours: cost,
			target: "≤ 2 ×", met: cost <= 2, note: fmt.Sprintf("at %d objects, of that at %d", largest.size, smallest.size),
		}
	}
	return []row{
		of("list, newest page", func(pt *point) []float64 { return pt.newest }),
		of("list, middle page", func(pt *point) []float64 { return pt.within }),
		of("list, by e-mail", func(pt *point) []float64 { return pt.filtered }),
		of("create", func(pt *point) []float64 { return pt.creates }),
	}
}

// growth is the table of the curve.
func growth(points []*point) string {
	cells := [][]string{{"objects", "list, newest", "list, middle", "list, by e-mail", "create", "create, p99", "filling", "start", "on disk"}}
	for _, pt := range points {
		cells = append(cells, []string{
			fmt.Sprint(pt.size), perSecond(median(pt.newest)), perSecond(median(pt.within)), perSecond(median(pt.filtered)),
			perSecond(median(pt.creates)), ms(median(pt.slowest)), perSecond(pt.filling), ms(pt.start), mb(pt.disk),
		})
	}
	return table(cells)
}
