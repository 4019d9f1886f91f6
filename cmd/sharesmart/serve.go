package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/live"
	"sharesmart/internal/server"
	"sharesmart/internal/terminal"
	"sharesmart/internal/web/dashboard"
	"sharesmart/internal/web/docs"
	"sharesmart/internal/web/status"
)

// headroom is garbage that may pile up before the collector runs, in bytes. What is alive is small and a request leaves
// a few kilobytes, so without it the collector would run dozens of times a second under load, which costs a fifth of
// the speed of a GET.
const headroom = 20 << 20

// serve runs a server until its context ends, as it does with SIGTERM.
func serve(c *call, config *Config) (err error) {
	// The collector runs when the heap has doubled, so what counts as alive sets its pace. The pages are never
	// touched and take no memory.
	defer runtime.KeepAlive(make([]byte, headroom))
	if err := config.Validate(); err != nil {
		return err
	}
	listeners, err := listen(config)
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(listeners.HTTPS.Close(), closeIf(listeners.HTTP), closeIf(listeners.Plain)) }()
	if config.observed, err = observe(c, config); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, config.observed.close()) }()
	a, err := openWhenThere(c, config, baseURL(config, listeners))
	if errors.Is(err, context.Canceled) && c.Err() != nil {
		return nil // it was told to stop while it waited
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	account, err := a.firstStart(c, config.Demo)
	if err != nil {
		return fmt.Errorf("first start: %w", err)
	}
	caFile := ""
	if config.Domain.Names == "" {
		var forget func()
		if caFile, forget, err = certify(config, listeners); err != nil {
			return err
		}
		defer forget()
	}
	return a.serve(c, config, listeners, func(setUp string) { greet(c.stdout, config, listeners, caFile, account, setUp) })
}

// serve answers requests and commands and runs timers, until the context ends. It greets when all of it is on its way.
func (a *app) serve(c *call, config *Config, l *server.Listeners, greet func(setUp string)) error {
	log := config.Log.logger(c.stderr)
	drained, stop := config.observed.untilDrained(c, config.DrainWait, log)
	defer stop()
	ctx, end := context.WithCancelCause(drained)
	defer end(nil)
	account, err := a.registry.DefaultAccount(ctx)
	if err != nil {
		return err
	}
	a.mailer.Account, a.mailer.Log, a.webhooks.Log, a.mailer.Tried = account, log, log, config.observed.mailed
	if err := a.ships(config, log); err != nil {
		return err
	}
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	if config.Data != inMemory {
		control, err := listenControl(config.Data)
		if err != nil {
			return err
		}
		work.Go(func() { serveControl(ctx, control, a) })
	}
	work.Go(func() {
		a.engine.RunTimers(ctx, func(err error) { log.Error("a timer failed", "error", err) })
	})
	work.Go(func() { a.reconcile(ctx, config, log) })
	work.Go(func() {
		if err := a.engine.IndexEvents(ctx); err != nil && ctx.Err() == nil {
			log.Error("older events are not found by their object", "error", err)
		}
	})
	work.Go(func() {
		a.registry.RunUses(ctx, func(err error) { log.Error("when keys were used was not written", "error", err) })
	})
	for _, lack := range config.Live.lacks() {
		log.Warn(lack)
	}
	if !config.keepsNothing() {
		work.Go(func() { audit.Follow(ctx, a.store, log) })
	}
	a.live.Log, a.live.SocketURL = log, socketURL(config, l)
	pages := a.pages(config, l, log)
	pages[live.SocketPath] = a.live.Handler(ctx)
	office, setUp, err := a.dashboard(ctx, config, baseURL(config, l), log, pages)
	if err != nil {
		return err
	}
	var manual *docs.Pages
	var nowhere http.Handler
	if !config.Mock {
		members, read, err := a.readable(ctx, config, baseURL(config, l), log, office, pages)
		if err != nil {
			return err
		}
		manual, nowhere = read, members
		work.Go(func() { members.Run(ctx) })
	}
	proxies, err := parseNetworks(config.Proxies)
	if err != nil {
		return err
	}
	for _, path := range status.Paths {
		pages[path] = config.observed.board
	}
	options := server.Options{
		Engine: a.engine, Shared: a.engine.SharedFile, Registry: a.registry, Store: a.store, Logged: a.live.Answered, Clock: clock.Wall{}, BaseURL: baseURL(config, l),
		RateLimit: config.RateLimit, Faults: billing.Faults{Engine: a.engine}, Pages: pages, Nowhere: nowhere, Mock: config.Mock, Log: log, TrustedProxies: proxies,
	}
	config.observed.edge(&options)
	edge := server.New(options)
	office.API = edge
	if manual != nil {
		manual.API, manual.Dashboard = edge, true
	}
	work.Go(func() {
		rest(ctx, log, func() {
			if manual == nil {
				return
			}
			if err := manual.Prepare(); err != nil {
				log.Error("the documentation cannot be read", "error", err)
			}
		})
	})
	work.Go(func() {
		select {
		case why := <-a.broken:
			end(fmt.Errorf("%w: %w", errBroken, why))
		case <-ctx.Done():
		}
	})
	if a.shipper != nil {
		work.Go(func() { a.shipper.Run(ctx) })
	}
	if config.Domain.Names != "" {
		if err := config.Domain.certificates(config.Data, l, log).Manage(ctx); err != nil {
			return err
		}
	}
	config.observed.ready(a, config, log)
	greet(setUp)
	err = edge.Run(ctx, *l)
	log.Info("stopped answering")
	if why := context.Cause(ctx); errors.Is(why, errBroken) {
		return errors.Join(why, err)
	}
	return err
}

