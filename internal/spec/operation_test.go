package spec

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The figures of Stripe's own operations were counted by hand from the document.
func TestClassesOfStripesOperations(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		"retrieve": 100, "action": 94, "list": 93, "create": 75, "update": 55, "test helper": 44, "sub list": 29,
		"sub retrieve": 19, "singleton": 18, "delete": 18, "sub create": 16, "sub update": 14, "sub delete": 10,
		"search": 7, "upload": 1, "download": 1,
	}
	got := map[string]int{}
	for _, op := range Operations() {
		if !op.Overlay {
			got[op.Class.String()]++
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("operations by class (-want +got):\n%s", d)
	}
}

func TestOwnOperations(t *testing.T) {
	t.Parallel()
	want := map[string]Class{
		"GET /v1/orders": List, "POST /v1/orders": Create, "GET /v1/orders/{id}": Retrieve, "POST /v1/orders/{id}": Update,
		"POST /v1/orders/{id}/pay": Action, "POST /v1/orders/{id}/returns": SubCreate,
		"GET /v1/files/{file}/contents": Download,
		"GET /v1/mails":                 List, "GET /v1/mails/{mail}": Retrieve,
		"GET /v1/order_returns": List, "GET /v1/order_returns/{id}": Retrieve,
		"GET /v1/skus": List, "POST /v1/skus": Create, "GET /v1/skus/{id}": Retrieve, "POST /v1/skus/{id}": Update,
		"POST /v1/test_helpers/payment_intents/{intent}/authenticate": TestHelper,
		"POST /v1/test_helpers/setup_intents/{intent}/authenticate":   TestHelper,
		"DELETE /v1/skus/{id}": Delete, "POST /v1/ava/endpoint/ids": Action,
		"GET /v1/sandboxes": List, "POST /v1/sandboxes": Create, "GET /v1/sandboxes/{sandbox}": Retrieve,
		"DELETE /v1/sandboxes/{sandbox}": Delete, "POST /v1/sandboxes/{sandbox}/clone": Action,
		"POST /v1/sandboxes/{sandbox}/reset": Action,
		"GET /v1/test_helpers/snapshots":     TestHelper, "POST /v1/test_helpers/snapshots": TestHelper,
		"GET /v1/test_helpers/snapshots/{snapshot}": TestHelper, "DELETE /v1/test_helpers/snapshots/{snapshot}": TestHelper,
		"POST /v1/test_helpers/snapshots/{snapshot}/restore": TestHelper,
		"POST /v1/confirmation_tokens":                       Create, "GET /v1/test_helpers/faults": TestHelper, "POST /v1/test_helpers/faults": TestHelper,
		"GET /v1/test_helpers/faults/{fault}": TestHelper, "DELETE /v1/test_helpers/faults/{fault}": TestHelper,
		"POST /v1/test_helpers/sources/{source}/authenticate":        TestHelper,
		"POST /v1/test_helpers/test_clocks/{test_clock}/step":        TestHelper,
		"POST /v1/test_helpers/checkout/sessions/{session}/complete": TestHelper, "POST /v1/payment_links/{payment_link}/sessions": SubCreate,
		"GET /v1/payment_pages/{session}": Retrieve, "POST /v1/payment_pages/{session}": Update, "POST /v1/payment_pages/{session}/init": Action,
		"POST /v1/payment_pages/{session}/confirm": Action, "GET /v1/payment_pages/{session}/poll": Action,
		"GET /v1/docs_votes": List, "GET /v1/docs_votes/{docs_vote}": Retrieve,
		"GET /v1/elements/sessions": Action, "POST /v1/stripecli/sessions": Action,

		"GET /v1/webhook_deliveries": List, "GET /v1/webhook_deliveries/{webhook_delivery}": Retrieve, "POST /v1/events/{event}/retry": Action,
		"GET /v2/core/event_destinations": List, "POST /v2/core/event_destinations": Create, "GET /v2/core/event_destinations/{id}": Retrieve,
		"POST /v2/core/event_destinations/{id}": Update, "DELETE /v2/core/event_destinations/{id}": Delete,
		"POST /v2/core/event_destinations/{id}/disable": Action, "POST /v2/core/event_destinations/{id}/enable": Action,
		"POST /v2/core/event_destinations/{id}/ping": Action, "GET /v2/core/events": List, "GET /v2/core/events/{id}": Retrieve,
		"POST /v2/billing/meter_events": Create, "POST /v2/billing/meter_event_adjustments": Create,
		"POST /v2/billing/meter_event_session": Create, "POST /v2/billing/meter_event_stream": Action,
		"POST /v1/webhook_endpoints/{webhook_endpoint}/resend": Action, "POST /v1/webhook_endpoints/{webhook_endpoint}/roll_secret": Action,

		"GET /v1/extensions": List, "POST /v1/extensions": Create, "GET /v1/extensions/{extension}": Retrieve, "POST /v1/extensions/{extension}": Update,
		"DELETE /v1/extensions/{extension}": Delete, "GET /v1/extensions/{extension}/prices": SubList,
		"GET /v1/grants": List, "POST /v1/grants": Create, "GET /v1/grants/{grant}": Retrieve, "POST /v1/grants/{grant}": Update, "POST /v1/grants/{grant}/revoke": Action,
		"GET /v1/installs": List, "POST /v1/installs": Create, "GET /v1/installs/{install}": Retrieve, "POST /v1/installs/{install}": Update,
		"POST /v1/installs/{install}/devices": SubList, "POST /v1/installs/{install}/login_codes": SubCreate, "POST /v1/installs/{install}/member": Action,
		"POST /v1/installs/{install}/pair": Action, "POST /v1/installs/{install}/pairing": Action, "POST /v1/installs/{install}/revoke": Action,
		"POST /v1/installs/{install}/shares": SubCreate, "POST /v1/installs/{install}/shares/delete": Action, "POST /v1/installs/{install}/shares/list": SubList,
		"GET /v1/shares": List, "POST /v1/shares": Create, "GET /v1/shares/{share}": Retrieve, "POST /v1/shares/{share}": Update, "DELETE /v1/shares/{share}": Delete,
	}
	got := map[string]Class{}
	for _, op := range Operations() {
		if op.Overlay {
			got[op.Method+" "+op.Path] = op.Class
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("operations of the overlay (-want +got):\n%s", d)
	}
}

// facts are what classification finds out about an operation.
type facts struct {
	Class, Form    Class
	Kind           string
	Kinds          []string
	Target         string
	Targets        []string
	Parent         string
	AnswersDeleted bool
}

func TestClassification(t *testing.T) {
	t.Parallel()
	one := func(kind string) []string { return []string{kind} }
	union := []string{"account", "bank_account", "card", "source"}
	external := []string{"bank_account", "card"}
	for id, want := range map[string]facts{
		"GetAccount":             {Class: Singleton, Kind: "account", Kinds: one("account")},
		"GetCustomersSearch":     {Class: Search, Kind: "customer", Kinds: one("customer")},
		"GetCustomersCustomer":   {Class: Retrieve, Kind: "customer", Kinds: one("customer"), Target: "customer", Targets: one("customer"), AnswersDeleted: true},
		"DeleteCouponsCoupon":    {Class: Delete, Kind: "coupon", Kinds: one("coupon"), Target: "coupon", Targets: one("coupon")},
		"GetBalanceHistory":      {Class: List, Kind: "balance_transaction", Kinds: one("balance_transaction")},
		"GetTaxAssociationsFind": {Class: Action, Kind: "tax.association", Kinds: one("tax.association")},
		"GetTaxSettings":         {Class: Singleton, Kind: "tax.settings", Kinds: one("tax.settings")},
		"GetCreditNotesPreviewLines": {Class: Action, Kind: "credit_note_line_item",
			Kinds: one("credit_note_line_item")},
		"PostPaymentRecordsReportPayment": {Class: Action, Kind: "payment_record", Kinds: one("payment_record")},
		"PostInvoicesInvoicePay":          {Class: Action, Kind: "invoice", Kinds: one("invoice"), Target: "invoice", Targets: one("invoice")},
		"PostChargesChargeDisputeClose":   {Class: Action, Kind: "dispute", Kinds: one("dispute"), Target: "charge", Targets: one("charge")},
		"PostAccountsAccountLoginLinks":   {Class: SubCreate, Kind: "login_link", Kinds: one("login_link"), Target: "account", Targets: one("account"), Parent: "account"},
		"PostCustomersCustomerSources":    {Class: SubCreate, Kind: "source", Kinds: union, Target: "customer", Targets: one("customer"), Parent: "customer"},
		"DeleteCustomersCustomerCardsId":  {Class: SubDelete, Kind: "card", Kinds: union, Target: "card", Targets: one("card"), Parent: "customer"},
		"PostCustomersCustomerSourcesIdVerify": {Class: Action, Kind: "bank_account", Kinds: one("bank_account"),
			Target: "bank_account", Targets: union, Parent: "customer"},
		"DeleteAccountsAccountExternalAccountsId": {Class: SubDelete, Kind: "bank_account", Kinds: external,
			Target: "bank_account", Targets: external, Parent: "account"},
		"DeleteCustomersCustomerSubscriptionsSubscriptionExposedIdDiscount": {Class: Singleton, Kind: "discount",
			Kinds: one("discount"), Target: "subscription", Targets: one("subscription"), Parent: "customer"},
		"PostApplicationFeesFeeRefundsId": {Class: SubUpdate, Kind: "fee_refund", Kinds: one("fee_refund"),
			Target: "fee_refund", Targets: one("fee_refund"), Parent: "application_fee"},
		"PostTestHelpersTestClocks": {Class: TestHelper, Form: Create, Kind: "test_helpers.test_clock",
			Kinds: one("test_helpers.test_clock")},
		"PostTestHelpersRefundsRefundExpire": {Class: TestHelper, Form: Action, Kind: "refund", Kinds: one("refund"),
			Target: "refund", Targets: one("refund")},
		"PostFiles":          {Class: Upload, Kind: "file", Kinds: one("file")},
		"GetQuotesQuotePdf":  {Class: Download, Target: "quote", Targets: one("quote")},
		"PostAvaEndpointIds": {Class: Action},
		"GetSkusId":          {Class: Retrieve, Kind: "sku", Kinds: one("sku"), Target: "sku", Targets: one("sku"), AnswersDeleted: true},
		"PostOrdersIdReturns": {Class: SubCreate, Kind: "order_return", Kinds: one("order_return"), Target: "order",
			Targets: one("order"), Parent: "order"},
	} {
		op := OperationByID(id)
		if op == nil {
			t.Errorf("%s: no such operation", id)
			continue
		}
		if want.Form == 0 {
			want.Form = want.Class
		}
		got := facts{op.Class, op.Form, op.Kind, op.Kinds, op.Target, op.Targets, op.Parent, op.AnswersDeleted}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", id, d)
		}
	}
}

