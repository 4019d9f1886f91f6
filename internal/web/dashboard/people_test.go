package dashboard_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/web/dashboard"
)

// join invites somebody with a role, and is their browser once they have joined.
func (o *office) join(owner *browser, email string, role people.Role) *browser {
	o.t.Helper()
	token, err := o.people.Invite(o.t.Context(), o.Account.ID, email, role)
	if err != nil {
		o.t.Fatal(err)
	}
	b := o.browser()
	o.leads(b.post("/dashboard/join", "token", token, "name", "A "+role.String(), "password", password), "/dashboard/test/")
	return b
}

// code is what an app shows for a secret now.
func (o *office) code(secret string) string {
	o.t.Helper()
	code, err := totp.GenerateCode(secret, o.Clock.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	return code
}

// letters are the mails to an address, as they would leave; newest first.
func (o *office) letters(to string) []string {
	o.t.Helper()
	ns, err := o.Registry.Namespace(o.Account.ID, access.Live)
	if err != nil {
		o.t.Fatal(err)
	}
	survey := o.Engine.Survey(o.t.Context(), ns)
	found, _, err := survey.Newest("mail", "", 100, func(m *object.Object) bool { return m.String("to") == to })
	if err != nil {
		o.t.Fatal(err)
	}
	var texts []string
	for _, m := range found {
		if m.Get("text") != nil {
			o.t.Errorf("a letter to %s can be read by everybody with a key: %s", to, m.String("text"))
		}
		private, err := survey.Private("mail", m.ID())
		if err != nil {
			o.t.Fatal(err)
		}
		texts = append(texts, m.String("subject")+"\n"+private.String("text"))
	}
	return texts
}

var linkInText = regexp.MustCompile(`https://dash\.example(/dashboard/\S+)`)

// TestSecondFactorDemanded lets nobody further than their profile who has none.
func TestSecondFactorDemanded(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(o *dashboard.Options) { o.SecondFactor = true })
	b := o.owner()
	for _, path := range []string{"/dashboard/test/", "/dashboard/people", "/dashboard/keys"} {
		o.leads(b.get(path), "/dashboard/profile?done=factor-needed")
	}
	o.leads(b.post("/dashboard/people/invite", "email", "bob@example.com", "role", "viewer"), "/dashboard/profile?done=factor-needed")
	o.shows(b.get("/dashboard/profile?done=factor-needed"), http.StatusOK, "asks everybody for a second factor")
	page := o.shows(b.get("/dashboard/profile/totp"), http.StatusOK, "data:image/png;base64,")
	secret := regexp.MustCompile(`name="secret" value="([A-Z2-7]+)"`).FindStringSubmatch(page)[1]
	o.shows(b.post("/dashboard/profile/totp", "secret", secret, "code", o.code(secret)), http.StatusOK, "recovery")
	o.shows(b.get("/dashboard/people"), http.StatusOK, "ada@example.com")
}

// TestSignOutPerson ends the sessions of another, and tells the audit log.
func TestSignOutPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	bob := o.join(b, "bob@example.com", people.Developer)
	team, err := o.people.Of(o.Account.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range team {
		if p.Email == "bob@example.com" {
			o.leads(b.post("/dashboard/people/"+p.ID+"/sign-out"), "/dashboard/people?done=person-signed-out")
		}
	}
	if to := bob.get("/dashboard/keys").Header().Get("Location"); !strings.HasPrefix(to, "/dashboard/sign-in") {
		t.Errorf("who was signed out is led to %q", to)
	}
	o.shows(b.get("/dashboard/people"), http.StatusOK, "bob@example.com")
	if got := b.post("/dashboard/people/person_none/sign-out"); got.Code != http.StatusNotFound {
		t.Errorf("nobody is signed out: %d", got.Code)
	}
	o.shows(b.get("/dashboard/audit"), http.StatusOK, "person.signed_out")
}

// TestRefusedIsWritten finds in the audit log what a role did not include.
func TestRefusedIsWritten(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	viewer := o.join(b, "vera@example.com", people.Viewer)
	if got := viewer.post("/dashboard/people/invite", "email", "x@example.com", "role", "owner"); got.Code != http.StatusForbidden {
		t.Fatalf("a viewer invites: %d", got.Code)
	}
	o.shows(b.get("/dashboard/audit"), http.StatusOK, "person.refused", "POST /people/invite", "vera@example.com")
}

