package site

import (
	"net/http"

	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/ui"
)

// showShares lists a member's short links.
func showShares(v *visit) error {
	var shares []*object.Object
	err := v.load(func(op *resource.Op) (err error) {
		if v.Customer != nil {
			shares, err = member.SharesOf(op, v.Customer.ID())
		}
		return err
	})
	if err != nil || !v.signedIn() {
		return err
	}
	return v.render(http.StatusOK, "shares", &page{Title: "Your short links", Data: shares, Good: done[v.Query("done")]})
}

func deleteShare(v *visit) error {
	err := v.load(func(op *resource.Op) error {
		if v.Customer == nil {
			return nil
		}
		s, err := op.Find("share", v.r.PostForm.Get("share"))
		if s == nil || err != nil || s.Ref("customer") != v.Customer.ID() {
			return err
		}
		return op.Delete(s)
	})
	if err == nil && v.signedIn() {
		v.lead(v.Base + "/account/shares?done=share")
	}
	return err
}

// exportData gives a member all that is kept of them, as it is kept.
func exportData(v *visit) error {
	var all *object.Object
	err := v.load(func(op *resource.Op) (err error) {
		if v.Customer != nil {
			all, err = member.Export(op, v.Customer)
		}
		return err
	})
	if err != nil || !v.signedIn() {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", `attachment; filename="sharesmart-data.json"`)
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = v.w.Write(object.AppendIndented(nil, all.AppendJSON(nil, 0), 0))
	return nil
}

// showDelete asks whether a member means it, and says what goes.
func showDelete(v *visit) error {
	if err := v.load(nil); err != nil || !v.signedIn() {
		return err
	}
	return v.show("delete", "Delete your account", nil)
}

// deleteAccount deletes a member and all that is theirs. Invoices stay, as the law wants it of those who sell.
func deleteAccount(v *visit) error {
	sure := v.r.PostForm.Get("sure") == "yes"
	err := v.load(func(op *resource.Op) error {
		if v.Customer == nil || !sure {
			return nil
		}
		return member.Delete(op, v.Customer)
	})
	switch {
	case err != nil || !v.signedIn():
		return err
	case !sure:
		return v.render(http.StatusUnprocessableEntity, "delete", &page{Title: "Delete your account", Faults: map[string]string{"sure": "Tick the box to go on"}})
	}
	ui.SetCookie(v.w, ui.SessionCookie, "", -1)
	v.session, v.Customer, v.Standing = nil, nil, nil
	return v.note(http.StatusOK, "Your account is deleted", "Your plan has ended and your data is gone. Your extension goes back to what works without an account.")
}
