package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/money"
	"sharesmart/internal/resource"
	"sharesmart/internal/server"
)

// maxFeePercent is a hundred percent.
const maxFeePercent money.Percent = 1_000_000

const (
	maxDrainWait = 10 * time.Minute
	// minRetention is for how long a client may count on an idempotency key.
	minRetention = 24 * time.Hour
)

// inMemory is the data directory of a server that keeps nothing.
const inMemory = ":memory:"

// Config is how a server runs.
type Config struct {
	Data      string // directory, or inMemory
	HTTPS     string // address
	HTTP      string // loopback address for plain HTTP, or empty
	URL       string // where people reach the server, if something stands before it
	Database  string // URL, or empty for a file in Data
	Demo      bool
	RateLimit server.RateLimit
	Mock      bool
	// Fees are kept of test payments: a percentage, and so much for each, in the smallest unit of its currency.
	FeePercent   string
	FeeFixed     int64
	SecondFactor bool // is demanded in the Dashboard
	// SMTP is the mail server as a URL, or empty to keep all mail here. MailFrom is who writes.
	SMTP, MailFrom string
	MailTest       bool   // test mode's mail goes as well
	Proxies        string // networks of proxies that say for whom they ask
	WebhookAllow   string // networks that webhooks may reach beside public ones
	Log            logConfig
	Backup         backupConfig
	Live           LiveConfig
	Domain         domainConfig
	Metrics        string        // address, or empty for none
	DrainWait      time.Duration // from not ready to not answering
	Retention      time.Duration // of events, old versions, saved answers and the log of requests
	observed       *observed     // nil for what is no server
	// SecurityContact is where people tell of holes, as a URL; empty is nowhere.
	SecurityContact string
}

const dataDefault = "./sharesmart-data"

func dataFlag(f *flag.FlagSet, data *string) {
	f.StringVar(data, "data", dataDefault, "`dir`ectory of the data; :memory: keeps nothing")
}

func databaseFlag(f *flag.FlagSet, database *string) {
	f.StringVar(database, "database", "", "`url` of the database, as sqlite:/path/to/file.db or postgres://user:password@host/name; a file in the data directory if not set")
}

func serveFlags(f *flag.FlagSet) func(*call) error {
	c := &Config{}
	c.declare(f)
	return func(call *call) error { return serve(call, c) }
}

// declare declares the flags of a server.
func (c *Config) declare(f *flag.FlagSet) {
	dataFlag(f, &c.Data)
	databaseFlag(f, &c.Database)
	f.StringVar(&c.HTTPS, "https", "127.0.0.1:8443", "`addr`ess for HTTPS")
	f.StringVar(&c.HTTP, "http", "", "loopback `addr`ess for plain HTTP; none if not set")
	f.StringVar(&c.URL, "url", "", "`url` at which people reach the server, as https://pay.example.com, if something stands before it; what --https says if not set")
	f.BoolVar(&c.Demo, "demo", false, "put in the demo account and its objects")
	f.Var(&c.RateLimit, "rate-limit", "requests `n` that an account may send in a second, or stripe for the limits of Stripe; 0 is no limit")
	f.StringVar(&c.FeePercent, "fee-percent", "2.9", "`percent` of each payment that is kept as a fee")
	f.Int64Var(&c.FeeFixed, "fee-fixed", money.StandardFees.Fixed, "fee `n` for each payment, in the smallest unit of its currency; there are no fees at all if both are 0")
	f.StringVar(&c.SMTP, "smtp", "", "`url` of the mail server, as smtp://user:password@host:587 or smtps://...; mail is kept and not sent if not set")
	f.StringVar(&c.MailFrom, "mail-from", "", "`sender` of mail, as \"ShareSmart <no-reply@example.com>\"")
	f.BoolVar(&c.MailTest, "mail-test", false, "send the mail of test mode as well, which is kept otherwise")
	f.StringVar(&c.WebhookAllow, "webhook-allow", "", "`networks` that webhooks may reach beside public ones, as 10.0.0.0/8,192.168.1.7; test mode reaches this machine as well")
	f.BoolVar(&c.SecondFactor, "second-factor", false, "demand an authenticator app of everybody who uses the Dashboard")
	c.Log.declare(f)
	c.Backup.declare(f)
	liveFlags(f, &c.Live)
	c.Domain.declare(f)
	f.StringVar(&c.Metrics, "metrics", "", "`addr`ess for metrics at /metrics, over plain HTTP; none if not set")
	f.DurationVar(&c.DrainWait, "drain-wait", 0, "`time` for which a server that was told to stop still answers, and says at /readyz that it is not ready")
	f.DurationVar(&c.Retention, "retention", resource.Retention, "`time` for which events, old versions of objects, answers to idempotency keys and the log of requests are kept")
	f.StringVar(&c.Proxies, "trusted-proxies", "", "`networks` of proxies that stand before the server, as 127.0.0.1,10.0.0.0/8: the address that they name counts as the client's; none if not set")
	f.StringVar(&c.SecurityContact, "security-contact", "", "`url` where people tell of security holes, as mailto:security@example.com, for /.well-known/security.txt")
}

