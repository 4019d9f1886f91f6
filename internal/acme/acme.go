// Package acme gets certificates for domains from a certificate authority that speaks ACME, such as Let's Encrypt, and renews them.
package acme

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

// LetsEncrypt is where certificates come from unless something else is said.
const LetsEncrypt = certmagic.LetsEncryptProductionCA

// Options are what certificates are got with.
type Options struct {
	Domains []string
	Email   string // whom the authority writes to; may be empty
	CA      string // the authority's directory, a URL
	Dir     string // where keys and certificates are kept
	Port    int    // on which TLS is served here
	HTTP    bool   // plain HTTP is served for challenges as well
	Log     *slog.Logger
}

// Certificates are those of a server's domains. Until the first is there, connections are refused.
type Certificates struct {
	domains []string
	config  *certmagic.Config
	issuer  *certmagic.ACMEIssuer
	cache   *certmagic.Cache
}

// New prepares; nothing is asked for before Manage.
func New(o Options) *Certificates {
	log := zap.New(&core{log: o.Log})
	c := &Certificates{domains: o.Domains}
	c.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return c.config, nil },
		Logger:           log,
	})
	c.config = certmagic.New(c.cache, certmagic.Config{Storage: &certmagic.FileStorage{Path: o.Dir}, Logger: log})
	c.issuer = certmagic.NewACMEIssuer(c.config, certmagic.ACMEIssuer{
		CA: o.CA, Email: o.Email, Agreed: true, Logger: log,
		// The port is taken by this server, so the library leaves the challenge to TLS and does not listen itself.
		AltTLSALPNPort: o.Port, DisableHTTPChallenge: !o.HTTP,
	})
	c.config.Issuers = []certmagic.Issuer{c.issuer}
	return c
}

// Manage gets what is missing and renews what will end, beside the caller, until ctx ends. What fails is tried again for
// weeks, ever less often.
func (c *Certificates) Manage(ctx context.Context) error {
	if err := c.config.ManageAsync(ctx, c.domains); err != nil {
		return fmt.Errorf("certificates: %w", err)
	}
	context.AfterFunc(ctx, c.cache.Stop)
	return nil
}

// TLS serves the certificates, and answers the authority's challenge in the handshake.
func (c *Certificates) TLS() *tls.Config {
	t := c.config.TLSConfig()
	t.MinVersion = tls.VersionTLS12
	t.NextProtos = append([]string{"h2", "http/1.1"}, t.NextProtos...)
	return t
}

// Challenge answers the authority's challenges over plain HTTP, and hands everything else on.
func (c *Certificates) Challenge(next http.Handler) http.Handler {
	return c.issuer.HTTPChallengeHandler(next)
}
