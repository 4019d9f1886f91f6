package dashboard

import (
	"net/http"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/people"
	"sharesmart/internal/store"
)

func init() {
	register(Page{Pattern: "GET /sandboxes", Role: people.Developer, Handler: listSandboxes})
	register(Page{Pattern: "GET /sandboxes/new", Role: people.Developer, Handler: showNewSandbox})
	register(Page{Pattern: "POST /sandboxes", Role: people.Developer, Handler: createSandbox})
	register(Page{Pattern: "GET /sandboxes/{id}", Role: people.Developer, Handler: showSandbox})
	register(Page{Pattern: "POST /sandboxes/{id}/keep", Role: people.Developer, Handler: keepSandbox})
	register(Page{Pattern: "POST /sandboxes/{id}/reset", Role: people.Developer, Handler: resetSandbox})
	register(Page{Pattern: "POST /sandboxes/{id}/delete", Role: people.Developer, Handler: deleteSandbox})
	register(Page{Pattern: "POST /sandboxes/{id}/snapshots", Role: people.Developer, Handler: createSnapshot})
	register(Page{Pattern: "POST /sandboxes/{id}/snapshots/restore", Role: people.Developer, Handler: restoreSnapshot})
	register(Page{Pattern: "POST /sandboxes/{id}/snapshots/delete", Role: people.Developer, Handler: deleteSnapshot})
}

// shownSandbox is a sandbox as pages show it.
type shownSandbox struct {
	*access.Sandbox
	Open string // the address of its home page
}

func (v *Visit) shownSandbox(s *access.Sandbox) shownSandbox {
	return shownSandbox{s, v.inEnv(s.ID) + "/"}
}

// inEnv is what the addresses of pages in another mode of the account begin with.
func (v *Visit) inEnv(env string) string {
	p := v.place
	p.env = env
	return p.prefix()
}

// sandboxLives are how long a sandbox may live.
var sandboxLives = []keyLife{{"1h", "1 hour", time.Hour}, {"1d", "1 day", dayLong}, {"7d", "7 days", 7 * dayLong}, {"30d", "30 days", 30 * dayLong}, {"", "For good", 0}}

func lifeOf(value string) time.Duration {
	for _, l := range sandboxLives {
		if l.Value == value {
			return l.For
		}
	}
	return 0
}

func listSandboxes(v *Visit) error {
	all, err := v.Registry.ListSandboxes(v.R.Context(), v.Account)
	if err != nil {
		return err
	}
	shown := make([]shownSandbox, len(all))
	for i, s := range all {
		shown[i] = v.shownSandbox(s)
	}
	return v.Render(http.StatusOK, "sandboxes", &View{Title: "Sandboxes", Data: shown, Good: said[v.Query("done")]})
}

// newSandbox is what the form for a new sandbox shows.
type newSandbox struct {
	Lives []keyLife
	Life  string
	Name  string
	From  []*access.Sandbox // those that may be cloned
	Like  string
}

func showNewSandbox(v *Visit) error {
	all, err := v.Registry.ListSandboxes(v.R.Context(), v.Account)
	if err != nil {
		return err
	}
	return v.Show("sandbox_new", "Create a sandbox", &newSandbox{Lives: sandboxLives, Life: "7d", From: all, Like: v.Query("like")})
}

// createSandbox makes a sandbox, empty or like another, and shows its keys, once.
func createSandbox(v *Visit) error {
	if !v.once.take(v.R.PostForm.Get("once")) {
		return v.Lead(v.Path("/sandboxes"))
	}
	spec := access.SandboxSpec{Account: v.Account, Name: clip(v.trimmed("name"), maxKeyName), TTL: lifeOf(v.R.PostForm.Get("life"))}
	made, err := v.makeSandbox(spec, v.R.PostForm.Get("like"))
	if err != nil {
		return err
	}
	return v.Show("sandbox_new_shown", "Your new sandbox", struct {
		shownSandbox
		*access.NewSandbox
	}{v.shownSandbox(made.Sandbox), made})
}

func (v *Visit) makeSandbox(spec access.SandboxSpec, like string) (*access.NewSandbox, error) {
	if like != "" {
		return v.Registry.CloneSandbox(v.R.Context(), like, spec)
	}
	return v.Registry.CreateSandbox(v.R.Context(), spec)
}

