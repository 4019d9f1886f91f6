package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A source is how a customer paid otherwise than by card, before payment methods.
//
//	(new) --needs nothing more--> chargeable --charged, if it is for one use--> consumed
//	(new) --holder must agree, or send money--> pending --agrees, money comes--> chargeable
//	                                            pending --refuses--> failed
//	pending or chargeable, for one use --six hours--> canceled
//	with a customer --DELETE--> consumed
//
// What each type takes and shows is in source_types.go, how one is charged in source_charge.go.
//
// Emits source.chargeable, .failed, .canceled, .transaction.created, .mandate_notification, and customer.source.created,
// .updated, .deleted.
func init() {
	register(resource.Rules{
		Object: "source", Unmerged: append([]string{"customer", "redirect", "receiver"}, sourceTypes...),
		Prepare: checkSource, Create: createSource, Created: announceSource, Update: updateSource, Delete: detachSource,
		EventFamily: func(o *object.Object) string {
			if o.Ref("customer") != "" {
				return "customer.source"
			}
			return "source"
		},
		Actions: resource.Actions{
			"POST /v1/sources/{source}/verify":                    verifySource,
			"POST /v1/test_helpers/sources/{source}/authenticate": authenticateSource,
		},
		Timers: map[string]resource.Hook{sourceExpiry: expireSource, sourceReceipt: receiveMoney},
	})
}

const (
	// sourceExpiry is the timer that ends a source for one use that nobody charged.
	sourceExpiry = "source.expire"
	// sourceLife is how long such a source can be used.
	sourceLife = 6 * time.Hour
)

// checkSource looks for what a source of its type needs.
func checkSource(op *resource.Op) error {
	if op.Params.Has("original_source") {
		return nil
	}
	params := op.Params
	kind := params.String("type")
	form, known := sourceForms[kind]
	switch {
	case kind == "":
		return missingParam("type")
	case !known:
		return apierr.Invalid("", "type", "Sources of type %s cannot be created through the API.", kind)
	case form.currency != "" && !params.Has("currency"):
		return missingParam("currency")
	case form.currency != "" && form.currency != anyCurrency && params.String("currency") != form.currency && kind != "p24":
		return apierr.Invalid("", "currency", "Sources of type %s must have the currency %s.", kind, form.currency)
	case form.usage == "single_use" && kind != "card" && !params.Has("amount"):
		return missingParam("amount")
	case form.flow == "redirect" && params.Object("redirect").String("return_url") == "":
		return missingParam("redirect[return_url]")
	}
	return nil
}

func createSource(op *resource.Op) error {
	src := op.Object
	if err := testOnly(op, "A source"); err != nil {
		return err
	}
	src.Set("client_secret", "src_client_secret_"+op.Secret(24))
	for _, name := range []string{"customer", "code_verification", "receiver", "redirect"} {
		src.Delete(name)
	}
	if id := op.Params.String("original_source"); id != "" {
		return copySource(op, id)
	}
	kind := op.Params.String("type")
	form := sourceForms[kind]
	src.Set("type", kind)
	src.Set("flow", form.flow)
	src.Set("usage", form.usage)
	if usage := op.Params.String("usage"); usage != "" {
		src.Set("usage", usage)
	}
	src.Set("status", form.status())
	src.Set("owner", sourceOwner(op.Params.Object("owner")))
	form.showFlow(op)
	typed, err := typedSource(op, kind)
	if err != nil {
		return err
	}
	src.Set(kind, shaped(spec.Component("source").Prop(kind).Schema(), typed...))
	return keepMandate(op, src)
}

// sourceOwner has every field of an owner, those that were not given as null.
func sourceOwner(given *object.Object) *object.Object {
	owner := object.New(nil)
	owner.Set("address", nil)
	if address := given.Object("address"); address != nil {
		owner.Set("address", fullBillingDetails(given).Object("address"))
	}
	for _, name := range []string{"email", "name", "phone"} {
		owner.Set(name, textOrNull(given.String(name)))
	}
	for _, name := range []string{"verified_address", "verified_email", "verified_name", "verified_phone"} {
		owner.Set(name, nil)
	}
	return owner
}

// copySource makes a source of a connected account out of one of the platform.
func copySource(op *resource.Op, id string) error {
	platform, err := op.In(op.Platform())
	if err != nil {
		return err
	}
	from, err := platform.Get("source", id, "original_source")
	if err != nil {
		return err
	}
	if from.String("usage") != "reusable" || from.String("status") != "chargeable" {
		return apierr.Invalid("invalid_source_usage", "original_source", "Only a source that is reusable and chargeable can be shared.")
	}
	kind := from.String("type")
	for _, name := range []string{"type", "flow", "usage", "status", "owner", "currency", "statement_descriptor", kind} {
		if v, isObject := from.Get(name).(*object.Object); isObject {
			op.Object.Set(name, v.Clone())
		} else {
			op.Object.Set(name, from.Get(name))
		}
	}
	return nil
}

// announceSource says that a source can be charged, or waits for what makes it so.
func announceSource(op *resource.Op) error {
	src := op.Object
	if src.String("usage") == "single_use" {
		if err := op.SetTimer(sourceExpiry, src, op.Now().Add(sourceLife)); err != nil {
			return err
		}
	}
	if src.String("status") == "chargeable" {
		return op.Emit("source.chargeable", src)
	}
	return awaitMoney(op, src)
}

