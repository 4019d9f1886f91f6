package main

import (
	"flag"

	"sharesmart/internal/spec"
)

// newest is how the command line names the newest version of the API.
const newest = "newest"

func apiVersionFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	f.StringVar(&c.Account, "account", "", "`account` that it is for; the default account if not set")
	var key string
	f.StringVar(&key, "key", "", "`id` of one key that it is for, instead of an account")
	return func(call *call) error {
		if c.Version = call.args[0]; c.Version == newest || c.Version == spec.Version {
			c.Version = ""
		}
		c.What, c.ID = askVersion, key
		var done asked
		if err := ask(call, &c.Config, c.asked, &done); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(map[string]string{"account": done.Account, "key": done.ID, "version": call.args[0]})
		}
		whose := done.Account
		if key != "" {
			whose = key
		}
		call.stdout.Line("Requests of %s that name no version are in %s now.", whose, call.args[0])
		return nil
	}
}
