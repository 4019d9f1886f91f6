package mail

import (
	"context"
	"errors"
	"slices"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

const (
	jobSend    = "mail.send"
	timerRetry = "mail.retry"
	// timerForget deletes a message.
	timerForget = "mail.forget"
	// indexReady finds what is to be sent now.
	indexReady = "ready"

	// firstRetry is when a message is tried again that a server did not want yet. It doubles with each try up to
	// longestRetry, until the message is lifetime old.
	firstRetry   = time.Minute
	longestRetry = 4 * time.Hour
	lifetime     = 24 * time.Hour
	// pause is how long nothing is tried after the server could not be reached.
	pause = 30 * time.Second
)

func isReady(o *object.Object) bool {
	return o.String("status") == "queued" && o.Int("next_attempt_at") == 0
}

func ready(o *object.Object) []string {
	if isReady(o) {
		return []string{"true"}
	}
	return nil
}

// retry makes a message ready again.
func retry(op *resource.Op) error {
	if op.Object.String("status") != "queued" {
		return nil
	}
	op.Object.Set("next_attempt_at", nil)
	op.Save(op.Object)
	return op.SetJob(jobSend, op.WallNow())
}

func forget(op *resource.Op) error { return op.Delete(op.Object) }

// send is the job of an account: it sends what is ready, oldest first, over one connection. What came of one message is
// written in the transaction that finds the next, so a process that dies between the two sends one message again, with
// the same Message-ID.
func (m *Mailer) send(ctx context.Context, e *resource.Engine, ns *access.Namespace, _ string) error {
	line := &line{server: m.Server}
	defer line.close()
	var done *outcome
	for {
		next, err := m.next(context.WithoutCancel(ctx), e, ns, done)
		if next == nil || err != nil {
			return errors.Join(err, over(err))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		done = m.deliver(ctx, e.Survey(ctx, ns), line, next)
		if err := ctx.Err(); err != nil && done.err != nil {
			return err // it was cut off, which says nothing about the message
		}
	}
}

// over ends the job, which has set its timer if nothing went wrong.
func over(err error) error {
	if err != nil {
		return nil
	}
	return resource.ErrSet
}

// outcome is what came of a message.
type outcome struct {
	id  string
	err error
}

// next writes what came of a message and finds the one after it, nil if there is none. While the server cannot be reached
// there is none.
func (m *Mailer) next(ctx context.Context, e *resource.Engine, ns *access.Namespace, done *outcome) (next *object.Object, err error) {
	_, err = e.Call(ctx, ns, func(op *resource.Op) error {
		next = nil
		if done != nil {
			if err := m.record(op, done); err != nil {
				return err
			}
			if errors.Is(done.err, errUnreachable) {
				return op.SetJob(jobSend, op.Now().Add(pause))
			}
		}
		// The first one may be that of which the outcome was just recorded.
		waiting, err := op.Oldest("mail", resource.Selection{Field: indexReady, Values: []string{"true"}, Limit: 2})
		if err != nil {
			return err
		}
		i := slices.IndexFunc(waiting, isReady)
		if i < 0 {
			return op.SetJob(jobSend, time.Time{})
		}
		next = waiting[i]
		return nil
	})
	return next, err
}

// record writes what came of a message.
func (m *Mailer) record(op *resource.Op, done *outcome) error {
	mail, err := op.Find("mail", done.id)
	if mail == nil || err != nil {
		return err // it went with its sandbox, or a snapshot was restored
	}
	if mail.String("status") != "queued" {
		return nil
	}
	op.Save(mail)
	if errors.Is(done.err, errNoServer) {
		return op.Move(mail, "held")
	}
	mail.Set("attempts", mail.Int("attempts")+1)
	mail.Set("last_error", nil)
	if done.err == nil {
		mail.Set("sent_at", op.Now().Unix())
		return errors.Join(op.Move(mail, "sent"), op.SetPrivate(mail, object.New(nil)))
	}
	mail.Set("last_error", done.err.Error())
	m.Log.Warn("a message was not sent", "mail", mail.ID(), "error", done.err)
	if errors.Is(done.err, errRefused) || !op.Now().Before(time.Unix(mail.Int("created"), 0).Add(lifetime)) {
		return errors.Join(op.Move(mail, "failed"), op.SetPrivate(mail, object.New(nil)))
	}
	at := op.Now().Add(retryAfter(mail.Int("attempts")))
	mail.Set("next_attempt_at", at.Unix())
	return op.SetTimer(timerRetry, mail, at)
}

// retryAfter is how long a message waits after it was tried so often.
func retryAfter(attempts int64) time.Duration {
	after := firstRetry
	for range attempts - 1 {
		if after *= 2; after >= longestRetry {
			return longestRetry
		}
	}
	return after
}

// deliver tries to send a message.
func (m *Mailer) deliver(ctx context.Context, s *resource.Survey, line *line, mail *object.Object) *outcome {
	letter, err := m.compose(s, mail)
	if err == nil {
		err = line.send(ctx, letter)
	}
	if m.Tried != nil {
		m.Tried(err)
	}
	return &outcome{mail.ID(), err}
}
