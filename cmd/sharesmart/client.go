package main

import (
	"flag"
	"path/filepath"

	"sharesmart/internal/cli"
	"sharesmart/internal/clock"
	"sharesmart/internal/server"
	"sharesmart/internal/web/docs/reference"
)

// client carries out what is no command of the server: commands that call one.
func (c *call) client(args []string, env func(string) (string, bool)) int {
	if len(args) > 1 && args[0] == "help" && c.help(args[1:]) {
		return exitOK
	}
	data := dataDefault
	if dir, ok := env(variable("data")); ok {
		data = dir
	}
	return cli.Run(c, args, cli.Options{
		Stdout: c.stdout, Stderr: c.stderr, Env: env, Clock: clock.Wall{}, Describe: reference.Describe, Others: serverCommands(),
		CAFile: server.AuthorityFile(filepath.Join(data, "tls")),
	})
}

// serverCommands are the commands of the server, as the client lists and completes them.
func serverCommands() []cli.Other {
	var all []cli.Other
	for _, cmd := range commands() {
		f, _ := cmd.flagSet()
		o := cli.Other{Name: cmd.name, Summary: cmd.summary}
		f.VisitAll(func(fl *flag.Flag) { o.Flags = append(o.Flags, "--"+fl.Name) })
		all = append(all, o)
	}
	return all
}
