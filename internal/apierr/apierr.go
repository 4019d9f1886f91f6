// Package apierr owns the one error type that the API answers with.
//
// An error is made where the fact is known and encoded once, at the edge. Anything that is not an *Error is a
// fault of ours: the edge logs it and answers a neutral 500.
// Types, codes and statuses: Stripe's "Errors" and "Error codes" pages. SDKs choose their exception class by status
// (Node, Python, Ruby) or by type (Go), so both must be exact.
package apierr

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// The types that official SDKs know.
const (
	TypeAPI         = "api_error"
	TypeCard        = "card_error"
	TypeIdempotency = "idempotency_error"
	TypeInvalid     = "invalid_request_error"
)

// Error is one API error. Empty attributes are left out of the answer.
type Error struct {
	Status      int    // HTTP status
	Type        string // one of the Type constants
	Code        string // a documented code, or empty
	Message     string
	Param       string // bracket path as it was sent: items[0][price]
	DeclineCode string
	AdviceCode  string // what the seller should do after a decline
	NetworkCode string // network_decline_code: what the bank said, in the numbers of the card network
	Charge      string // id of the failed charge
	UserMessage string

	// Objects that travel whole with the error (payment_intent, setup_intent, payment_method, source), as JSON.
	Objects map[string][]byte

	// Retry is sent as Stripe-Should-Retry; SDKs obey it before their own rules.
	Retry bool
	// Early marks an error raised before the operation began (decoding, validation, authentication, limits):
	// such an answer is not kept for its idempotency key.
	Early bool
}

func (e *Error) Error() string {
	if e.Code != "" {
		return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, e.Type, e.Message)
}

// As returns the API error in err's chain, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Invalid is a 400 for a bad request: code and param may be empty.
func Invalid(code, param, format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Type: TypeInvalid, Code: code, Param: param, Message: fmt.Sprintf(format, args...)}
}

// Validation is an Invalid found before the operation began.
func Validation(code, param, format string, args ...any) *Error {
	e := Invalid(code, param, format, args...)
	e.Early = true
	return e
}

// Missing says that no object of that kind has that id. The id was in the path (404).
func Missing(kind, id, param string) *Error {
	return &Error{Status: http.StatusNotFound, Type: TypeInvalid, Code: "resource_missing", Param: param,
		Message: "No such " + Noun(kind) + ": '" + id + "'"}
}

// MissingRef is Missing for an id that was in a parameter (400).
func MissingRef(kind, id, param string) *Error {
	e := Missing(kind, id, param)
	e.Status = http.StatusBadRequest
	return e
}

// Card is a 402: the parameters were right and the payment failed.
func Card(code, declineCode, param, message string) *Error {
	return &Error{Status: http.StatusPaymentRequired, Type: TypeCard, Code: code, DeclineCode: declineCode, Param: param, Message: message}
}

// NotImplemented names a rule that is not written yet.
func NotImplemented(operation string) *Error {
	return &Error{Status: http.StatusNotImplemented, Type: TypeAPI, Code: "not_implemented", Early: true,
		Message: operation + " is not implemented by this server yet."}
}

// Internal is what a caller sees of a fault of ours.
func Internal() *Error {
	return &Error{Status: http.StatusInternalServerError, Type: TypeAPI, Message: "An unknown error occurred."}
}

// Noun is how a message names a kind: Stripe writes "No such customer", "No such payment_intent".
func Noun(kind string) string {
	if noun, ok := nouns[kind]; ok {
		return noun
	}
	return kind[strings.LastIndexByte(kind, '.')+1:]
}

// Title is how a message begins with a kind: "Coupon already exists."
func Title(kind string) string {
	noun := strings.ReplaceAll(Noun(kind), "_", " ")
	if noun == "" {
		return "Object"
	}
	return strings.ToUpper(noun[:1]) + noun[1:]
}

var nouns = map[string]string{
	"payment_method": "PaymentMethod", "checkout.session": "checkout.session", "subscription_item": "subscription_item",
}
