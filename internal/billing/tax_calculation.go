package billing

import (
	"strconv"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A tax calculation says what tax a sale would bear. It is worked out once and never changes; within its time a
// transaction can be made of it.
//
//	(new) --90 days--> expired
//
// There are no events.
func init() {
	register(resource.Rules{
		Object: "tax.calculation", Unmerged: []string{"customer_details", "line_items", "shipping_cost", "ship_from_details"},
		Create: createTaxCalculation,
	})
}

// calculationLife is how long a transaction can be made of a calculation.
const calculationLife = 90 * 24 * time.Hour

// calculation is a tax calculation while it is worked out.
type calculation struct {
	lines    []*object.Object // what was sent for each line
	shipping *object.Object   // or nil
	sold     []taxable        // lines, then shipping
	levies   [][]levy
}

func createTaxCalculation(op *resource.Op) error {
	calc, err := readCalculation(op)
	if err != nil {
		return err
	}
	o := op.Object
	details, buyer, err := calculationBuyer(op)
	if err != nil {
		return err
	}
	from, err := shipFrom(op)
	if err != nil {
		return err
	}
	if !op.Params.Has("tax_date") {
		o.Set("tax_date", op.Now().Unix())
	}
	a, err := newAssessor(op, buyer, from, time.Unix(o.Int("tax_date"), 0))
	if e := apierr.As(err); e != nil && e.Code == taxLocationInvalid {
		return errTaxLocation(buyerParam(op))
	}
	if err != nil {
		return err
	}
	if err := calc.complete(op, a.preset); err != nil {
		return err
	}
	if calc.levies, err = a.assess(calc.sold); err != nil {
		return err
	}
	o.Delete("line_items")
	o.Set("customer_details", details)
	o.Set("expires_at", op.Now().Add(calculationLife).Unix())
	o.Set("ship_from_details", nil)
	if from != nil {
		o.Set("ship_from_details", newParams("address", postalAddress(from)))
	}
	return calc.fill(op)
}

// readCalculation checks what is sold.
func readCalculation(op *resource.Op) (*calculation, error) {
	if err := checkCurrency(op.Params.String("currency")); err != nil {
		return nil, err
	}
	c := &calculation{shipping: op.Params.Object("shipping_cost")}
	references := map[string]bool{}
	for i, v := range op.Params.Array("line_items") {
		line, param := v.(*object.Object), "line_items["+strconv.Itoa(i)+"]"
		if reference := line.String("reference"); reference != "" {
			if references[reference] {
				return nil, apierr.Invalid("", param+"[reference]", "The reference of a line item must be unique within the calculation: %s.", reference)
			}
			references[reference] = true
		}
		if line.Has("quantity") && line.Int("quantity") < 1 {
			return nil, apierr.Invalid("parameter_invalid_integer", param+"[quantity]", "This value must be greater than or equal to 1.")
		}
		c.lines = append(c.lines, line)
	}
	if len(c.lines) == 0 {
		return nil, missingParam("line_items")
	}
	return c, nil
}

// buyerParam is the parameter that says where the customer is.
func buyerParam(op *resource.Op) string {
	if op.Params.Has("customer_details") {
		return "customer_details[address]"
	}
	return "customer"
}

// calculationBuyer reads who buys, from what was sent and else from the customer.
func calculationBuyer(op *resource.Op) (details *object.Object, buyer taxBuyer, err error) {
	sent := op.Params.Object("customer_details")
	id := op.Params.String("customer")
	if sent == nil && id == "" {
		return nil, buyer, apierr.Invalid("parameter_missing", "customer_details", "You must specify one of these parameters: customer, customer_details.")
	}
	buyer.exemption = "none"
	ids, source := []any{}, ""
	if id != "" {
		customer, err := op.Get("customer", id, "customer")
		if err != nil {
			return nil, buyer, err
		}
		if buyer, ids, source, err = buyerOf(op, customer); err != nil {
			return nil, buyer, err
		}
	}
	if address := sent.Object("address"); address != nil {
		buyer.address, source = address, sent.String("address_source")
		if source == "" {
			return nil, buyer, missingParam("customer_details[address_source]")
		}
	}
	if sent.Has("tax_ids") {
		ids, buyer.ids = []any{}, nil
		for i, v := range sent.Array("tax_ids") {
			taxID := v.(*object.Object)
			if !validTaxID(taxID.String("type"), taxID.String("value")) {
				return nil, buyer, apierr.Invalid("tax_id_invalid", "customer_details[tax_ids]["+strconv.Itoa(i)+"][value]", "Invalid value for %s.", taxID.String("type"))
			}
			ids, buyer.ids = append(ids, taxID.Clone()), append(buyer.ids, taxID.String("type"))
		}
	}
	if override := sent.String("taxability_override"); override != "" {
		buyer.exemption = override
	}
	details = object.New(nil)
	details.Set("address", nil)
	if buyer.address != nil {
		details.Set("address", postalAddress(buyer.address))
	}
	details.Set("address_source", textOrNull(source))
	details.Set("ip_address", textOrNull(sent.String("ip_address")))
	details.Set("tax_ids", ids)
	details.Set("taxability_override", buyer.exemption)
	return details, buyer, nil
}

// shipFrom is the address that goods are sent from, or nil.
func shipFrom(op *resource.Op) (*object.Object, error) {
	address := op.Params.Object("ship_from_details").Object("address")
	if address == nil {
		return nil, nil
	}
	if !isCountry(address.String("country")) {
		return nil, apierr.Invalid("shipping_address_invalid", "ship_from_details[address]", "The address that goods are shipped from isn't recognized.")
	}
	return address, nil
}
