package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// timeout is how long a server may take to answer a command.
const timeout = 20 * time.Second

// Why a message was not sent. What is none of these is tried again later.
var (
	errRefused     = errors.New("the mail server refuses it")
	errUnreachable = errors.New("the mail server cannot be reached")
	errNoServer    = errors.New("there is no mail server")
)

// Server is an SMTP server.
type Server struct {
	Host           string
	Port           int
	User, Password string
	// TLS says that the connection begins encrypted. Otherwise STARTTLS encrypts it: always, if the server can, or never.
	TLS      bool
	STARTTLS mail.TLSPolicy
	// Roots are who is believed; nil is whom the system believes.
	Roots *x509.CertPool
}

// The ports of servers whose address names none.
const (
	submission       = 587
	submissionOnTLS  = 465
	parameterOfStart = "starttls"
)

var startPolicies = map[string]mail.TLSPolicy{"required": mail.TLSMandatory, "optional": mail.TLSOpportunistic, "off": mail.NoTLS}

// ParseServer reads smtp://user:password@host:587 or smtps://user:password@host:465. Passwords and messages do not go in
// the clear: smtp needs STARTTLS, unless the server is on this machine or ?starttls=optional or off says otherwise.
func ParseServer(text string) (*Server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New("write smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465")
	}
	s := &Server{Host: u.Hostname(), TLS: u.Scheme == "smtps", Port: submission, STARTTLS: mail.TLSMandatory}
	if s.TLS {
		s.Port, s.STARTTLS = submissionOnTLS, mail.TLSOpportunistic
	}
	if u.Port() != "" {
		if s.Port, err = strconv.Atoi(u.Port()); err != nil || s.Port < 1 || s.Port > 65535 {
			return nil, fmt.Errorf("%s is no port", u.Port())
		}
	}
	if loopback(s.Host) {
		s.STARTTLS = mail.TLSOpportunistic
	}
	if name := u.Query().Get(parameterOfStart); name != "" {
		policy, known := startPolicies[name]
		if !known || s.TLS {
			return nil, errors.New("?starttls= goes with smtp:// and is required, optional or off")
		}
		s.STARTTLS = policy
	}
	s.User = u.User.Username()
	s.Password, _ = u.User.Password()
	return s, nil
}

func (s *Server) encryption() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// String names the server without its password.
func (s *Server) String() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// line is a connection that is made when there is something to send, and used as long as it holds.
type line struct {
	server *Server
	client *mail.Client
	conn   net.Conn
}

// send sends a message.
func (l *line) send(ctx context.Context, msg *mail.Msg) error {
	if l.server == nil {
		return errNoServer
	}
	if err := l.open(ctx); err != nil {
		l.close()
		return fmt.Errorf("%w: %w", errUnreachable, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
	defer stop()
	err := l.client.Send(msg)
	if err == nil || msg.IsDelivered() {
		return nil
	}
	var failed *mail.SendError
	switch {
	case !errors.As(err, &failed) || failed.ErrorCode() == 0 || failed.ErrorCode() == shuttingDown:
		l.close() // what the connection is good for now, nobody knows
		return fmt.Errorf("%w: %s", errUnreachable, said(err))
	case !failed.IsTemp() && failed.Reason != mail.ErrSMTPMailFrom: // a sender that is not let in is no fault of the message
		return fmt.Errorf("%w: %s", errRefused, said(err))
	}
	return errors.New(said(err))
}

// said is what went wrong, without the message that it went wrong with.
func said(err error) string {
	text, _, _ := strings.Cut(err.Error(), ", affected ")
	return text
}

// shuttingDown is what a server says before it closes the connection.
const shuttingDown = 421

// open connects, unless it is connected.
func (l *line) open(ctx context.Context) (err error) {
	if l.client != nil {
		return nil
	}
	s := l.server
	// A connection that began encrypted is found to be so, which is only asked where STARTTLS is not ruled out.
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(timeout), mail.WithTLSPolicy(s.STARTTLS), mail.WithTLSConfig(s.encryption()), mail.WithDialContextFunc(l.dial)}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	client, err := mail.NewClient(s.Host, options...)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	l.client = client
	return nil
}

// dial keeps the connection at hand, to be closed whatever became of what was said on it.
func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if l.server.TLS {
		conn = tls.Client(conn, l.server.encryption())
	}
	l.conn = conn
	return conn, nil
}

// close ends the connection, if there is one.
func (l *line) close() {
	if l.client != nil {
		_ = l.client.Close() // QUIT is a courtesy
	}
	if l.conn != nil {
		_ = l.conn.Close()
	}
	l.client, l.conn = nil, nil
}
