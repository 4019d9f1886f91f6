package site

import "sharesmart/internal/resource"

// showLanding says what the extension is.
func showLanding(v *visit) error {
	var plans []*plan
	if err := v.load(func(op *resource.Op) (err error) {
		plans, err = v.plansOf(op)
		return err
	}); err != nil {
		return err
	}
	if !v.House() {
		return showPlans(v, "pricing", plans)
	}
	return v.show("landing", v.Name(), plans)
}

// pricing is what the page of prices shows.
type pricing struct {
	Plans    []*plan
	Interval string
	Yearly   bool // there is a choice between months and years
	Saves    int64
}

func showPricing(v *visit) error { return loadPlans(v, "pricing") }

// showFromExtension is where the Sign Up button in the extension leads.
func showFromExtension(v *visit) error { return loadPlans(v, "from_extension") }

func loadPlans(v *visit, name string) error {
	var plans []*plan
	if err := v.load(func(op *resource.Op) (err error) {
		plans, err = v.plansOf(op)
		return err
	}); err != nil {
		return err
	}
	if name == "from_extension" && v.Customer != nil {
		// Who is signed in need not sign up: their extension is connected.
		v.lead(v.Base + "/after-payment" + v.Carry())
		return nil
	}
	return showPlans(v, name, plans)
}

func showPlans(v *visit, name string, plans []*plan) error {
	data := &pricing{Plans: plans, Interval: "month"}
	if v.Query("interval") == "year" {
		data.Interval = "year"
	}
	for _, p := range plans {
		if !p.Free && len(p.Prices) > 1 {
			data.Yearly = true
			data.Saves = max(data.Saves, p.Saves())
		}
	}
	title := "Pricing"
	if name == "from_extension" {
		title = "From Extension"
	}
	return v.show(name, title, data)
}
