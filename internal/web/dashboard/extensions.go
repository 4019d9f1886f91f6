package dashboard

import (
	"net/http"
	"net/url"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "GET /extensions", Role: people.Viewer, Handler: listExtensions})
	register(Page{Pattern: "POST /extensions", Role: people.Developer, Handler: createExtension})
	register(Page{Pattern: "GET /extensions/{extension}", Role: people.Viewer, Handler: showExtension})
	register(Page{Pattern: "POST /extensions/{extension}", Role: people.Developer, Handler: changeExtension})
}

// extensionsShown is how many extensions a seller may have before the page leaves the older ones to the list of all objects.
const extensionsShown = 100

// extensionCard is an extension in the list.
type extensionCard struct {
	*object.Object
	Plans int
	Pages string // the address of its first page
}

func listExtensions(v *Visit) error { return v.showExtensions(http.StatusOK, nil) }

func (v *Visit) showExtensions(status int, faults map[string]string) error {
	list, err := v.ask(http.MethodGet, "/v1/extensions", url.Values{"limit": {strconv.Itoa(extensionsShown)}})
	if err != nil {
		return err
	}
	var cards []extensionCard
	for _, e := range objects(list.Array("data")) {
		card := extensionCard{e, len(e.Array("prices")), v.pagesOf(e)}
		if e.Ref("free_price") != "" {
			card.Plans++
		}
		cards = append(cards, card)
	}
	return v.Render(status, "extensions", &View{Title: "Plans and extensions", Data: cards, Faults: faults})
}

// pagesOf is where people become members of an extension.
func (v *Visit) pagesOf(e *object.Object) string { return v.BaseURL + member.PagesOf(e) + "/pricing" }

// objects are those elements of a list that are objects.
func objects(list []any) []*object.Object {
	all := make([]*object.Object, 0, len(list))
	for _, one := range list {
		if o, ok := one.(*object.Object); ok {
			all = append(all, o)
		}
	}
	return all
}

func createExtension(v *Visit) error {
	form := url.Values{"name": {v.trimmed("name")}}
	if form.Get("name") == "" {
		return v.showExtensions(http.StatusUnprocessableEntity, map[string]string{"name": "Enter what people know it by"})
	}
	if text := v.trimmed("description"); text != "" {
		form.Set("description", text)
	}
	e, err := v.ask(http.MethodPost, "/v1/extensions", form)
	if faults := faultsOf(err); faults != nil {
		return v.showExtensions(http.StatusUnprocessableEntity, faults)
	}
	if err != nil {
		return err
	}
	return v.Lead(v.Path("/extensions/" + e.ID()))
}

// faultsOf says which field of a form the API refused; nil if that is not what happened.
func faultsOf(err error) map[string]string {
	api := apierr.As(err)
	if api == nil || api.Param == "" || api.Status >= http.StatusInternalServerError || api.Status == http.StatusNotFound {
		return nil
	}
	return map[string]string{api.Param: api.Message}
}

// extensionView is what the page of an extension shows.
type extensionView struct {
	Extension *object.Object
	Pages     string
	Sample    string
	Plans     []plan
	Grants    []*object.Object
	More      bool // there are older grants
	Funnel    *figureView
	Spans     []choice
	Ends      []choice
}

func showExtension(v *Visit) error { return v.showExtensionWith(http.StatusOK, nil) }

// done says what a form of the page has done, by what its address says then.
var done = map[string]string{
	"saved": "Saved. The pages show it at once.", "plan": "The plan is on the pages now.", "off": "The plan is off the pages. Who is on it stays on it.",
	"moved": "The order has changed.", "granted": "The plan is theirs.", "revoked": "The grant was taken back.",
}

func (v *Visit) showExtensionWith(status int, faults map[string]string) error {
	path := "/v1/extensions/" + url.PathEscape(v.R.PathValue("extension"))
	e, err := v.ask(http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	data := &extensionView{Extension: e, Pages: v.pagesOf(e), Sample: v.BaseURL + member.PagesOf(e) + "/download/sample.zip"}
	if data.Plans, err = v.plansOf(e); err != nil {
		return err
	}
	grants, err := v.ask(http.MethodGet, "/v1/grants", url.Values{"extension": {e.ID()}, "expand[]": {"data.customer"}, "limit": {"20"}})
	if err != nil {
		return err
	}
	if err := v.addFunnel(data); err != nil {
		return err
	}
	data.Grants, data.More = objects(grants.Array("data")), grants.Bool("has_more")
	return v.Render(status, "extension", &View{Title: e.String("name"), Data: data, Faults: faults, Good: done[v.Query("done")]})
}

// addFunnel shows how far those come who install the extension.
func (v *Visit) addFunnel(data *extensionView) error {
	days, err := v.survey().Figures()
	if err != nil {
		return err
	}
	chosen, choices := v.spans(spans[0])
	until, ends := v.ends(days)
	f := &figures{Visit: v, ledger: newLedger(days, chosen.periods(until))}
	data.Spans, data.Ends, data.Funnel = choices, ends, f.extensionFunnel(data.Extension.ID(), data.Extension.Ref("free_price"), pricesOf(data.Extension))
	return nil
}

// changeExtension saves what the settings' form says. An empty number is none at all.
func changeExtension(v *Visit) error {
	form := url.Values{}
	for _, name := range []string{"name", "description", "url", "trial_period_days", "grace_period_days", "device_limit", "test_clock"} {
		if v.R.PostForm.Has(name) {
			form.Set(name, v.trimmed(name))
		}
	}
	form.Set("active", strconv.FormatBool(v.R.PostForm.Get("active") == "true"))
	return v.changed(v.R.PathValue("extension"), form, "saved")
}

// changed updates an extension and shows what came of it.
func (v *Visit) changed(id string, form url.Values, what string) error {
	_, err := v.ask(http.MethodPost, "/v1/extensions/"+url.PathEscape(id), form)
	return v.toExtension(err, what)
}

// toExtension leads back to the page of the extension, or shows on it what was refused.
func (v *Visit) toExtension(err error, what string) error {
	if faults := faultsOf(err); faults != nil {
		return v.showExtensionWith(http.StatusUnprocessableEntity, faults)
	}
	if err != nil {
		return err
	}
	return v.Lead(v.Path("/extensions/" + url.PathEscape(v.R.PathValue("extension")) + "?done=" + what))
}
