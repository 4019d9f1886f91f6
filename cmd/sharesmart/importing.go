package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/transfer"
)

// importing is one run of an import.
type importing struct {
	call         *call
	config       *Config
	account, env string
	quiet        bool
	all          map[string]transfer.Outcome
	kinds        []string // in their order
}

// trialTime is after how long what a trial has kept is gone if it was interrupted.
const trialTime = 24 * time.Hour

// run takes what is new. A trial goes into a sandbox, which is deleted then: so it meets all that the import will meet.
func (i *importing) run(s *transfer.Source, dry bool) error {
	to := transfer.Target{Known: i.known, Told: i.told, Put: func(kind string, docs []json.RawMessage) (transfer.Outcome, error) {
		return i.put(i.env, kind, docs)
	}}
	if !dry {
		return s.Import(i.call, to)
	}
	var box access.NewSandbox
	if err := ask(i.call, i.config, asked{What: askSandboxCreate, Account: i.account, Name: "Trial of an import", For: trialTime}, &box); err != nil {
		return err
	}
	defer func() { _ = ask(i.call, i.config, asked{What: askSandboxDelete, ID: box.ID}, &access.Sandbox{}) }() // or it ends by itself
	to.Known, to.Put = nil, func(kind string, docs []json.RawMessage) (transfer.Outcome, error) { return i.try(box.ID, kind, docs) }
	return s.Import(i.call, to)
}

func (i *importing) ask(env string, q asked) (got taken, err error) {
	q.Account, q.Env = i.account, env
	return got, ask(i.call, i.config, q, &got)
}

func (i *importing) known(kind string, ids []string) (map[string]bool, error) {
	got, err := i.ask(i.env, asked{What: askKnown, Kind: kind, IDs: ids})
	return got.There, err
}

func (i *importing) put(env, kind string, docs []json.RawMessage) (transfer.Outcome, error) {
	got, err := i.ask(env, asked{What: askImport, Kind: kind, Docs: docs})
	return got.Outcome, err
}

// try puts objects into a sandbox, and counts as known what is known where they are to go.
func (i *importing) try(box, kind string, docs []json.RawMessage) (transfer.Outcome, error) {
	ids := make([]string, len(docs))
	for n, doc := range docs {
		var o struct{ ID string }
		if err := json.Unmarshal(doc, &o); err != nil {
			return transfer.Outcome{}, err
		}
		ids[n] = o.ID
	}
	there, err := i.known(kind, ids)
	if err != nil {
		return transfer.Outcome{}, err
	}
	got, err := i.put(box, kind, docs)
	for id := range there {
		if got.Refused[id] == "" {
			got.Made, got.Known = got.Made-1, got.Known+1
		}
		delete(got.Refused, id)
		delete(got.Noted, id)
	}
	return got, err
}

// told shows how far it is: on a line that is written anew where somebody looks, else once for each kind.
func (i *importing) told(kind string, so transfer.Outcome) {
	if !slices.Contains(i.kinds, kind) {
		i.endLine()
		i.kinds = append(i.kinds, kind)
	}
	i.all[kind] = so
	if !i.quiet {
		i.call.stdout.Progress(i.line(kind), false)
	}
}

func (i *importing) line(kind string) string {
	so := i.all[kind]
	return fmt.Sprintf("  %-20s %6d new, %6d known, %6d left out", kind, so.Made, so.Known, len(so.Refused))
}

// endLine ends the line of the kind that was carried last.
func (i *importing) endLine() {
	if !i.quiet && len(i.kinds) > 0 {
		i.call.stdout.Progress(i.line(i.kinds[len(i.kinds)-1]), true)
	}
}

// namedAtMost is how many ids are named of what was left out for one reason.
const namedAtMost = 5

// sum says what was not taken, and why, and what is to be done about what was: the reasons of each kind, with some of the ids.
func (i *importing) sum() {
	i.endLine()
	for _, kind := range i.kinds {
		i.tell(kind, "left out", i.all[kind].Refused)
	}
	for _, kind := range i.kinds {
		i.tell(kind, "came", i.all[kind].Noted)
	}
	i.call.stdout.Line("Run this again to take what is new. With --json it names every id.")
}

func (i *importing) tell(kind, what string, said map[string]string) {
	why := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(said)) {
		reason := strings.ReplaceAll(said[id], id, "it")
		why[reason] = append(why[reason], id)
	}
	for _, reason := range slices.Sorted(maps.Keys(why)) {
		ids, more := why[reason], ""
		if len(ids) > namedAtMost {
			ids, more = ids[:namedAtMost], fmt.Sprintf(" and %d more", len(ids)-namedAtMost)
		}
		i.call.stdout.Line("  %d of the kind %s %s: %s: %s%s", len(why[reason]), kind, what, reason, strings.Join(ids, ", "), more)
	}
}
