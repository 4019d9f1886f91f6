package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/audit"
	"sharesmart/internal/spec"
)

// What the command line asks of a database. The same handlers serve a request over the socket of a running server and
// a command that opened the database itself, so there is one way to do a thing.
const (
	askKeyCreate     = "keys.create"
	askKeyList       = "keys.list"
	askKeyRoll       = "keys.roll"
	askKeyExpire     = "keys.expire"
	askVersion       = "api-version"
	askSandboxCreate = "sandbox.create"
	askSandboxClone  = "sandbox.clone"
	askSandboxReset  = "sandbox.reset"
	askSandboxDelete = "sandbox.delete"
	askSandboxList   = "sandbox.list"
	askPeopleList    = "people.list"
	askPeopleInvite  = "people.invite"
	askPeopleReset   = "people.reset"
	askVerify        = "verify"
	askBackup        = "backup"
	askImport        = "import"
	askKnown         = "import.known"
	askHealth        = "health"
)

// asked is what a command sends. Each command uses the fields that it needs.
type asked struct {
	What    string        `json:"what"`
	ID      string        `json:"id,omitempty"`
	Account string        `json:"account,omitempty"`
	Env     string        `json:"env,omitempty"`
	Kind    string        `json:"kind,omitempty"`
	Name    string        `json:"name,omitempty"`
	Rights  access.Rights `json:"rights,omitempty"`
	Version string        `json:"version,omitempty"` // of the API
	For     time.Duration `json:"for,omitempty"`     // overlap of keys, life of a sandbox
	Codes   bool          `json:"codes,omitempty"`   // the second factor goes as well

	Docs []json.RawMessage `json:"docs,omitempty"` // that come from elsewhere
	IDs  []string          `json:"ids,omitempty"`  // that are asked after
}

