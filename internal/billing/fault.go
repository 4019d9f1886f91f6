package billing

import (
	"context"
	"net/http"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/fault"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A fault says what shall go wrong with requests of a namespace that move no real money: those with its method and
// path, from the skip-th on, as often as times says.
//
//	standing --struck for the last of its times--> spent
//	standing, spent --DELETE--> gone
//
// What a struck request wanted is not done (but for cut-after); that it was struck is written all the same.
func init() {
	register(resource.Rules{
		Object: "fault", Create: createFault,
		Index: map[string]func(o *object.Object) []string{faultStanding: standing},
	})
}

// faultStanding is the index of the faults that may strike still.
const faultStanding = "standing"

func standing(f *object.Object) []string {
	if spent(f) {
		return nil
	}
	return []string{"true"}
}

func spent(f *object.Object) bool { return f.Int("times") > 0 && f.Int("matched") >= f.Int("times") }

func createFault(op *resource.Op) error {
	f := op.Object
	if op.Live() {
		return &apierr.Error{Status: http.StatusForbidden, Type: apierr.TypeInvalid,
			Message: "Faults can be made in test mode and in sandboxes, and this key is for live mode."}
	}
	parsed, err := fault.Parse(f.String("fault"))
	if err != nil {
		return apierr.Invalid("", "fault", "Invalid fault: %s.", err)
	}
	f.Set("fault", parsed.Text)
	if path := op.Params.String("path"); path != "" {
		if err := fault.CheckPattern(path); err != nil {
			return apierr.Invalid("", "path", "Invalid path: %s.", err)
		}
	}
	f.Set("matched", 0)
	f.Set("seen", 0)
	for name, value := range map[string]any{"method": nil, "path": nil, "probability": 100, "skip": 0, "times": 1} {
		if !op.Params.Has(name) {
			f.Set(name, value)
		}
	}
	if !op.Params.Has("seed") {
		f.Set("seed", madeUpSeed(f.ID()))
	}
	return checkFaultNumbers(f)
}

func checkFaultNumbers(f *object.Object) error {
	for _, name := range []string{"skip", "times"} {
		if f.Int(name) < 0 {
			return apierr.Invalid("parameter_invalid_integer", name, "This value must be greater than or equal to 0.")
		}
	}
	if p := f.Int("probability"); p < 1 || p > 100 {
		return apierr.Invalid("parameter_invalid_integer", "probability", "This value must be a percentage from 1 to 100.")
	}
	return nil
}

// madeUpSeed is a seed of six digits that the id of a fault gives it.
func madeUpSeed(id string) int64 {
	seed := int64(0)
	for i := range len(id) {
		seed = (seed*31 + int64(id[i])) % 1_000_000
	}
	return seed
}

// Faults answers the edge which faults there are, and counts what they strike.
type Faults struct{ Engine *resource.Engine }

// Standing are the faults of a namespace that may strike still, oldest first.
func (s Faults) Standing(ctx context.Context, ns *access.Namespace) ([]fault.Rule, error) {
	var rules []fault.Rule
	err := s.Engine.Survey(ctx, ns).Lookup("fault", faultStanding, "true", func(f *object.Object) error {
		rules = append(rules, fault.Rule{ID: f.ID(), Method: f.String("method"), Path: f.String("path")})
		return nil
	})
	return rules, err
}

// Strike counts a request for the faults that fit it, in their order, until one strikes. It returns the fault's text,
// empty if the request passes. Last says that a fault was spent with it.
func (s Faults) Strike(ctx context.Context, ns *access.Namespace, ids []string) (text string, last bool, err error) {
	_, err = s.Engine.Call(ctx, ns, func(op *resource.Op) error {
		text, last = "", false
		for _, id := range ids {
			f, err := op.Find("fault", id)
			if err != nil {
				return err
			}
			if f == nil || spent(f) {
				continue
			}
			if strikes(f) {
				text, last = f.String("fault"), spent(f)
			}
			op.Save(f)
			if text != "" {
				return nil
			}
		}
		return nil
	})
	return text, last, err
}

// strikes counts a request that a fault fits and says whether it is struck. It is drawn by its number, so that a
// restart changes nothing.
func strikes(f *object.Object) bool {
	n := f.Int("seen")
	f.Set("seen", n+1)
	if n < f.Int("skip") || !fault.Draw(f.Int("seed"), n, f.Int("probability")) {
		return false
	}
	f.Set("matched", f.Int("matched")+1)
	return true
}
