package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
)

// logConfig is what a server writes of itself to the standard error output, and in which form.
type logConfig struct {
	Level  slog.Level
	Format string
}

const (
	logText = "text"
	logJSON = "json"
)

// logDefault is what a server writes that was told nothing else.
var logDefault = logConfig{Level: slog.LevelInfo, Format: logText}

func (l *logConfig) declare(f *flag.FlagSet) {
	*l = logDefault
	f.TextVar(&l.Level, "log-level", logDefault.Level, "`level` of what is logged: debug (each request as well), info, warn or error")
	f.StringVar(&l.Format, "log-format", logDefault.Format, "`format` of the log: text or json")
}

func (l *logConfig) validate() error {
	if l.Format != "" && l.Format != logText && l.Format != logJSON {
		return fmt.Errorf("--log-format is %q: write text or json", l.Format)
	}
	return nil
}

func (l *logConfig) logger(w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: l.Level}
	if l.Format == logJSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
