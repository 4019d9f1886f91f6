package dashboard

import (
	"errors"
	"net/http"

	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "GET /people", Role: people.Viewer, Signed: true, Handler: showPeople})
	register(Page{Pattern: "POST /people/invite", Role: people.Owner, Signed: true, Fresh: true, Handler: invite})
	register(Page{Pattern: "POST /people/withdraw", Role: people.Owner, Signed: true, Handler: withdraw})
	register(Page{Pattern: "POST /people/{id}/role", Role: people.Owner, Signed: true, Fresh: true, Handler: setRole})
	register(Page{Pattern: "POST /people/{id}/sign-out", Role: people.Owner, Signed: true, Fresh: true, Handler: signOutPerson})
	register(Page{Pattern: "POST /people/{id}/remove", Role: people.Owner, Signed: true, Fresh: true, Handler: removePerson})
}

// team is who is in an account, and who is invited.
type team struct {
	People      []*people.Person
	Invitations []*people.Invitation
	Roles       []roleChoice
	Owns        bool
	Email, Role string // as typed
}

// roleChoice is a role that may be given.
type roleChoice struct {
	people.Role
	Text string
}

var roleChoices = []roleChoice{
	{people.Viewer, "Sees everything but secrets"},
	{people.Support, "Helps customers: refunds, cancels, sends again"},
	{people.Developer, "Keys, webhooks, sandboxes, prices"},
	{people.Owner, "Everything, people included"},
}

func showPeople(v *Visit) error {
	return v.renderPeople(http.StatusOK, &View{Good: said[v.Query("done")]})
}

func (v *Visit) renderPeople(status int, view *View) error {
	all, err := v.People.Of(v.Account)
	if err != nil {
		return err
	}
	t := &team{People: all, Roles: roleChoices, Owns: v.may(people.Owner), Email: v.trimmedQuery("email"), Role: v.Query("role")}
	if t.Owns {
		if t.Invitations, err = v.People.Invitations(v.Account); err != nil {
			return err
		}
	}
	view.Title, view.Data = "People", t
	return v.Render(status, "people", view)
}

// RoleOf is what somebody may do in the account of the page.
func (v *Visit) RoleOf(p *people.Person) people.Role { return p.Roles[v.Account] }

// roleOfForm is the role that was chosen; nobody if none was.
func (v *Visit) roleOfForm() (role people.Role) {
	if err := role.UnmarshalText([]byte(v.R.PostForm.Get("role"))); err != nil {
		return people.Nobody
	}
	return role
}

func (v *Visit) peopleFault(err error) error {
	if invalid := invalidOf(err); invalid != nil {
		return v.renderPeople(http.StatusUnprocessableEntity, &View{Faults: map[string]string{invalid.Field: invalid.Text}})
	}
	if errors.Is(err, people.ErrLastOwner) {
		return v.renderPeople(http.StatusConflict, &View{Notice: "An account needs an owner. Make somebody else one first."})
	}
	return err
}

func invite(v *Visit) error {
	token, err := v.People.Invite(v.R.Context(), v.Account, v.trimmed("email"), v.roleOfForm())
	if err != nil {
		return v.peopleFault(err)
	}
	return v.Show("invited", "Invited", struct {
		Email, Link string
		Written     bool
	}{v.trimmed("email"), v.People.JoinLink(token), v.People.CanWrite()})
}

func withdraw(v *Visit) error {
	if err := v.People.Withdraw(v.R.Context(), v.Account, v.R.PostForm.Get("id")); err != nil {
		return err
	}
	return v.Lead(v.Path("/people?done=withdrawn"))
}

func setRole(v *Visit) error {
	if err := v.People.SetRole(v.R.Context(), v.Account, v.R.PathValue("id"), v.roleOfForm()); err != nil {
		return v.peopleFault(err)
	}
	return v.Lead(v.Path("/people?done=role-changed"))
}

func signOutPerson(v *Visit) error {
	if err := v.People.SignOutPerson(v.R.Context(), v.Account, v.R.PathValue("id")); err != nil {
		return err
	}
	return v.Lead(v.Path("/people?done=person-signed-out"))
}

func removePerson(v *Visit) error {
	if err := v.People.Remove(v.R.Context(), v.Account, v.R.PathValue("id")); err != nil {
		return v.peopleFault(err)
	}
	return v.Lead(v.Path("/people?done=person-removed"))
}
