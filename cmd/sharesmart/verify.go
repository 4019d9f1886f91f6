package main

import (
	"flag"
	"fmt"
)

// verifyFlags is the command that proves the database to be sound: references and documents agree, events refer to
// versions that exist.
func verifyFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	return func(call *call) error {
		var problems []string
		if err := c.ask(call, askVerify, &problems); err != nil {
			return err
		}
		if c.json {
			if err := call.stdout.JSON(problems); err != nil {
				return err
			}
		}
		if len(problems) == 0 {
			if !c.json {
				call.stdout.Line("The database is sound.")
			}
			return nil
		}
		if !c.json {
			for _, p := range problems {
				call.stdout.Line("  %s", p)
			}
		}
		return fmt.Errorf("%d problems were found", len(problems))
	}
}