func TestEveryOperationIsWhole(t *testing.T) {
	t.Parallel()
	for _, op := range Operations() {
		for _, kind := range slices.Concat(op.Kinds, op.Targets) {
			if _, live := slices.BinarySearch(Resources(), kind); !live {
				t.Errorf("%s: %s is no resource", op.ID, kind)
			}
		}
		for _, c := range []struct {
			what  string
			holds bool
		}{
			{"Kinds holds Kind", op.Kind == "" || slices.Contains(op.Kinds, op.Kind)},
			{"Targets holds Target", op.Target == "" || slices.Contains(op.Targets, op.Target)},
			{"Target exactly with path parameters", (op.Target == "") == (len(op.PathParams) == 0)},
			{"Parent when there are several parameters", op.Parent != "" || len(op.PathParams) < 2},
			{"parameters are an object", op.Params() != nil && op.Params().Kind == Object},
			{"no path parameter among the others", !slices.ContainsFunc(op.PathParams, func(p string) bool { return op.Params().Prop(p) != nil })},
			{"no answer only for downloads and Ava", (op.Response() == nil) == (op.Class == Download || op.ID == "PostAvaEndpointIds")},
			{"multipart exactly for uploads", op.Multipart == (op.Class == Upload)},
			{"Form is Class but for test helpers", op.Form == op.Class || op.Class == TestHelper && strings.HasPrefix(op.Path, "/v1/test_helpers/")},
			{"found by its id", OperationByID(op.ID) == op},
		} {
			if !c.holds {
				t.Errorf("%s %s: %s: does not hold", op.Method, op.Path, c.what)
			}
		}
	}
	if OperationByID("") != nil || OperationByID("PostNothing") != nil {
		t.Error("an operation was found that does not exist")
	}
}

