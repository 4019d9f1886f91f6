package resource

import (
	"strings"

	"sharesmart/internal/clock"
)

// idForm is how the ids of a kind look: behaviour.md 1.1 and 1.2.
type idForm struct {
	prefix string // with its underscore
	shape  idShape
	own    bool // callers may choose the id
}

type idShape uint8

const (
	long    idShape = iota // 24 characters: time, account, randomness
	short                  // 14 characters: minute, randomness
	v2                     // the mode is in the id
	account                // acct_
	session                // cs_test_a1...
	code                   // eight capitals and digits
)

var idForms = map[string]idForm{
	"account":                             {"acct_", account, false},
	"apple_pay_domain":                    {"apwc_", long, false},
	"application_fee":                     {"fee_", long, false},
	"apps.secret":                         {"appsecret_", v2, false},
	"balance_transaction":                 {"txn_", long, false},
	"bank_account":                        {"ba_", long, false},
	"billing.alert":                       {"alrt_", v2, false},
	"billing.credit_balance_transaction":  {"cbtxn_", v2, false},
	"billing.credit_grant":                {"credgr_", v2, false},
	"billing.feedback_option":             {"fbo_", v2, false},
	"billing.meter":                       {"mtr_", v2, false},
	"billing.meter_event_summary":         {"mtrusg_", v2, false},
	"billing_portal.configuration":        {"bpc_", long, false},
	"billing_portal.session":              {"bps_", long, false},
	"capability":                          {"", short, true},
	"card":                                {"card_", long, false},
	"charge":                              {"ch_", long, false},
	"checkout.session":                    {"cs_", session, false},
	"climate.order":                       {"climorder_", long, false},
	"climate.product":                     {"climsku_", short, true},
	"climate.supplier":                    {"climsup_", short, true},
	"confirmation_token":                  {"ctoken_", long, false},
	"country_spec":                        {"", short, true},
	"coupon":                              {"", code, true},
	"credit_note":                         {"cn_", long, false},
	"credit_note_line_item":               {"cnli_", long, false},
	"customer":                            {"cus_", short, true},
	"customer_balance_transaction":        {"cbtxn_", long, false},
	"customer_cash_balance_transaction":   {"ccsbtxn_", long, false},
	"discount":                            {"di_", long, false},
	"dispute":                             {"du_", long, false},
	"entitlements.active_entitlement":     {"ent_", v2, false},
	"entitlements.feature":                {"feat_", v2, false},
	"ephemeral_key":                       {"ephkey_", long, false},
	"event":                               {"evt_", long, false},
	"exchange_rate":                       {"", short, true},
	"extension":                           {"ext_", long, false},
	"fault":                               {"flt_", long, false},
	"fee_refund":                          {"fr_", long, false},
	"file":                                {"file_", long, false},
	"file_link":                           {"link_", long, false},
	"financial_connections.account":       {"fca_", long, false},
	"financial_connections.account_owner": {"fcaown_", long, false},
	"financial_connections.session":       {"fcsess_", long, false},
	"financial_connections.transaction":   {"fctxn_", long, false},
	"forwarding.request":                  {"fwdreq_", long, false},
	"identity.verification_report":        {"vr_", long, false},
	"identity.verification_session":       {"vs_", long, false},
	"grant":                               {"gr_", long, false},
	"install":                             {"ins_", long, false},
	"invoice":                             {"in_", long, false},
	"invoice_payment":                     {"inpay_", long, false},
	"invoice_rendering_template":          {"inrtem_", long, false},
	"invoiceitem":                         {"ii_", long, false},
	"issuing.authorization":               {"iauth_", long, false},
	"issuing.card":                        {"ic_", long, false},
	"issuing.cardholder":                  {"ich_", long, false},
	"issuing.dispute":                     {"idp_", long, false},
	"issuing.personalization_design":      {"ics_", long, false},
	"issuing.physical_bundle":             {"ipb_", long, true},
	"issuing.settlement":                  {"ise_", long, false},
	"issuing.token":                       {"intk_", long, false},
	"issuing.transaction":                 {"ipi_", long, false},
	"item":                                {"li_", long, false},
	"line_item":                           {"il_", long, false},
	"login_code":                          {"lcode_", long, false},
	"mail":                                {"mail_", long, false},
	"mandate":                             {"mandate_", long, false},
	"member_session":                      {"msess_", long, false},
	"order":                               {"or_", long, false},
	"order_return":                        {"orret_", long, false},
	"payment_attempt_record":              {"par_", v2, false},
	"payment_intent":                      {"pi_", long, false},
	"payment_intent_amount_details_line_item": {"uli_", long, false},
	"payment_link":                      {"plink_", long, false},
	"payment_method":                    {"pm_", long, false},
	"payment_method_configuration":      {"pmc_", long, false},
	"payment_method_domain":             {"pmd_", long, false},
	"payment_record":                    {"pr_", v2, false},
	"payout":                            {"po_", long, false},
	"person":                            {"person_", long, false},
	"plan":                              {"plan_", short, true},
	"price":                             {"price_", long, false},
	"product":                           {"prod_", short, true},
	"product_feature":                   {"prodft_", short, false},
	"promotion_code":                    {"promo_", long, false},
	"quote":                             {"qt_", long, false},
	"radar.early_fraud_warning":         {"issfr_", long, false},
	"radar.payment_evaluation":          {"peval_", long, false},
	"radar.value_list":                  {"rsl_", long, false},
	"radar.value_list_item":             {"rsli_", long, false},
	"refund":                            {"re_", long, false},
	"reporting.report_run":              {"frr_", long, false},
	"reporting.report_type":             {"", short, true},
	"review":                            {"prv_", long, false},
	"sandbox":                           {"sbx_", long, false},
	"scheduled_query_run":               {"sqr_", long, false},
	"setup_attempt":                     {"setatt_", long, false},
	"setup_intent":                      {"seti_", long, false},
	"share":                             {"share_", long, false},
	"shipping_rate":                     {"shr_", long, false},
	"sigma.sigma_api_query":             {"qry_", long, false},
	"snapshot":                          {"snap_", long, false},
	"sku":                               {"sku_", short, true},
	"source":                            {"src_", long, false},
	"source_mandate_notification":       {"srcmn_", long, false},
	"source_transaction":                {"srctxn_", long, false},
	"subscription":                      {"sub_", long, false},
	"subscription_item":                 {"si_", short, false},
	"subscription_schedule":             {"sub_sched_", long, false},
	"tax.association":                   {"taxa_", long, false},
	"tax.calculation":                   {"taxcalc_", long, false},
	"tax.calculation_line_item":         {"tax_li_", short, false},
	"tax.registration":                  {"taxreg_", short, false},
	"tax.transaction":                   {"tax_", long, false},
	"tax.transaction_line_item":         {"tax_li_", short, false},
	"tax_code":                          {"txcd_", short, true},
	"tax_id":                            {"txi_", long, false},
	"tax_rate":                          {"txr_", long, false},
	"terminal.configuration":            {"tmc_", short, false},
	"terminal.location":                 {"tml_", short, false},
	"terminal.reader":                   {"tmr_", short, false},
	"test_helpers.test_clock":           {"clock_", long, false},
	"token":                             {"tok_", long, false},
	"topup":                             {"tu_", long, false},
	"transfer":                          {"tr_", long, false},
	"transfer_reversal":                 {"trr_", long, false},
	"treasury.credit_reversal":          {"credrev_", long, false},
	"treasury.debit_reversal":           {"debrev_", long, false},
	"treasury.financial_account":        {"fa_", long, false},
	"treasury.inbound_transfer":         {"ibt_", long, false},
	"treasury.outbound_payment":         {"obp_", long, false},
	"treasury.outbound_transfer":        {"obt_", long, false},
	"treasury.received_credit":          {"rc_", long, false},
	"treasury.received_debit":           {"rd_", long, false},
	"treasury.transaction":              {"trxn_", long, false},
	"treasury.transaction_entry":        {"trxne_", long, false},
	"v2.billing.meter_event_adjustment": {"mtr_event_adj_", v2, false},
	"v2.billing.meter_event_session":    {"mes_", v2, false},
	"v2.core.event":                     {"evt_", v2, false},
	"v2.core.event_destination":         {"ed_", v2, false},
	"webhook_delivery":                  {"whd_", long, false},
	"webhook_endpoint":                  {"we_", long, false},
}

