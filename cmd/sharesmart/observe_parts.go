package main

import (
	"fmt"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/web/status"
)

const (
	// lateWork is when work that is due has waited so long that something is wrong.
	lateWork = 2 * time.Minute
	// lateBackup is how often the copy must have failed in a row.
	lateBackup = 6
)

// parts say how what goes on beside the API is, to anybody: nothing of addresses or of the business.
func (o *observed) parts(a *app, c *Config) []status.Part {
	return []status.Part{deliveryPart(a.lag()), o.mailPart(c), backupPart(a, c)}
}

func deliveryPart(lag time.Duration) status.Part {
	if lag > lateWork {
		return status.Part{Name: "Deliveries", State: status.Bad, Text: "Webhooks and what is due are late by " + roughly(lag) + "."}
	}
	return status.Part{Name: "Deliveries", State: status.Good, Text: "Webhooks are sent as events happen, and what is due is done in time."}
}

func (o *observed) mailPart(c *Config) status.Part {
	p := status.Part{Name: "Mail", State: status.Good, Text: "Mail is sent."}
	switch {
	case c.SMTP == "":
		p.State, p.Text = status.Neutral, "Mail is kept on this server."
	case o.mail.failed():
		p.State, p.Text = status.Bad, "The last message could not be sent; it is tried again."
	}
	return p
}

func backupPart(a *app, c *Config) status.Part {
	p := status.Part{Name: "Backup", State: status.Good}
	if a.shipper == nil {
		p.State, p.Text = status.Neutral, "No copy is kept elsewhere."
		return p
	}
	s := a.shipper.Status()
	age := clock.Wall{}.Now().Sub(s.Shipped)
	switch {
	case s.Shipped.IsZero() && s.Err == "":
		p.Text = "The first copy is being made."
	case s.Shipped.IsZero():
		p.State, p.Text = status.Bad, "The first copy could not be made yet."
	case s.Err != "" && age > lateBackup*c.Backup.Every:
		p.State, p.Text = status.Bad, "The copy is "+roughly(age)+" old, and the next one fails."
	default:
		p.Text = "The copy is " + roughly(age) + " old."
	}
	return p
}

// roughly is a time in the unit that says enough.
func roughly(d time.Duration) string {
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if n := int(d / unit.size); n == 1 {
			return "a" + map[bool]string{true: "n"}[unit.name == "hour"] + " " + unit.name
		} else if n > 1 {
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return "less than a minute"
}
