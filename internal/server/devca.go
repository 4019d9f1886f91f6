package server

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"sharesmart/internal/clock"
)

// How long certificates last. The authority is trusted by hand, so it lasts; the server's own certificate is made at
// each start and again while running, so it need not.
const (
	authorityLife = 10 * 365 * 24 * time.Hour
	leafLife      = 90 * 24 * time.Hour
	renewBefore   = 30 * 24 * time.Hour
	// clockSkew is how far behind a client's clock may be.
	clockSkew = time.Hour
)

// Authority is a certificate authority for development. It signs certificates for this machine's names alone, and its
// key never leaves the machine: trusting it is trusting whoever can read the data directory.
type Authority struct {
	clock clock.Clock
	hosts []string
	cert  *x509.Certificate
	key   crypto.Signer

	mu   sync.Mutex
	leaf *tls.Certificate
}

// OpenAuthority reads the authority in a directory, or makes it. It is made anew when it is about to expire.
func OpenAuthority(dir string, c clock.Clock, hosts ...string) (*Authority, error) {
	a, err := readAuthority(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("development certificate authority in %s: %w", dir, err)
	case a.cert.NotAfter.After(c.Now().Add(leafLife)):
		a.clock, a.hosts = c, hosts
		return a, nil
	}
	if a, err = NewAuthority(c, hosts...); err != nil {
		return nil, err
	}
	return a, a.save(dir)
}

// NewAuthority makes an authority that is not kept.
func NewAuthority(c clock.Clock, hosts ...string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), random{c})
	if err != nil {
		return nil, err
	}
	now := c.Now()
	template := &x509.Certificate{
		SerialNumber: serial(c), Subject: pkix.Name{Organization: []string{"ShareSmart development CA"}, CommonName: "ShareSmart development CA " + now.Format("2006-01-02")},
		NotBefore: now.Add(-clockSkew), NotAfter: now.Add(authorityLife),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
	}
	der, err := x509.CreateCertificate(random{c}, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make a development certificate authority: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Authority{clock: c, hosts: hosts, cert: cert, key: key}, nil
}

// random reads the clock's source.
type random struct{ clock.Clock }

func (r random) Read(p []byte) (int, error) {
	r.Random(p)
	return len(p), nil
}

func serial(c clock.Clock) *big.Int {
	var b [16]byte
	c.Random(b[:])
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b[:])
}

// AuthorityFile is where the certificate of the authority in a directory is: the file that clients must trust.
func AuthorityFile(dir string) string { return filepath.Join(dir, "ca.pem") }

func keyFile(dir string) string { return filepath.Join(dir, "ca-key.pem") }

func readAuthority(dir string) (*Authority, error) {
	certPEM, err := os.ReadFile(AuthorityFile(dir))
	if err != nil {
		return nil, err
	}
	keyPEM, err := os.ReadFile(keyFile(dir))
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok || !pair.Leaf.IsCA {
		return nil, errors.New("this is not a certificate authority")
	}
	return &Authority{cert: pair.Leaf, key: key}, nil
}

// save writes the authority, readable by its owner only. The key comes first: a certificate without one is worthless.
func (a *Authority) save(dir string) error {
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := writeFile(keyFile(dir), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})); err != nil {
		return err
	}
	return writeFile(AuthorityFile(dir), a.PEM())
}

// writeFile replaces a file in one step.
func writeFile(name string, data []byte) error {
	f, err := os.OpenFile(name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil { // else a power cut may leave the name of an empty file
		return err
	}
	return os.Rename(name+".new", name)
}

// PEM is the certificate that clients must trust.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// TLS is a configuration whose certificate the authority signs, and renews before it expires.
func (a *Authority) TLS() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return a.certificate() },
	}
}

// certificate is the server's certificate.
func (a *Authority) certificate() (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.leaf != nil && a.leaf.Leaf.NotAfter.After(a.clock.Now().Add(renewBefore)) {
		return a.leaf, nil
	}
	leaf, err := a.sign()
	if err != nil {
		return nil, err
	}
	a.leaf = leaf
	return leaf, nil
}

func (a *Authority) sign() (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), random{a.clock})
	if err != nil {
		return nil, err
	}
	now := a.clock.Now()
	template := &x509.Certificate{
		SerialNumber: serial(a.clock), Subject: pkix.Name{Organization: []string{"ShareSmart"}, CommonName: "localhost"},
		NotBefore: now.Add(-clockSkew), NotAfter: now.Add(leafLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range append([]string{"localhost", "127.0.0.1", "::1"}, a.hosts...) {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else if host != "" {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(random{a.clock}, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("sign a development certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}