func TestTOTP(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	page := o.shows(b.get("/dashboard/profile/totp"), http.StatusOK, "data:image/png;base64,")
	secret := regexp.MustCompile(`name="secret" value="([A-Z2-7]+)"`).FindStringSubmatch(page)[1]
	o.shows(b.post("/dashboard/profile/totp", "secret", secret, "code", "000000"), http.StatusUnprocessableEntity, "This is not the code")
	page = o.shows(b.post("/dashboard/profile/totp", "secret", secret, "code", o.code(secret)), http.StatusOK, "Your recovery codes")
	recovery := strings.Fields(regexp.MustCompile(`data-testid="recovery">([^<]+)<`).FindStringSubmatch(page)[1])
	if len(recovery) != 10 {
		t.Fatalf("the recovery codes are %v", recovery)
	}
	if !strings.Contains(o.letters("ada@example.com")[0], "An authenticator app was added") {
		t.Errorf("the letters are %q", o.letters("ada@example.com"))
	}
	enter := func(code string) (*browser, int) {
		b := o.browser()
		o.leads(b.post("/dashboard/sign-in", "email", "ada@example.com", "password", password, "next", "/dashboard/people"), "/dashboard/sign-in/code?next=%2Fdashboard%2Fpeople")
		if b.jar["__Host-dashboard"] != "" {
			t.Error("the password alone begins a session")
		}
		o.leads(b.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
		return b, b.post("/dashboard/sign-in/code", "code", code, "next", "/dashboard/people").Code
	}
	if _, status := enter(o.code(secret)); status != http.StatusUnprocessableEntity {
		t.Errorf("the code that was used to add the app: %d", status)
	}
	o.Clock.Advance(time.Minute)
	code := o.code(secret)
	in, status := enter(code)
	if status != http.StatusSeeOther {
		t.Fatalf("the right code: %d", status)
	}
	o.shows(in.get("/dashboard/people"), http.StatusOK)
	if _, status := enter(code); status != http.StatusUnprocessableEntity {
		t.Errorf("the same code again: %d", status)
	}
	if _, status := enter(recovery[0]); status != http.StatusSeeOther {
		t.Errorf("a recovery code: %d", status)
	}
	if _, status := enter(recovery[0]); status != http.StatusUnprocessableEntity {
		t.Errorf("the same recovery code again: %d", status)
	}
	o.Clock.Advance(16 * time.Minute)
	guess, _ := enter("111111")
	for range 4 {
		guess.post("/dashboard/sign-in/code", "code", "111111")
	}
	o.leads(guess.post("/dashboard/sign-in/code", "code", o.code(secret)), "/dashboard/sign-in")
	o.leads(in.post("/dashboard/profile/totp/stop"), "/dashboard/prove?next=%2Fdashboard%2F")
	o.shows(in.post("/dashboard/prove", "password", password), http.StatusUnprocessableEntity, "This code is not right")
	o.Clock.Advance(time.Minute)
	o.leads(in.post("/dashboard/prove", "password", password, "code", o.code(secret), "next", "/dashboard/profile"), "/dashboard/profile")
	o.leads(in.post("/dashboard/profile/totp/stop"), "/dashboard/profile?done=totp-stopped")
	o.signIn("ada@example.com")
}

// What can do harm in wrong hands asks for the password again, and the session that asked gives way to another.
func TestProve(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	o.shows(b.get("/dashboard/keys/new"), http.StatusOK)
	o.Clock.Advance(16 * time.Minute)
	o.shows(b.get("/dashboard/test/keys/new"), http.StatusOK)
	o.leads(b.get("/dashboard/keys/new?kind=rk"), "/dashboard/prove?next="+url.QueryEscape("/dashboard/keys/new?kind=rk"))
	w := b.send(http.MethodPost, "/dashboard/keys", nil, func(r *http.Request) { r.Header.Set("Referer", "https://dash.example/dashboard/keys/new") })
	o.leads(w, "/dashboard/prove?next="+url.QueryEscape("/dashboard/keys/new"))
	o.shows(b.post("/dashboard/prove", "password", "wrong horse"), http.StatusUnprocessableEntity, "The password is not right")
	before := b.jar["__Host-dashboard"]
	o.leads(b.post("/dashboard/prove", "password", password, "next", "/dashboard/keys/new"), "/dashboard/keys/new")
	o.shows(b.get("/dashboard/keys/new"), http.StatusOK)
	old := o.browser()
	old.jar["__Host-dashboard"] = before
	o.leads(old.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
}

func TestPasswordReset(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	stranger := o.browser()
	known := o.shows(stranger.post("/dashboard/reset", "email", "ada@example.com"), http.StatusOK)
	unknown := o.shows(stranger.post("/dashboard/reset", "email", "eve@example.com"), http.StatusOK)
	if strings.ReplaceAll(known, "ada@", "eve@") != unknown {
		t.Error("the page tells who is here")
	}
	if n := len(o.letters("eve@example.com")); n != 0 {
		t.Errorf("%d letters went to somebody who is not here", n)
	}
	link := linkInText.FindStringSubmatch(o.letters("ada@example.com")[0])[1]
	o.shows(stranger.get(link), http.StatusOK, "Choose a new password")
	token := regexp.MustCompile(`token=([^&]+)`).FindStringSubmatch(link)[1]
	o.shows(stranger.post("/dashboard/reset/new", "token", token, "password", "1234567890"), http.StatusUnprocessableEntity, "password-fault")
	o.leads(stranger.post("/dashboard/reset/new", "token", token, "password", "another horse and battery"), "/dashboard/sign-in?done=password-reset")
	o.shows(stranger.post("/dashboard/reset/new", "token", token, "password", "another horse and battery"), http.StatusGone)
	o.leads(b.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
	o.shows(b.post("/dashboard/sign-in", "email", "ada@example.com", "password", password), http.StatusUnprocessableEntity)
	o.leads(b.post("/dashboard/sign-in", "email", "ada@example.com", "password", "another horse and battery"), "/dashboard/")
	stranger.post("/dashboard/reset", "email", "ada@example.com")
	link = linkInText.FindStringSubmatch(o.letters("ada@example.com")[0])[1]
	o.Clock.Advance(time.Hour)
	o.shows(stranger.get(link), http.StatusGone)
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.owner()
	o.shows(owner.post("/dashboard/people/invite", "email", "ben", "role", "viewer"), http.StatusUnprocessableEntity, `id="email-fault"`)
	o.shows(owner.post("/dashboard/people/invite", "email", "ben@example.com"), http.StatusUnprocessableEntity, "Choose what they may do")
	o.shows(owner.post("/dashboard/people/invite", "email", "ada@example.com", "role", "viewer"), http.StatusUnprocessableEntity, "is here already")
	o.shows(owner.post("/dashboard/people/invite", "email", "Ben@example.com", "role", "viewer"), http.StatusOK)
	first := linkInText.FindStringSubmatch(o.letters("ben@example.com")[0])[1]
	page := o.shows(owner.post("/dashboard/people/invite", "email", "ben@example.com", "role", "support"), http.StatusOK, "is on its way")
	link := linkInText.FindStringSubmatch(html.UnescapeString(page))[1]
	link = strings.TrimSuffix(link, "</code></p>")
	ben := o.browser()
	o.shows(ben.get(first), http.StatusGone)
	o.shows(ben.get(link), http.StatusOK, "ben@example.com", "a support")
	o.shows(owner.get("/dashboard/people"), http.StatusOK, "ben@example.com", "Withdraw")
	token := regexp.MustCompile(`token=([^&]+)`).FindStringSubmatch(link)[1]
	o.shows(ben.post("/dashboard/join", "token", token, "name", "Ben", "password", "ben"), http.StatusUnprocessableEntity)
	o.leads(ben.post("/dashboard/join", "token", token, "name", "Ben", "password", password), "/dashboard/test/")
	o.shows(ben.get("/dashboard/people"), http.StatusOK, "Ada Owner", "Ben")
	o.shows(ben.get("/dashboard/keys"), http.StatusForbidden, "Your role does not include this")
	o.shows(o.browser().post("/dashboard/join", "token", token, "name", "Eve", "password", password), http.StatusGone)
	o.shows(owner.post("/dashboard/people/invite", "email", "cleo@example.com", "role", "viewer"), http.StatusOK)
	invited, err := o.people.Invitations(o.Account.ID)
	if err != nil || len(invited) != 1 {
		t.Fatalf("the invitations are %v, %v", invited, err)
	}
	o.leads(owner.post("/dashboard/people/withdraw", "id", invited[0].ID), "/dashboard/people?done=withdrawn")
	o.shows(o.browser().get(linkInText.FindStringSubmatch(o.letters("cleo@example.com")[0])[1]), http.StatusGone)
}

func TestRoles(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.owner()
	ben := o.join(owner, "ben@example.com", people.Viewer)
	all, err := o.people.Of(o.Account.ID)
	if err != nil || len(all) != 2 {
		t.Fatalf("the people are %v, %v", all, err)
	}
	benID, adaID := all[0].ID, all[1].ID
	o.shows(ben.get("/dashboard/keys"), http.StatusForbidden)
	o.leads(owner.post("/dashboard/people/"+benID+"/role", "role", "developer"), "/dashboard/people?done=role-changed")
	o.shows(ben.get("/dashboard/keys"), http.StatusOK)
	o.shows(owner.post("/dashboard/people/"+adaID+"/role", "role", "viewer"), http.StatusConflict, "An account needs an owner")
	o.shows(owner.post("/dashboard/people/"+adaID+"/remove"), http.StatusConflict)
	o.shows(owner.post("/dashboard/people/usr_none/remove"), http.StatusNotFound)
	o.shows(ben.post("/dashboard/people/"+adaID+"/remove"), http.StatusForbidden)
	o.leads(owner.post("/dashboard/people/"+benID+"/remove"), "/dashboard/people?done=person-removed")
	o.leads(ben.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
	o.shows(o.browser().post("/dashboard/sign-in", "email", "ben@example.com", "password", password), http.StatusUnprocessableEntity)
	o.join(owner, "ben@example.com", people.Owner)
	o.leads(owner.post("/dashboard/people/"+adaID+"/role", "role", "viewer"), "/dashboard/people?done=role-changed")
	o.shows(owner.post("/dashboard/people/invite", "email", "x@example.com", "role", "owner"), http.StatusForbidden)
}

func TestSessions(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	phone, old := o.signIn("ada@example.com"), o.signIn("ada@example.com")
	o.shows(b.get("/dashboard/profile"), http.StatusOK, "This browser", "Sign out everywhere else")
	who, err := o.people.Of(o.Account.ID)
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := o.people.SessionsOf(who[0].ID)
	if err != nil || len(sessions) != 3 {
		t.Fatalf("%d sessions, %v", len(sessions), err)
	}
	o.leads(b.post("/dashboard/profile/sessions/end", "id", sessions[0].ID), "/dashboard/profile?done=session-ended")
	o.leads(old.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
	o.shows(phone.get("/dashboard/"), http.StatusOK)
	ben := o.join(b, "ben@example.com", people.Owner)
	o.shows(ben.post("/dashboard/profile/sessions/end", "id", sessions[1].ID), http.StatusNotFound)
	o.leads(b.post("/dashboard/profile/sessions/end-others"), "/dashboard/profile?done=sessions-ended")
	o.leads(phone.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
	phone = o.signIn("ada@example.com")
	o.leads(b.post("/dashboard/profile/password", "password", "another horse and battery"), "/dashboard/profile?done=password-changed")
	o.leads(phone.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
	o.shows(b.get("/dashboard/"), http.StatusOK)
	o.Clock.Advance(people.SessionIdle)
	o.leads(b.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
}

// A session that is used lives on, but not for ever.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	for range 8 {
		o.Clock.Advance(people.SessionIdle - time.Hour)
		w := b.get("/dashboard/")
		if w.Code == http.StatusSeeOther {
			return
		}
		o.shows(w, http.StatusOK)
	}
	t.Error("the session lives for ever")
}

func TestAudit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	_, id := b.makeKey("test/", "kind", "sk", "name", "=Shop")
	o.browser().post("/dashboard/sign-in", "email", "ada@example.com", "password", "wrong horse")
	o.shows(b.get("/dashboard/audit"), http.StatusOK, "Account set up", "Key created", "ada@example.com", "Person sign in refused", id)
	page := o.shows(b.get("/dashboard/audit?subject="+id), http.StatusOK, "Key created")
	if strings.Contains(page, "Account set up") {
		t.Error("the filter takes nothing away")
	}
	csv := o.shows(b.get("/dashboard/audit.csv"), http.StatusOK, "n,time,actor_kind", "key.created", "name =Shop")
	if strings.Contains(csv, ",=") {
		t.Errorf("a cell is a formula:\n%s", csv)
	}
	viewer := o.join(b, "ben@example.com", people.Viewer)
	o.shows(viewer.get("/dashboard/audit"), http.StatusForbidden)
	if problems, err := audit.Verify(o.Store); err != nil || len(problems) > 0 {
		t.Errorf("the chain: %v, %v", problems, err)
	}
}

// Two pages of the log have all entries, each once.
func TestOlderEntries(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	for range 60 {
		if _, err := o.Registry.CreateKey(t.Context(), access.KeySpec{}); err != nil {
			t.Fatal(err)
		}
	}
	rows := regexp.MustCompile(`subject=(key_\w+)`)
	page := b.get("/dashboard/audit?action=key.created").Body.String()
	next := html.UnescapeString(regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(page)[1])
	seen := map[string]bool{}
	for _, p := range []string{page, b.get(next).Body.String()} {
		for _, m := range rows.FindAllStringSubmatch(p, -1) {
			if seen[m[1]] {
				t.Errorf("%s is there twice", m[1])
			}
			seen[m[1]] = true
		}
	}
	if len(seen) != 60 {
		t.Errorf("%d entries are shown", len(seen))
	}
}