// sandbox finds the one of the page's address. One of another account is not there.
func (v *Visit) sandbox() (*access.Sandbox, *access.Namespace, error) {
	s, err := v.Registry.Sandbox(v.R.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	if s.Account != v.Account {
		return nil, nil, store.ErrNotFound
	}
	n, err := v.Registry.Namespace(s.Account, s.ID)
	return s, n, err
}

// sandboxPage is what the page of one shows.
type sandboxPage struct {
	shownSandbox
	Keys      []shownKey
	Snapshots []*access.Snapshot
	Lives     []keyLife
	KeysPath  string
}

func showSandbox(v *Visit) error {
	s, n, err := v.sandbox()
	if err != nil {
		return err
	}
	data := &sandboxPage{shownSandbox: v.shownSandbox(s), Lives: sandboxLives, KeysPath: v.inEnv(s.ID) + "/keys"}
	if data.Snapshots, err = v.Registry.ListSnapshots(n); err != nil {
		return err
	}
	keys, err := v.Registry.ListKeys(v.R.Context(), s.Account, s.ID)
	if err != nil {
		return err
	}
	for _, k := range keys {
		shown, err := v.shown(k)
		if err != nil {
			return err
		}
		data.Keys = append(data.Keys, shown)
	}
	return v.Render(http.StatusOK, "sandbox", &View{Title: nameOr(s.Name, "Sandbox"), Data: data, Good: said[v.Query("done")]})
}

// withSandbox does something to the sandbox of the page's address, and leads back to it.
func (v *Visit) withSandbox(done string, do func(*access.Sandbox, *access.Namespace) error) error {
	s, n, err := v.sandbox()
	if err != nil {
		return err
	}
	if err := do(s, n); err != nil {
		return err
	}
	return v.Lead(v.Path("/sandboxes/" + s.ID + "?done=" + done))
}

func keepSandbox(v *Visit) error {
	return v.withSandbox("sandbox-kept", func(s *access.Sandbox, _ *access.Namespace) error {
		life := lifeOf(v.R.PostForm.Get("life"))
		if life == 0 {
			return v.Registry.KeepSandbox(v.R.Context(), s.ID, time.Time{})
		}
		return v.Registry.KeepSandbox(v.R.Context(), s.ID, v.Clock.Now().Add(life))
	})
}

func resetSandbox(v *Visit) error {
	return v.withSandbox("sandbox-reset", func(s *access.Sandbox, _ *access.Namespace) error {
		_, err := v.Registry.ResetSandbox(v.R.Context(), s.ID)
		return err
	})
}

func deleteSandbox(v *Visit) error {
	s, _, err := v.sandbox()
	if err != nil {
		return err
	}
	if err := v.Registry.DeleteSandbox(v.R.Context(), s.ID); err != nil {
		return err
	}
	return v.Lead(v.inEnv(access.Test) + "/sandboxes?done=sandbox-deleted") // the page may have been in it
}

func createSnapshot(v *Visit) error {
	return v.withSandbox("snapshot-created", func(_ *access.Sandbox, n *access.Namespace) error {
		_, err := v.Registry.CreateSnapshot(v.R.Context(), n, clip(v.trimmed("name"), maxKeyName), nil)
		return err
	})
}

func restoreSnapshot(v *Visit) error {
	return v.withSandbox("snapshot-restored", func(_ *access.Sandbox, n *access.Namespace) error {
		snapshot, err := v.Registry.Snapshot(n, v.R.PostForm.Get("snapshot"))
		if err != nil {
			return err
		}
		return v.Registry.RestoreSnapshot(v.R.Context(), snapshot.ID)
	})
}

func deleteSnapshot(v *Visit) error {
	return v.withSandbox("snapshot-deleted", func(_ *access.Sandbox, n *access.Namespace) error {
		snapshot, err := v.Registry.Snapshot(n, v.R.PostForm.Get("snapshot"))
		if err != nil {
			return err
		}
		return v.Registry.DeleteSnapshot(v.R.Context(), snapshot.ID)
	})
}
