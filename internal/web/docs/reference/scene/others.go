package scene

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Behind is what stands behind an account that is called: what others than its owner do is done there.
type Behind struct {
	Engine      *resource.Engine
	Namespace   *access.Namespace
	Publishable string // the publishable key
	Receiver    string // the address of a server that takes what is sent to it
}

// others carries out a step that no request does: what a customer, a bank or somebody in a dashboard does. It returns the
// id of what it made, if it made something.
//
//	SETTLE                  what is due happens
//	MAKE KIND [name=value]  there is an object of a kind; id=, if it is given, stands first
//	SET KIND ID name=value  an object becomes another one
func (s *Stage) others(words []string) (id string, err error) {
	switch {
	case words[0] == "SETTLE":
		return "", s.behind.Engine.RunDue(context.Background())
	case words[0] == "MAKE" && len(words) > 1:
		return s.bring(words[1], words[2:])
	case words[0] == "SET" && len(words) > 3:
		return "", s.change(words[1], words[2], words[3:])
	}
	return "", fmt.Errorf("%q is no step", strings.Join(words, " "))
}

func (s *Stage) bring(kind string, words []string) (id string, err error) {
	form, err := s.pairs(words)
	if err != nil {
		return "", err
	}
	_, err = s.behind.Engine.Call(context.Background(), s.behind.Namespace, func(op *resource.Op) error {
		if len(form) > 1 && form[0] == "id" {
			op.Choose(kind, form[1])
			form = form[2:]
		}
		made, err := op.Make(kind, "", object.New(nil), func(op *resource.Op) error {
			set(op.Object, form)
			return nil
		})
		if err == nil {
			id = made.ID()
		}
		return err
	})
	return id, err
}

func (s *Stage) change(kind, id string, words []string) error {
	form, err := s.pairs(words)
	if err != nil {
		return err
	}
	_, err = s.behind.Engine.Call(context.Background(), s.behind.Namespace, func(op *resource.Op) error {
		o, err := op.Find(kind, id)
		if o == nil || err != nil {
			return errors.Join(err, fmt.Errorf("there is no %s %s", kind, id))
		}
		set(o, form)
		op.Save(o)
		return nil
	})
	return err
}

// set sets fields; what reads as a number is one.
func set(o *object.Object, form []string) {
	for i := 0; i+1 < len(form); i += 2 {
		if n, err := strconv.ParseInt(form[i+1], 10, 64); err == nil {
			o.Set(form[i], n)
		} else {
			o.Set(form[i], form[i+1])
		}
	}
}