// errBroken says what to do when the disk does not keep what is written to it.
var errBroken = errors.New("the disk fails, so the server ends; all that was acknowledged is kept: mend the disk and start the server again")

// listen opens the ports, so that a taken one is found before anything is written.
func listen(config *Config) (*server.Listeners, error) {
	encrypted, err := net.Listen("tcp", config.HTTPS)
	if err != nil {
		return nil, fmt.Errorf("--https: %w", err)
	}
	plain, err := config.Domain.listen()
	if err != nil {
		return nil, errors.Join(err, encrypted.Close())
	}
	l := &server.Listeners{HTTPS: encrypted, Plain: plain}
	if config.HTTP == "" {
		return l, nil
	}
	if l.HTTP, err = net.Listen("tcp", config.HTTP); err != nil {
		return nil, errors.Join(fmt.Errorf("--http: %w", err), encrypted.Close())
	}
	return l, nil
}

func closeIf(l net.Listener) error {
	if l == nil {
		return nil
	}
	return l.Close()
}

// baseURL is where clients reach the server. A server that listens everywhere is reached at localhost, at the least.
func baseURL(config *Config, l *server.Listeners) string {
	if config.URL != "" {
		return strings.TrimRight(config.URL, "/")
	}
	_, port, _ := net.SplitHostPort(l.HTTPS.Addr().String())
	if config.Domain.Names != "" {
		return config.Domain.url(port)
	}
	host, _, _ := net.SplitHostPort(config.HTTPS)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "https://" + net.JoinHostPort(host, port)
}

// socketURL is where clients that follow events connect. Stripe's command line takes plain HTTP on this machine alone.
func socketURL(config *Config, l *server.Listeners) string {
	base := baseURL(config, l)
	if l.HTTP != nil {
		base = "http://" + l.HTTP.Addr().String()
	}
	return "ws" + strings.TrimPrefix(base, "http") + live.SocketPath
}

// certify opens the development certificate authority and writes where it can be found. That of a server that keeps
// nothing goes to a temporary file, which forget removes.
func certify(config *Config, l *server.Listeners) (file string, forget func(), err error) {
	host, _, _ := net.SplitHostPort(config.HTTPS)
	if config.Data != inMemory {
		authority, err := server.OpenAuthority(config.certificates(), clock.Wall{}, host)
		if err != nil {
			return "", nil, err
		}
		l.TLSConfig = authority.TLS()
		file, err := filepath.Abs(server.AuthorityFile(config.certificates()))
		return file, func() {}, err
	}
	authority, err := server.NewAuthority(clock.Wall{}, host)
	if err != nil {
		return "", nil, err
	}
	l.TLSConfig = authority.TLS()
	f, err := os.CreateTemp("", "sharesmart-ca-*.pem")
	if err != nil {
		return "", nil, fmt.Errorf("write the certificate authority: %w", err)
	}
	_, err = f.Write(authority.PEM())
	return f.Name(), func() { _ = os.Remove(f.Name()) }, errors.Join(err, f.Close())
}