// answered is what it gets.
type answered struct {
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// control carries out what is asked.
func (a *app) control(ctx context.Context, q asked) (any, error) {
	r := a.registry
	switch q.What {
	case askKeyCreate:
		if err := checkRights(q.Rights); err != nil {
			return nil, err
		}
		return r.CreateKey(ctx, access.KeySpec{Account: q.Account, Env: q.Env, Kind: q.Kind, Name: q.Name, Rights: q.Rights, Version: q.Version})
	case askKeyList:
		return r.ListKeys(ctx, q.Account, q.Env)
	case askKeyRoll:
		return r.RollKey(ctx, q.ID, q.For)
	case askKeyExpire:
		return r.ExpireKey(ctx, q.ID)
	case askVersion:
		return a.setVersion(ctx, q)
	case askSandboxCreate:
		return r.CreateSandbox(ctx, access.SandboxSpec{Account: q.Account, Name: q.Name, TTL: q.For})
	case askSandboxClone:
		return a.cloneSandbox(ctx, q)
	case askSandboxReset:
		return r.ResetSandbox(ctx, q.ID)
	case askSandboxDelete:
		return access.Sandbox{ID: q.ID}, r.DeleteSandbox(ctx, q.ID)
	case askSandboxList:
		return r.ListSandboxes(ctx, q.Account)
	case askPeopleList, askPeopleInvite, askPeopleReset:
		return a.peopleControl(ctx, q)
	case askImport, askKnown:
		return a.takeIn(ctx, q)
	case askVerify:
		return a.verify(ctx)
	case askHealth:
		return a.health(ctx)
	case askBackup:
		return a.backUp(ctx, q.ID)
	}
	return nil, fmt.Errorf("this server does not know %q: it is of another version", q.What)
}

// setVersion sets the API version of a key, or else of an account.
func (a *app) setVersion(ctx context.Context, q asked) (asked, error) {
	if q.ID != "" {
		return q, a.registry.SetKeyVersion(ctx, q.ID, q.Version)
	}
	if q.Account == "" {
		var err error
		if q.Account, err = a.registry.DefaultAccount(ctx); err != nil {
			return q, err
		}
	}
	return q, a.registry.SetVersion(ctx, q.Account, q.Version)
}

// cloneSandbox clones into the account of the original.
func (a *app) cloneSandbox(ctx context.Context, q asked) (*access.NewSandbox, error) {
	s, err := a.registry.Sandbox(q.ID)
	if err != nil {
		return nil, err
	}
	return a.registry.CloneSandbox(ctx, q.ID, access.SandboxSpec{Account: s.Account, Name: q.Name, TTL: q.For})
}

// verify lists what is wrong with the database; nothing is an empty list.
func (a *app) verify(ctx context.Context) ([]string, error) {
	problems, err := a.engine.Verify(ctx)
	if err != nil {
		return nil, err
	}
	chain, err := audit.Verify(a.store)
	return append(append([]string{}, problems...), chain...), err
}

// checkRights refuses rights to what does not exist: a typing error would give a key less than was meant.
func checkRights(rights access.Rights) error {
	for kind := range rights {
		if !slices.Contains(spec.Resources(), kind) {
			return fmt.Errorf("there are no objects of kind %q to have rights to: write it as in the objects' \"object\" field, like customer or payment_intent", kind)
		}
	}
	return nil
}

// answer carries out what is asked and packs the outcome.
func (a *app) answer(ctx context.Context, q asked) answered {
	v, err := a.control(audit.By(ctx, audit.Actor{Kind: audit.Shell}), q)
	if err != nil {
		return answered{Error: plain(err)}
	}
	result, err := json.Marshal(v)
	if err != nil {
		return answered{Error: err.Error()}
	}
	return answered{Result: result}
}

// apiMessage is the message of an API error, without its status and code.
func apiMessage(err error) string {
	if e := apierr.As(err); e != nil {
		return e.Message
	}
	return ""
}

// mostAsked is more than the largest batch of an import.
const mostAsked = 32 << 20

// ServeHTTP answers commands over the control socket.
func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q asked
	w.Header().Set("Content-Type", "application/json")
	out := answered{Error: "the question was not understood"}
	if err := json.NewDecoder(io.LimitReader(r.Body, mostAsked)).Decode(&q); err == nil {
		out = a.answer(r.Context(), q)
	}
	_ = json.NewEncoder(w).Encode(out)
}

// ask puts a question to the server that has the data open, or, if none runs, opens the data itself.
func ask(ctx context.Context, c *Config, q asked, result any) error {
	out, err := askServer(ctx, c, q)
	if errors.Is(err, errNoServer) {
		out, err = askData(ctx, c, q)
	}
	switch {
	case err != nil:
		return err
	case out.Error != "":
		return errors.New(out.Error)
	}
	return json.Unmarshal(out.Result, result)
}

// askData opens the database for one question.
func askData(ctx context.Context, c *Config, q asked) (out answered, err error) {
	path, err := databasePath(c.Data, c.Database)
	if err != nil {
		return out, err
	}
	if path == inMemory {
		return out, errors.New("nothing is kept in memory: name the data directory of a server with --data")
	}
	if !isPostgres(path) && !exists(path) {
		return out, fmt.Errorf("there is no database in %s yet: start one with 'sharesmart serve', or name its directory with --data", c.Data)
	}
	a, err := openApp(c, "")
	if errors.Is(err, errLocked) {
		return out, fmt.Errorf("%w, and it does not listen on %s", err, socketPath(c.Data))
	}
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return a.answer(ctx, q), nil
}

// errNoServer says that nobody listens on the control socket.
var errNoServer = errors.New("no server runs on this data")

func askServer(ctx context.Context, c *Config, q asked) (answered, error) {
	var out answered
	if c.Data == inMemory {
		return out, errNoServer
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socketPath(c.Data))
	if err != nil {
		return out, errNoServer
	}
	return out, exchange(ctx, conn, q, &out)
}