// otherPrefixes are beginnings of ids that tell more than the kind: a payment is a charge without a card.
var otherPrefixes = map[string]string{
	"py_": "charge", "pyr_": "refund", "btok_": "token", "cpt_": "token", "ct_": "token", "cvctok_": "token", "pii_": "token",
}

// prefixOf is the beginning of an id that says that it is of the kind; empty if none does.
func (k *kindInfo) prefixOf(id string) string {
	if k.id.prefix != "" && strings.HasPrefix(id, k.id.prefix) {
		return k.id.prefix
	}
	if prefix, _, _ := strings.Cut(id, "_"); otherPrefixes[prefix+"_"] == k.name {
		return prefix + "_"
	}
	return ""
}

// idFormOf is the form of a kind's ids. A kind without an id of its own (a singleton, an answer that is not kept)
// has none; it is stored under its name.
func idFormOf(kind string) idForm {
	if f, ok := idForms[kind]; ok {
		return f
	}
	return idForm{shape: short, own: true}
}

// newID makes the id of a new object of a kind, in time order. What is made on a test clock is of few seconds, so there the
// order is finer (clock.Order).
func (op *Op) newID(k *kindInfo) string {
	c, ordered := op.engine.clock, op.clock != ""
	switch k.id.shape {
	case short:
		if ordered {
			return op.engine.order.Short(k.id.prefix, op.now)
		}
		return clock.Short(c, k.id.prefix, op.now)
	case v2:
		return clock.V2(c, k.id.prefix, op.now, op.ns.Live)
	case account:
		return clock.Account(c, op.now)
	case session:
		return clock.Session(c, k.id.prefix, op.ns.Live)
	case code:
		return clock.Code(c, 8)
	}
	if ordered {
		return op.engine.order.Long(k.id.prefix, op.ns.Account, op.now)
	}
	return clock.Long(c, k.id.prefix, op.ns.Account, op.now)
}