// greet says where the server is, at the first start which keys open it, and how to become its owner as long as there is none.
func greet(t *terminal.Terminal, config *Config, l *server.Listeners, caFile string, account *access.Account, setUp string) {
	url, key, firstKeys := baseURL(config, l), "sk_test_...", false
	t.Line("%s %s", t.Bold("ShareSmart"), version)
	t.Line("")
	rows := [][]string{{"  API", url}}
	if l.HTTP != nil {
		rows = append(rows, []string{"  Plain HTTP", "http://" + l.HTTP.Addr().String()})
	}
	rows = append(rows, []string{"  Dashboard", url + dashboard.Path})
	if caFile != "" {
		rows = append(rows, []string{"  CA file", caFile})
	}
	rows = append(rows, []string{"  Data", dataText(config)})
	if !config.Mock {
		rows = append(rows, []string{"  Mail", mailText(config, l)})
	}
	switch {
	case config.Mock:
		key = "sk_test_123"
		rows = append(rows, []string{"  Keys", "any"})
	case config.Demo:
		key = demoKey
		rows = append(rows, []string{"  Demo key", demoKey})
	case account != nil:
		key, firstKeys = account.TestSecret.Secret, true
		rows = append(rows, []string{"  Secret key", account.TestSecret.Secret}, []string{"  Publishable", account.TestPublishable.Secret})
	}
	t.Table(rows)
	if firstKeys {
		t.Line("")
		t.Line("  %s", t.Warn("The secret key is kept as a hash and not shown again. 'sharesmart keys create' makes another."))
	}
	if setUp != "" {
		t.Line("")
		t.Line("  %s", t.Warn("Nobody owns this server yet. Whoever opens this link first does; it is good for a day:"))
		t.Line("  %s", setUp)
	}
	t.Line("")
	if caFile == "" {
		t.Line("Use this server in place of api.stripe.com.")
		return
	}
	t.Line("Trust the CA file and use this server in place of api.stripe.com:")
	clients(t, url, caFile, key)
}

// clients shows how each kind of client trusts the authority and finds the server.
func clients(t *terminal.Terminal, url, caFile, key string) {
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "https://"))
	file, text := quoted(caFile), strconv.Quote(caFile)
	t.Table([][]string{
		{"  curl", "--cacert " + file, url + "/v1/customers -u " + key + ":"},
		{"  Node", "NODE_EXTRA_CA_CERTS=" + file, "new Stripe(key, {host: " + strconv.Quote(host) + ", port: " + port + "})"},
		{"  Python", "stripe.ca_bundle_path = " + text, "stripe.api_base = " + strconv.Quote(url)},
		{"  Ruby", "Stripe.ca_bundle_path = " + text, "Stripe.api_base = " + strconv.Quote(url)},
		{"  PHP", "\\Stripe\\Stripe::setCABundlePath(" + text + ")", "\\Stripe\\Stripe::$apiBase = " + strconv.Quote(url)},
		{"  Go", "SSL_CERT_FILE=" + file, "stripe.BackendConfig{URL: stripe.String(" + strconv.Quote(url) + ")}"},
	})
}

func dataText(config *Config) string {
	if config.keepsNothing() {
		return "in memory, gone when the server stops"
	}
	path, _ := databasePath(config.Data, config.Database)
	if isPostgres(path) {
		return databaseText(path)
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	return path
}

// quoted is a file name as a shell takes it.
func quoted(name string) string {
	if strings.IndexFunc(name, func(r rune) bool {
		return !strings.ContainsRune("/._-+:@%", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0 {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
