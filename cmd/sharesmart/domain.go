package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"sharesmart/internal/acme"
	"sharesmart/internal/server"
)

// domainConfig is how a server gets certificates that everybody trusts.
type domainConfig struct {
	Names, Email, CA, HTTP string
}

func (d *domainConfig) declare(f *flag.FlagSet) {
	f.StringVar(&d.Names, "domain", "", "`name`s of the server, as pay.example.com,www.example.com; certificates for them come through ACME")
	f.StringVar(&d.Email, "acme-email", "", "`address` that the certificate authority writes to")
	f.StringVar(&d.CA, "acme-ca", acme.LetsEncrypt, "`url` of the certificate authority's ACME directory")
	f.StringVar(&d.HTTP, "acme-http", "", "`addr`ess for plain HTTP that answers the authority's challenges and refuses all else, as :80; the challenge comes over TLS if not set")
}

var domainName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$`)

// names are the domains; none if the server has a certificate of its own making.
func (d *domainConfig) names() []string {
	return strings.FieldsFunc(d.Names, func(r rune) bool { return r == ',' || r == ' ' })
}

func (d *domainConfig) validate(keepsNothing bool) error {
	if d.Names == "" {
		if d.Email != "" || d.HTTP != "" {
			return errors.New("--acme-email and --acme-http need --domain: name the server, as pay.example.com")
		}
		return nil
	}
	for _, name := range d.names() {
		if !domainName.MatchString(name) {
			return fmt.Errorf("--domain has %q: write a name as pay.example.com", name)
		}
	}
	if d.Email != "" {
		if a, err := mail.ParseAddress(d.Email); err != nil || a.Name != "" {
			return fmt.Errorf("--acme-email is %q: write an address as you@example.com", d.Email)
		}
	}
	if u, err := url.Parse(d.CA); err != nil || u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("--acme-ca is %q: write the https:// address of an ACME directory", d.CA)
	}
	if _, port, err := net.SplitHostPort(d.HTTP); d.HTTP != "" && (err != nil || !isPort(port)) {
		return fmt.Errorf("--acme-http is %q: write HOST:PORT, as :80", d.HTTP)
	}
	if keepsNothing {
		return errors.New("--domain needs a data directory, as certificates must be kept: name one with --data")
	}
	return nil
}

// url is where people reach a server that has a domain.
func (d *domainConfig) url(port string) string {
	host := d.names()[0]
	if port != "443" {
		host = net.JoinHostPort(host, port)
	}
	return "https://" + host
}

// listen opens the port for challenges over plain HTTP.
func (d *domainConfig) listen() (net.Listener, error) {
	if d.HTTP == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", d.HTTP)
	if err != nil {
		return nil, fmt.Errorf("--acme-http: %w", err)
	}
	return l, nil
}

// certificates prepares those of the domains, and lets the listeners serve them.
func (d *domainConfig) certificates(data string, l *server.Listeners, log *slog.Logger) *acme.Certificates {
	certificates := acme.New(acme.Options{
		Domains: d.names(), Email: d.Email, CA: d.CA, Dir: filepath.Join(data, "acme"),
		Port: l.HTTPS.Addr().(*net.TCPAddr).Port, HTTP: l.Plain != nil, Log: log,
	})
	l.TLSConfig, l.Challenge = certificates.TLS(), certificates.Challenge
	return certificates
}
