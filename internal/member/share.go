package member

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A share is a short link on this server: to one page, or to a collection of pages that is a page of its own. Its clicks
// are counted by day, and nothing is noted of who clicks.
//
// Emits share.created, share.deleted, share.updated; clicks emit nothing.
func init() {
	register(resource.Rules{
		Object: "share", Create: createShare,
		Index: map[string]func(*object.Object) []string{"code": func(s *object.Object) []string { return []string{codeOf(s)} }},
		Actions: resource.Actions{
			"POST /v1/installs/{install}/shares":        ofMember(shareByInstall),
			"POST /v1/installs/{install}/shares/list":   withInstall(listShares),
			"POST /v1/installs/{install}/shares/delete": withInstall(deleteShare),
		},
	})
}

// What unlocks sharing: the lookup keys of the features.
const (
	FeatureShortLinks  = "short_links"
	FeatureCollections = "collections"
	FeatureHistory     = "history"
)

const (
	shareLetters = 7 // 3.5 million million codes
	mostPages    = 100
	longestURL   = 5000
	// SharePath is what short links begin with.
	SharePath = "/s/"
)

// codeOf is the code of a short link.
func codeOf(s *object.Object) string {
	return s.String("url")[strings.LastIndexByte(s.String("url"), '/')+1:]
}

// ofMember is withInstall for an operation whose path does not lead to the install.
func ofMember(rule func(op *resource.Op, ins *object.Object) error) resource.Hook {
	return func(op *resource.Op) error {
		ins, err := op.Get("install", op.Path[0], "install")
		if err != nil {
			return err
		}
		if err := prove(op, ins); err != nil {
			return err
		}
		return rule(op, ins)
	}
}

// shareByInstall makes a short link of the member of an install, if their plan has that.
func shareByInstall(op *resource.Op, ins *object.Object) error {
	feature := FeatureShortLinks
	if len(op.Params.Array("items")) > 1 {
		feature = FeatureCollections
	}
	customer, err := entitled(op, ins, feature)
	if err != nil {
		return err
	}
	op.Object, err = op.Create("share", object.Of("customer", customer.ID(), "items", op.Params.Array("items"), "title", op.Params.String("title")))
	return err
}

// entitled is the member of an install, if they may use a feature.
func entitled(op *resource.Op, ins *object.Object, feature string) (*object.Object, error) {
	ext, customer, err := memberOf(op, ins)
	if err != nil {
		return nil, err
	}
	s, err := StandingOf(op, ext, customer)
	if err != nil {
		return nil, err
	}
	if !s.Has(feature) {
		return nil, &apierr.Error{Status: http.StatusForbidden, Type: apierr.TypeInvalid, Code: "feature_not_entitled",
			Message: "The member's plan does not have the feature `" + feature + "`. Upgrade at " + op.BaseURL() + PagesOf(ext) + "/upgrade"}
	}
	return customer, nil
}

func createShare(op *resource.Op) error {
	s := op.Object
	if _, err := op.Get("customer", op.Params.String("customer"), "customer"); err != nil {
		return err
	}
	items := s.Array("items")
	if len(items) == 0 || len(items) > mostPages {
		return apierr.Invalid("", "items", "A share has between 1 and %d pages.", mostPages)
	}
	for i, v := range items {
		item := v.(*object.Object)
		address, ok := SafeURL(op.BaseURL(), item.String("url"))
		if !ok {
			return apierr.Invalid("url_invalid", fmt.Sprintf("items[%d][url]", i), "Not a valid URL. Only http and https addresses can be shared, and no short links.")
		}
		item.Set("url", address)
		if !item.Has("title") {
			item.Set("title", nil)
		}
	}
	s.Set("type", "link")
	if len(items) > 1 {
		s.Set("type", "collection")
	}
	s.Set("clicks", int64(0))
	s.Set("clicks_by_day", []any{})
	s.Set("url", op.BaseURL()+SharePath+op.Secret(shareLetters))
	return nil
}

// SafeURL is an address that people can be led to: http or https, with a host, without a password, and no short link of
// ours, which could lead in circles.
func SafeURL(base, sent string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(sent))
	if err != nil || len(sent) > longestURL || u.Hostname() == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	if own, err := url.Parse(base); err == nil && strings.EqualFold(u.Host, own.Host) && strings.HasPrefix(u.Path, SharePath) {
		return "", false
	}
	return u.String(), true
}

// listShares pages through a member's short links, newest first.
func listShares(op *resource.Op, ins *object.Object) error {
	customer, err := entitled(op, ins, FeatureHistory)
	if err != nil {
		return err
	}
	all, err := SharesOf(op, customer.ID())
	if err != nil {
		return err
	}
	items := make([]any, len(all))
	for i, s := range all {
		items[i] = s.Clone()
	}
	op.List, err = resource.PageOf(items, op.Params, "/v1/installs/"+ins.ID()+"/shares/list", "share")
	return err
}

// SharesOf are a member's short links, newest first.
func SharesOf(op *resource.Op, customer string) ([]*object.Object, error) {
	return op.Lookup("share", "customer", customer)
}

func deleteShare(op *resource.Op, ins *object.Object) error {
	_, customer, err := memberOf(op, ins)
	if err != nil {
		return err
	}
	s, err := op.Find("share", op.Params.String("share"))
	if err != nil {
		return err
	}
	if s == nil || s.Ref("customer") != customer.ID() {
		return apierr.MissingRef("share", op.Params.String("share"), "share")
	}
	if err := op.Delete(s); err != nil {
		return err
	}
	op.AnswerDeleted(s)
	return nil
}
