package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sharesmart/internal/people"
)

// peopleLink is a link that lets somebody into the Dashboard.
type peopleLink struct {
	Link string `json:"link"`
}

func peopleListFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	return func(call *call) error {
		var all []*people.Person
		if err := c.ask(call, askPeopleList, &all); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(all)
		}
		t := call.stdout
		if len(all) == 0 {
			t.Line("Nobody has set up the Dashboard yet. The server prints the link for that when it starts.")
			return nil
		}
		rows := [][]string{{t.Dim("E-MAIL"), t.Dim("NAME"), t.Dim("ROLES"), t.Dim("LAST SEEN")}}
		for _, p := range all {
			var roles []string
			for _, account := range slices.Sorted(maps.Keys(p.Roles)) {
				roles = append(roles, p.Roles[account].String()+" of "+account)
			}
			rows = append(rows, []string{p.Email, p.Name, strings.Join(roles, ", "), day(p.Seen)})
		}
		t.Table(rows)
		return nil
	}
}

func peopleInviteFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	f.StringVar(&c.Kind, "role", people.Viewer.String(), "`role`: viewer, support, developer or owner")
	f.StringVar(&c.Account, "account", "", "`account` to join; the default account if not set")
	return c.printLink(askPeopleInvite, "Whoever opens this link first joins; it is good for a week:")
}

func peopleResetFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	f.BoolVar(&c.Codes, "codes", false, "also remove the authenticator app and the recovery codes, if they are lost")
	return c.printLink(askPeopleReset, "Whoever opens this link first chooses the new password; it is good for an hour:")
}

// printLink puts a question that is answered with a link.
func (c *client) printLink(what, text string) func(*call) error {
	return func(call *call) error {
		var l peopleLink
		if err := c.ask(call, what, &l); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(l)
		}
		call.stdout.Line("%s", call.stdout.Warn(text))
		call.stdout.Line("")
		call.stdout.Line("  %s", l.Link)
		if strings.HasPrefix(l.Link, "/") {
			call.stdout.Line("")
			call.stdout.Line("  Put the address of the server before it, once it runs.")
		}
		return nil
	}
}

// peopleControl carries out what is asked about people.
func (a *app) peopleControl(ctx context.Context, q asked) (any, error) {
	switch q.What {
	case askPeopleInvite:
		return a.invite(ctx, q)
	case askPeopleReset:
		return a.resetPassword(ctx, q)
	}
	return a.people.All()
}

func (a *app) invite(ctx context.Context, q asked) (any, error) {
	var role people.Role
	if err := role.UnmarshalText([]byte(q.Kind)); err != nil {
		return nil, err
	}
	if q.Account == "" {
		var err error
		if q.Account, err = a.registry.DefaultAccount(ctx); err != nil {
			return nil, err
		}
	}
	token, err := a.people.Invite(ctx, q.Account, q.ID, role)
	return peopleLink{a.people.JoinLink(token)}, err
}

func (a *app) resetPassword(ctx context.Context, q asked) (any, error) {
	token, err := a.people.ResetToken(ctx, q.ID)
	if errors.Is(err, people.ErrNotFound) {
		return nil, fmt.Errorf("nobody has the address %q here", q.ID)
	}
	if err != nil {
		return nil, err
	}
	if q.Codes {
		p, err := a.people.CanReset(token)
		if err != nil {
			return nil, err
		}
		if err := a.people.StopTOTP(ctx, p.ID); err != nil {
			return nil, err
		}
	}
	return peopleLink{a.people.ResetLink(token)}, nil
}
