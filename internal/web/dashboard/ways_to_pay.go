package dashboard

import (
	"net/http"
	"net/url"
	"strconv"

	"sharesmart/internal/audit"
	"sharesmart/internal/manual"
	"sharesmart/internal/people"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
)

func init() {
	register(Page{Pattern: "GET /ways-to-pay", Role: people.Viewer, Handler: showWays})
	// Who can write the number of a bank account can have the money, so real money asks again who it is.
	register(Page{Pattern: "POST /ways-to-pay", Role: people.Developer, FreshLive: true, Handler: changeWays})
}

// waysView is what the page shows.
type waysView struct {
	*manual.Offer
	Processor string        // who takes cards in live mode; empty for nobody
	Typed     manual.Method // what was refused
}

var waysDone = map[string]string{
	"saved": "Saved. Checkouts and invoices show it from now on.", "removed": "It is not offered any more. Who has chosen it still sees how to pay.", "days": "Saved. It counts for who chooses from now on.",
}

func showWays(v *Visit) error { return v.showWays(http.StatusOK, manual.Method{}, nil) }

func (v *Visit) showWays(status int, typed manual.Method, faults map[string]string) error {
	offer, err := manual.In(v.survey())
	if err != nil {
		return err
	}
	if offer.Find(typed.ID) == nil {
		typed.ID = "" // it would be a new one
	}
	data := &waysView{Offer: offer, Typed: typed}
	if p := v.Engine.Processor(v.Namespace); p != nil {
		data.Processor = p.Name()
	}
	return v.Render(status, "ways_to_pay", &View{Title: "Ways to pay", Data: data, Faults: faults, Good: waysDone[v.R.URL.Query().Get("done")]})
}

// changeWays adds, changes or removes a way to pay by hand, or sets how long customers have. Who did it is written down.
func changeWays(v *Visit) error {
	typed := manual.Method{ID: v.trimmed("id"), Name: v.trimmed("name"), Instructions: v.trimmed("instructions")}
	done, details := "saved", map[string]string{"name": typed.Name}
	change := func(op *resource.Op, o *manual.Offer) error { return o.Put(op, typed) }
	switch v.R.PostForm.Get("do") {
	case "remove":
		done, change = "removed", func(op *resource.Op, o *manual.Offer) error { return o.Remove(op, typed.ID) }
	case "days":
		days, _ := strconv.ParseInt(v.trimmed("days"), 10, 64) // what is no number is refused as 0
		done, details = "days", map[string]string{"days": v.trimmed("days")}
		change = func(op *resource.Op, o *manual.Offer) error { return o.Allow(op, days) }
	}
	_, err := v.Engine.Call(v.R.Context(), v.Namespace, func(op *resource.Op) error {
		offer, err := manual.For(op)
		if err != nil {
			return err
		}
		return change(op, offer)
	})
	if faults := faultsOf(err); faults != nil {
		return v.showWays(http.StatusUnprocessableEntity, typed, faults)
	}
	if err != nil {
		return err
	}
	if err := v.note("ways_to_pay."+done, typed.ID, details); err != nil {
		return err
	}
	return v.Lead(v.Path("/ways-to-pay?done=" + url.QueryEscape(done)))
}

// note writes down in the audit log what the person has done in the page's namespace.
func (v *Visit) note(action, subject string, details map[string]string) error {
	return v.Store.Update(v.R.Context(), func(tx store.Tx) error {
		return audit.Append(v.R.Context(), tx, v.Clock, audit.Entry{Action: action, Account: v.Account, Env: v.Namespace.Env, Subject: subject, Details: details})
	})
}

// wayForm is the form of a way to pay.
type wayForm struct {
	manual.Method
	faults map[string]string
}

// ways makes the form of a way; nil is a new one.
func ways(faults map[string]string, m any) wayForm {
	way, _ := m.(manual.Method)
	return wayForm{way, faults}
}

// Fault is what is wrong with a field.
func (f wayForm) Fault(name string) string { return f.faults[name] }
