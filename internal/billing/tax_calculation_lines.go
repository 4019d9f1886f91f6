package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The lines of a tax calculation, and shipping.

// complete finds the tax code of each line: its own, that of its product, or the account's.
func (c *calculation) complete(op *resource.Op, preset string) error {
	for i, line := range c.lines {
		param := "line_items[" + strconv.Itoa(i) + "]"
		code := line.String("tax_code")
		if id := line.String("product"); id != "" {
			product, err := op.Get("product", id, param+"[product]")
			if err != nil {
				return err
			}
			if code == "" {
				code = product.Ref("tax_code")
			}
		}
		if err := c.add(op, line, code, preset, param); err != nil {
			return err
		}
	}
	if c.shipping == nil {
		return nil
	}
	shipping, code := c.shipping.Clone(), c.shipping.String("tax_code")
	c.shipping = shipping
	if id := shipping.String("shipping_rate"); id != "" {
		rate, err := op.Get("shipping_rate", id, "shipping_cost[shipping_rate]")
		if err != nil {
			return err
		}
		if !shipping.Has("amount") {
			amount, err := shippingAmount(rate, op.Params.String("currency"))
			if err != nil {
				return err
			}
			shipping.Set("amount", amount)
		}
		if behavior := rate.String("tax_behavior"); !shipping.Has("tax_behavior") && behavior != "unspecified" {
			shipping.Set("tax_behavior", behavior)
		}
		if code == "" {
			code = rate.Ref("tax_code")
		}
	} else if !shipping.Has("amount") {
		return missingParam("shipping_cost[amount]")
	}
	return c.add(op, shipping, code, shippingCode, "shipping_cost")
}

// shippingCode is the tax code of shipping.
const shippingCode = "txcd_92010001"

func (c *calculation) add(op *resource.Op, line *object.Object, code, preset, param string) error {
	if code == "" {
		code = preset
	}
	if _, err := op.Get("tax_code", code, param+"[tax_code]"); err != nil {
		return err
	}
	c.sold = append(c.sold, taxable{amount: line.Int("amount"), code: code, inclusive: line.String("tax_behavior") == "inclusive"})
	return nil
}

// shippingAmount is what a shipping rate costs in a currency.
func shippingAmount(rate *object.Object, currency string) (int64, error) {
	fixed := rate.Object("fixed_amount")
	if fixed.String("currency") == currency {
		return fixed.Int("amount"), nil
	}
	if option := fixed.Object("currency_options").Object(currency); option != nil {
		return option.Int("amount"), nil
	}
	return 0, apierr.Invalid("", "shipping_cost[shipping_rate]", "The shipping rate %s has no amount in %s.", rate.ID(), currency)
}

// fill writes the sums into the calculation.
func (c *calculation) fill(op *resource.Op) error {
	o := op.Object
	var total, added, within int64
	for i, s := range c.sold {
		total += s.amount
		if tax := taxOf(c.levies[i]); s.inclusive {
			within += tax
		} else {
			added += tax
		}
	}
	o.Set("amount_total", total+added)
	o.Set("tax_amount_exclusive", added)
	o.Set("tax_amount_inclusive", within)
	o.Set("tax_breakdown", saleBreakdown(c.levies))
	o.Set("shipping_cost", nil)
	if last := len(c.lines); c.shipping != nil {
		cost := object.New(nil)
		c.describe(cost, last)
		if rate := c.shipping.String("shipping_rate"); rate != "" {
			cost.Set("shipping_rate", rate)
		}
		breakdown := lineBreakdown(c.levies[last])
		cost.Set("tax_breakdown", breakdown)
		o.Set("shipping_cost", cost)
	}
	return c.keepLines(op)
}

// describe writes what every line has in common with shipping.
func (c *calculation) describe(o *object.Object, i int) {
	behavior := "exclusive"
	if c.sold[i].inclusive {
		behavior = "inclusive"
	}
	o.Set("amount", c.sold[i].amount)
	o.Set("amount_tax", taxOf(c.levies[i]))
	o.Set("tax_behavior", behavior)
	o.Set("tax_code", c.sold[i].code)
}

// keepLines writes the lines below the calculation: the last first, as lists begin with the newest.
func (c *calculation) keepLines(op *resource.Op) error {
	for i := len(c.lines) - 1; i >= 0; i-- {
		sent := c.lines[i]
		_, err := op.Make("tax.calculation_line_item", op.Object.ID(), object.New(nil), func(op *resource.Op) error {
			line := op.Object
			c.describe(line, i)
			line.Set("metadata", sent.Get("metadata"))
			line.Set("product", textOrNull(sent.String("product")))
			line.Set("quantity", max(sent.Int("quantity"), 1))
			line.Set("reference", sent.String("reference"))
			if sent.String("reference") == "" {
				line.Set("reference", "L"+strconv.Itoa(i+1))
			}
			line.Set("tax_breakdown", lineBreakdown(c.levies[i]))
			return op.Hide(line, "tax_breakdown")
		})
		if err != nil {
			return err
		}
	}
	return nil
}
