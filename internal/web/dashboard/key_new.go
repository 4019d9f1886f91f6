package dashboard

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sharesmart/internal/access"
	"sharesmart/internal/people"
	"sharesmart/internal/resource"
)

func init() {
	register(Page{Pattern: "GET /keys/new", Role: people.Developer, FreshLive: true, Handler: showNewKey})
	register(Page{Pattern: "POST /keys", Role: people.Developer, FreshLive: true, Handler: createKey})
}

const (
	maxKeyName = 100
	dayLong    = 24 * time.Hour
)

// newKey is what the form for a new key shows.
type newKey struct {
	Kind, Name, Networks string
	Types                []keyType
	Lives                []keyLife
	Life                 string
	Rights               *matrix
	Like                 *shownKey // whose doings the rights are taken from
	Days                 int
	Used                 *resource.RightsUsed
}

// keyType is a kind of key that may be chosen.
type keyType struct{ Kind, Name, Text string }

var choosableTypes = []keyType{
	{access.SecretKey, "Secret", "May do everything. It stays on your servers."},
	{access.RestrictedKey, "Restricted", "May do what you choose, for one job or for somebody else’s program."},
	{access.PublishableKey, "Publishable", "For pages and apps, where everybody can read it. It can only begin payments and sign-ups."},
}

// keyLife is how long a key lives.
type keyLife struct {
	Value, Text string
	For         time.Duration
}

var keyLives = []keyLife{
	{"", "Never", 0}, {"1d", "In 1 day", dayLong}, {"7d", "In 7 days", 7 * dayLong}, {"30d", "In 30 days", 30 * dayLong},
	{"90d", "In 90 days", 90 * dayLong}, {"1y", "In 1 year", 365 * dayLong},
}

// usedDays are how many days may be looked back at.
const usedDays, maxUsedDays = 7, 30

func showNewKey(v *Visit) error {
	data := &newKey{Kind: access.SecretKey, Types: choosableTypes, Lives: keyLives, Rights: newMatrix(nil), Days: usedDays}
	if kind := v.Query("kind"); keyTypes[kind] != "" {
		data.Kind = kind
	}
	if like := v.Query("like"); like != "" {
		if err := v.takeUsed(data, like); err != nil {
			return err
		}
	}
	return v.Show("key_new", "Create a key", data)
}

// takeUsed fills the form with what a key has done.
func (v *Visit) takeUsed(data *newKey, like string) error {
	v.R.SetPathValue("id", like)
	k, err := v.key()
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(v.Query("days")); err == nil && n > 0 && n <= maxUsedDays {
		data.Days = n
	}
	used, err := v.Engine.RightsUsed(v.Namespace, k.ID, v.Clock.Now().Add(-time.Duration(data.Days)*dayLong))
	if err != nil {
		return err
	}
	shown, err := v.shown(k)
	if err != nil {
		return err
	}
	data.Kind, data.Like, data.Used, data.Rights = access.RestrictedKey, &shown, used, newMatrix(used.Rights)
	data.Name = strings.TrimSpace(k.Name + " (least rights)")
	return nil
}

func createKey(v *Visit) error {
	data := &newKey{
		Kind: v.R.PostForm.Get("kind"), Name: clip(v.trimmed("name"), maxKeyName), Networks: v.R.PostForm.Get("networks"), Life: v.R.PostForm.Get("life"),
		Types: choosableTypes, Lives: keyLives, Days: usedDays,
	}
	if keyTypes[data.Kind] == "" {
		data.Kind = access.SecretKey
	}
	rights := rightsFrom(v.R.PostForm)
	data.Rights = newMatrix(rights)
	spec, faults := v.keySpec(data, rights)
	if len(faults) > 0 {
		return v.Render(http.StatusUnprocessableEntity, "key_new", &View{Title: "Create a key", Data: data, Faults: faults})
	}
	return v.reveal(func() (*access.Issued, error) { return v.Registry.CreateKey(v.R.Context(), spec) })
}

func (v *Visit) keySpec(data *newKey, rights access.Rights) (access.KeySpec, map[string]string) {
	faults := map[string]string{}
	spec := access.KeySpec{Account: v.Account, Env: v.Namespace.Env, Kind: data.Kind, Name: data.Name}
	if spec.Name == "" {
		faults["name"] = "Enter what the key is for, so that others know whether it may go"
	}
	if data.Kind == access.RestrictedKey {
		spec.Rights = rights
		if len(rights) == 0 {
			faults["rights"] = "Choose at least one thing that the key may do"
		}
	}
	for _, life := range keyLives {
		if life.Value == data.Life && life.For > 0 {
			spec.Expires = v.Clock.Now().Add(life.For)
		}
	}
	var err error
	if spec.Networks, err = access.ParseNetworks(data.Networks); err != nil {
		faults["networks"] = sentence(err.Error())
	}
	return spec, faults
}

func networksText(networks []netip.Prefix) string {
	lines := make([]string, len(networks))
	for i, n := range networks {
		if lines[i] = n.String(); n.IsSingleIP() {
			lines[i] = n.Addr().String()
		}
	}
	return strings.Join(lines, "\n")
}

// sentence begins a text with a capital.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
