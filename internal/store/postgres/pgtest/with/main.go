// Command with runs a command that finds an empty PostgreSQL database in the variable DATABASE, and a server that its Go
// tests may use. Both are gone when it ends.
//
//	go run ./internal/store/postgres/pgtest/with ./sdk/run
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"sharesmart/internal/store/postgres/pgtest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			os.Exit(exit.ExitCode())
		}
		fmt.Fprintf(os.Stderr, "with: %v\n", err)
		os.Exit(1)
	}
}

func run(command []string) error {
	if len(command) == 0 {
		return errors.New("name a command")
	}
	server, database, err := pgtest.Database()
	if err != nil {
		return err
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "DATABASE="+database, pgtest.Variable+"="+server, "SHARESMART_STORE=postgres")
	return cmd.Run()
}