func mockFlags(f *flag.FlagSet) func(*call) error {
	httpPort := f.Int("http-port", 12111, "`port` for plain HTTP")
	httpsPort := f.Int("https-port", 12112, "`port` for HTTPS")
	return func(call *call) error {
		return serve(call, &Config{
			Data: inMemory, Mock: true, Log: logDefault,
			HTTP: "127.0.0.1:" + strconv.Itoa(*httpPort), HTTPS: "127.0.0.1:" + strconv.Itoa(*httpsPort),
		})
	}
}

// Validate refuses what cannot work, before anything is opened.
func (c *Config) Validate() error {
	if c.Data == "" {
		return errors.New("--data is empty: name a directory, or :memory: to keep nothing")
	}
	if _, port, err := net.SplitHostPort(c.HTTPS); err != nil || !isPort(port) {
		return fmt.Errorf("--https is %q: write HOST:PORT", c.HTTPS)
	}
	if c.HTTP != "" {
		if err := server.CheckLoopback(c.HTTP); err != nil {
			return fmt.Errorf("--http: %w", err)
		}
		if _, port, _ := net.SplitHostPort(c.HTTP); !isPort(port) {
			return fmt.Errorf("--http is %q: write HOST:PORT", c.HTTP)
		}
	}
	if c.URL != "" && !isAddress(c.URL) {
		return fmt.Errorf("--url is %q: write https://HOST or https://HOST:PORT", c.URL)
	}
	if c.RateLimit.Test < 0 {
		return errors.New("--rate-limit is negative: write how many requests a second, or 0")
	}
	if _, err := c.fees(); err != nil {
		return err
	}
	if _, err := parseNetworks(c.Proxies); err != nil {
		return fmt.Errorf("--trusted-proxies: %w", err)
	}
	if _, err := c.mailer(); err != nil {
		return err
	}
	if _, err := c.Live.processors(); err != nil {
		return err
	}
	switch {
	case c.DrainWait < 0 || c.DrainWait > maxDrainWait:
		return fmt.Errorf("--drain-wait is %s: write a time up to %s", c.DrainWait, maxDrainWait)
	case c.Retention != 0 && c.Retention < minRetention:
		return fmt.Errorf("--retention is %s: write %s or more", c.Retention, minRetention)
	}
	if c.Metrics != "" {
		if _, port, err := net.SplitHostPort(c.Metrics); err != nil || !isPort(port) {
			return fmt.Errorf("--metrics is %q: write HOST:PORT", c.Metrics)
		}
	}
	if err := errors.Join(c.Log.validate(), c.Backup.validate(c.keepsNothing()), c.Domain.validate(c.Data == inMemory)); err != nil {
		return err
	}
	if err := checkContact(c.SecurityContact); err != nil {
		return fmt.Errorf("--security-contact: %w", err)
	}
	_, err := databasePath(c.Data, c.Database)
	return err
}

// fees are what is kept of payments; Stripe's standard where nothing else was said.
func (c *Config) fees() (*money.Fees, error) {
	if c.FeePercent == "" {
		return nil, nil
	}
	percent, err := money.ParsePercent(c.FeePercent)
	if err != nil || percent < 0 || percent > maxFeePercent {
		return nil, fmt.Errorf("--fee-percent is %q: write a number from 0 to 100, as 2.9", c.FeePercent)
	}
	if c.FeeFixed < 0 {
		return nil, errors.New("--fee-fixed is negative: write an amount in the smallest unit, as 30, or 0")
	}
	return &money.Fees{Percent: percent, Fixed: c.FeeFixed}, nil
}

// isAddress reports whether a text names a server and nothing on it.
func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && strings.TrimRight(s, "/") == "https://"+u.Host
}

func isPort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}

// keepsNothing reports whether all is gone when the server ends.
func (c *Config) keepsNothing() bool { return c.Data == inMemory && c.Database == "" }

// databasePath is the database's file, or inMemory, or the address of a PostgreSQL database.
func databasePath(data, address string) (string, error) {
	if address == "" {
		if data == inMemory {
			return inMemory, nil
		}
		return filepath.Join(data, "sharesmart.db"), nil
	}
	if isPostgres(address) {
		return address, nil
	}
	path, ok := strings.CutPrefix(address, "sqlite:")
	path = strings.TrimPrefix(path, "//")
	if !ok || path == "" {
		return "", fmt.Errorf("--database is %q: write sqlite:/path/to/file.db, or postgres://user:password@host/name", address)
	}
	return path, nil
}

// certificates is the directory of the development certificate authority.
func (c *Config) certificates() string { return filepath.Join(c.Data, "tls") }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