// authenticateSource does what the holder does on the page of a redirect.
func authenticateSource(op *resource.Op) error {
	outcome := op.Params.String("outcome")
	return settleSource(op, op.Object, outcome == "" || outcome == "succeeded")
}

// settleSource is how the page of a redirect ends: the holder agrees or refuses.
// Emits source.chargeable or source.failed.
func settleSource(op *resource.Op, src *object.Object, agreed bool) error {
	if src.String("status") != "pending" {
		return apierr.Invalid("invalid_source_usage", "", "This source has a status of %s: it cannot be authorized any more.", src.String("status"))
	}
	redirect := src.Object("redirect")
	if !agreed {
		src.Set("status", "failed")
		if redirect != nil {
			redirect.Set("status", "failed")
			redirect.Set("failure_reason", "user_abort")
		}
		op.Save(src)
		return op.Emit("source.failed", src)
	}
	if redirect != nil {
		redirect.Set("status", "succeeded")
	}
	if part := src.Object("three_d_secure"); part != nil {
		part.Set("authenticated", true)
	}
	return makeChargeable(op, src)
}

func makeChargeable(op *resource.Op, src *object.Object) error {
	src.Set("status", "chargeable")
	if owner := src.Object("owner"); owner != nil {
		owner.Set("verified_name", owner.Get("name"))
	}
	op.Save(src)
	return op.Emit("source.chargeable", src)
}

// expireSource ends a source that was not charged in time.
// Emits source.canceled.
func expireSource(op *resource.Op) error {
	switch src := op.Object; src.String("status") {
	case "pending", "chargeable":
		src.Set("status", "canceled")
		op.Save(src)
		return op.Emit("source.canceled", src)
	}
	return nil
}

func updateSource(op *resource.Op) error {
	if op.Params.Has("amount") && op.Before.String("status") != "pending" && op.Before.String("usage") == "single_use" {
		return apierr.Invalid("invalid_source_usage", "amount", "The amount of a source can be changed only while it is pending.")
	}
	if owner := op.Params.Object("owner"); owner.Object("address") != nil {
		op.Object.Sub("owner").Set("address", fullBillingDetails(op.Object.Object("owner")).Object("address"))
	}
	return keepMandate(op, op.Object)
}

// attachLegacySource gives a source to a customer.
// Emits customer.source.created.
func attachLegacySource(op *resource.Op, customer, id, param string) (*object.Object, error) {
	src, err := op.Get("source", id, param)
	if err != nil {
		return nil, err
	}
	switch status := src.String("status"); {
	case src.Ref("customer") != "":
		return nil, apierr.Invalid("", param, "The source %s is already attached to a customer.", id)
	case status != "chargeable" && status != "pending":
		return nil, apierr.Invalid("invalid_source_usage", param, "The source you provided is in a %s state: it cannot be attached to a customer.", status)
	}
	if src.String("type") == "card" {
		if declined := bank.Verify(processor.Method{Type: "card", Card: keptCard(op, src.Object("card")).card}); declined != nil {
			return nil, cardError(declined, "")
		}
	}
	src.Set("customer", customer)
	op.Save(src)
	if err := op.Emit("customer.source.created", src); err != nil {
		return nil, err
	}
	return src, defaultTo(op, src)
}

// detachSource takes a source from its customer. It cannot be used any more.
// Emits customer.source.deleted.
func detachSource(op *resource.Op) error {
	src := op.Object
	customer := src.Ref("customer")
	src.Set("status", "consumed")
	src.Delete("customer")
	op.Save(src)
	if err := op.Emit("customer.source.deleted", src); err != nil {
		return err
	}
	op.Result = src
	if err := forgetLegacyMethod(op, src.ID()); err != nil {
		return err
	}
	return replaceDefault(op, customer, src.ID())
}

// verifySource takes the code, or the amounts of the deposits, that prove a source to be its holder's.
// Emits source.chargeable, or source.failed after too many guesses.
func verifySource(op *resource.Op) error {
	src := op.Object
	if src.String("flow") != "code_verification" {
		return apierr.Invalid("invalid_source_usage", "", "A source of type %s needs no verification.", src.String("type"))
	}
	if src.String("status") != "pending" {
		return apierr.Invalid("invalid_source_usage", "", "This source has a status of %s: it cannot be verified.", src.String("status"))
	}
	amounts, code := depositCode(op.Params.Array("values"))
	state := src.Sub("code_verification")
	switch bank.CheckDeposits(sourceBank(op, src), amounts, code) {
	case processor.DepositsMatch:
		state.Set("status", "succeeded")
		return makeChargeable(op, src)
	case processor.DepositsDiffer:
		state.Set("attempts_remaining", state.Int("attempts_remaining")-1)
	default:
		state.Set("attempts_remaining", 0)
	}
	op.Save(src)
	if state.Int("attempts_remaining") == 0 {
		state.Set("status", "failed")
		src.Set("status", "failed")
		if err := op.Emit("source.failed", src); err != nil {
			return err
		}
	}
	return resource.ErrKept{Err: depositsFailed("The values provided do not match those that were sent to the bank account.")}
}