func TestParamsHoldQueryAndBody(t *testing.T) {
	t.Parallel()
	list := OperationByID("GetInvoices").Params()
	created := list.Prop("created").Schema()
	if len(created.AnyOf()) != 2 || created.AnyOf()[0].Prop("gte").Schema().Kind != Integer || created.AnyOf()[1].Kind != Integer {
		t.Errorf("created is %+v, want a range or an integer", created)
	}
	search := OperationByID("GetChargesSearch").Params().Prop("query")
	if search == nil || !search.Required {
		t.Error("search: query is not required")
	}
	create := OperationByID("PostPaymentIntents").Params()
	if p := create.Prop("amount"); p == nil || !p.Required || p.Schema().Kind != Integer {
		t.Errorf("amount is %+v", p)
	}
	if p := create.Prop("currency"); p == nil || p.Schema().Format != Currency {
		t.Errorf("currency is %+v", p)
	}
	metadata := create.Prop("metadata").Schema().Additional()
	if metadata == nil || metadata.Kind != String || create.Additional() != nil {
		t.Error("metadata is no map of strings, or unnamed parameters are allowed")
	}
	unset := OperationByID("PostCustomersCustomer").Params().Prop("metadata").Schema().AnyOf()
	if len(unset) != 2 || !slices.Equal(unset[1].Enum, []string{""}) {
		t.Errorf("metadata of an update is %v, want a map or an empty string", unset)
	}
	file := OperationByID("PostFiles").Params()
	if file.Prop("file").Schema().Format != Binary || !file.Prop("purpose").Schema().Open {
		t.Error("file upload: file is not binary, or purpose not open")
	}
}
