package live

import (
	"cmp"
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// What can be followed.
const (
	Webhooks    = "webhooks"
	ThinEvents  = "v2_events"
	RequestLogs = "request_logs"
)

const (
	// sessionTime is how long a token is good for. A client whose token has ended begins another session by itself.
	sessionTime = 7 * 24 * time.Hour
	// reconnectDelay is after how many seconds clients take a new connection.
	reconnectDelay = 24 * 60 * 60
)

// session is what a token says.
type session struct {
	Account  string          `json:"account"`
	Env      string          `json:"env"`
	Key      string          `json:"key"` // id of the key that it was begun with
	Device   string          `json:"device,omitempty"`
	Version  string          `json:"version"` // of the API, that the account has
	Features []string        `json:"features"`
	Filters  json.RawMessage `json:"filters,omitempty"`
	Until    int64           `json:"until"` // unix seconds
}

// create begins a session.
func (s *Service) create(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	begun := session{
		Account: d.Namespace.Account, Env: d.Namespace.Env, Key: d.Grant.Key.ID, Device: d.Params.String("device_name"),
		Version: cmp.Or(d.Grant.Version, spec.Version),
		Until:   d.Clock.Now().Add(sessionTime).Unix(),
	}
	for _, feature := range d.Params.Array("websocket_features") {
		name, _ := feature.(string)
		begun.Features = append(begun.Features, name)
	}
	if text := d.Params.String("filters"); text != "" {
		begun.Filters = json.RawMessage(text)
		if _, err := parseFilters(begun.Filters); err != nil {
			return nil, apierr.Invalid("", "filters", "Invalid filters: they must be a JSON object of lists of strings.")
		}
	}
	token, err := s.seal(ctx, d.Registry, &begun)
	if err != nil {
		return nil, err
	}
	secret, err := begun.secret(ctx, d.Registry)
	if err != nil {
		return nil, err
	}
	o := object.New(spec.Component("stripecli_session"))
	o.Set("object", "stripecli_session")
	o.Set("default_version", begun.Version)
	o.Set("display_connect_filter_warning", false)
	o.Set("latest_version", spec.Version)
	o.Set("livemode", d.Namespace.Live)
	o.Set("reconnect_delay", int64(reconnectDelay))
	o.Set("secret", secret)
	o.Set("websocket_authorized_feature", strings.Join(begun.Features, ","))
	o.Set("websocket_id", token)
	o.Set("websocket_url", s.SocketURL)
	return o, nil
}

// secret is what events are signed with: whsec_ and 64 digits, as Stripe gives command lines.
func (b *session) secret(ctx context.Context, r *access.Registry) (string, error) {
	code, err := r.Sign(ctx, "live.secret", b.Account+"/"+b.Env+"/"+b.Device)
	return "whsec_" + hex.EncodeToString(code), err
}

// tokenPurpose keeps tokens from standing for anything else that the server signs.
const tokenPurpose = "live.session"

// seal makes the token: what it says, and the server's signature.
func (s *Service) seal(ctx context.Context, r *access.Registry, b *session) (string, error) {
	said, err := json.Marshal(b)
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(said)
	code, err := r.Sign(ctx, tokenPurpose, body)
	return body + "." + base64.RawURLEncoding.EncodeToString(code), err
}

// open reads a token; nil if it is none, or good for nothing any more.
func (s *Service) open(ctx context.Context, token string) (*session, error) {
	body, signature, _ := strings.Cut(token, ".")
	code, err := s.Registry.Sign(ctx, tokenPurpose, body)
	if err != nil {
		return nil, err
	}
	sent, _ := base64.RawURLEncoding.DecodeString(signature)
	said, _ := base64.RawURLEncoding.DecodeString(body)
	b := &session{}
	if !hmac.Equal(sent, code) || json.Unmarshal(said, b) != nil || !s.stands(b) {
		return nil, nil
	}
	return b, nil
}

// stands reports whether a session may go on: neither it nor its key has ended.
func (s *Service) stands(b *session) bool {
	now := s.Clock.Now()
	if now.Unix() >= b.Until {
		return false
	}
	key, err := s.Registry.FindKey(b.Key)
	return err == nil && !key.Expired(now)
}

// destination is what the client's side counts as among event destinations.
func (b *session) destination() string { return "ed_" + strings.TrimPrefix(b.Key, "key_") }

func (b *session) follows(feature string) bool { return slices.Contains(b.Features, feature) }

// concerns reports whether what happens in a namespace is told: the account's own, and those of accounts connected to it.
func (b *session) concerns(ns *access.Namespace) bool {
	return ns.Env == b.Env && (ns.Account == b.Account || ns.Platform == b.Account)
}
