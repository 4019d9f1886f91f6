package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
)

// healthFlags is the command that container engines ask whether a server takes requests. It goes over the control socket, so it
// needs neither key nor certificate.
func healthFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	return func(call *call) error {
		out, err := askServer(call, &c.Config, asked{What: askHealth})
		switch {
		case errors.Is(err, errNoServer):
			return fmt.Errorf("no server runs on %s", c.Data)
		case err != nil:
			return err
		case out.Error != "":
			return errors.New(out.Error)
		}
		if c.json {
			return call.stdout.JSON(map[string]string{"state": "ready"})
		}
		call.stdout.Line("ready")
		return nil
	}
}

// health says whether the server takes requests.
func (a *app) health(ctx context.Context) (string, error) {
	if a.observed == nil {
		return "", errNoServer
	}
	if why := a.observed.board.Unready(ctx); why != "" {
		return "", errors.New(why)
	}
	return "ready", nil
}
