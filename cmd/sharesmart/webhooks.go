package main

import (
	"fmt"
	"net/netip"
	"strings"

	"sharesmart/internal/clock"
	"sharesmart/internal/mail"
	"sharesmart/internal/outbound"
	"sharesmart/internal/resource"
	"sharesmart/internal/webhook"
)

// webhooks delivers events, as the configuration says.
func (c *Config) webhooks(m *mail.Mailer) (*webhook.Sender, error) {
	networks, err := parseNetworks(c.WebhookAllow)
	if err != nil {
		return nil, fmt.Errorf("--webhook-allow: %w", err)
	}
	return webhook.New(webhook.Options{
		Clock: clock.Wall{}, Live: outbound.Policy{Networks: networks}, Test: outbound.Policy{Loopback: true, Networks: networks},
		Wrap: c.observed.deliveries,
		Warn: func(op *resource.Op, w webhook.Warning) error {
			return mail.EndpointFailing{URL: w.URL, Since: w.Since.Unix(), Reason: w.Reason, Disabled: w.Disabled}.Send(m, op)
		},
	}), nil
}

// parseNetworks reads networks and single addresses, with commas between them.
func parseNetworks(text string) (networks []netip.Prefix, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		network, err := netip.ParsePrefix(part)
		if a, alone := netip.ParseAddr(part); alone == nil {
			network, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%q is no network: write it as 10.0.0.0/8", part)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}
