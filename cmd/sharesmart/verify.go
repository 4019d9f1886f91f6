package main

import (
	"flag"
	"fmt"
)

// verifyFlags is the command that proves the database, or a backup of it, to be sound: references and documents agree, events
// refer to versions that exist.
func verifyFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	var b from
	b.declare(f, "to prove in the place of the database")
	return func(call *call) (err error) {
		var problems []string
		if b.source != "" {
			problems, err = b.verify(call)
		} else {
			err = c.ask(call, askVerify, &problems)
		}
		if err != nil {
			return err
		}
		if !c.json {
			return tell(call, problems)
		}
		if err := call.stdout.JSON(problems); err != nil || len(problems) == 0 {
			return err
		}
		return fmt.Errorf("%d problems were found", len(problems))
	}
}
