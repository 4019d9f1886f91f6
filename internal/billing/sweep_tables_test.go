package billing_test

// What a sweep cannot read from the spec.

// namedReferences are parameters that hold an id of a kind, where the answer does not say so.
var namedReferences = map[string]string{
	"customer": "customer", "account": "account", "price": "price", "product": "product", "coupon": "coupon",
	"tax_rates": "tax_rate", "products": "product", "default_tax_rates": "tax_rate", "entitlement_feature": "entitlements.feature", "file": "file",
	"subscription": "subscription", "invoice": "invoice", "tax_code": "tax_code", "cardholder": "issuing.cardholder",
	"payment_method": "payment_method", "value_list": "radar.value_list", "location": "terminal.location",
	"financial_account": "treasury.financial_account", "payment_intent": "payment_intent", "charge": "charge",
	"report_type": "reporting.report_type", "setup_intent": "setup_intent", "credit_grant": "billing.credit_grant",
	"meter": "billing.meter", "promotion_code": "promotion_code", "test_clock": "test_helpers.test_clock", "account_tax_ids": "account tax id",
	"shipping_rate": "shipping_rate", "calculation": "tax.calculation", "payment_record": "payment_record",
}

// plausible are values by name, where the first that comes to mind would be refused.
var plausible = map[string]string{
	"email": "jenny.rosen@example.com", "country": "US", "url": "https://example.com/x", "images": "https://example.com/x", "support_url": "https://example.com/x", "return_url": "https://example.com/x",
	"success_url": "https://example.com/x", "cancel_url": "https://example.com/x", "refresh_url": "https://example.com/x",
	"default_return_url": "https://example.com/x", "privacy_policy_url": "https://example.com/x", "terms_of_service_url": "https://example.com/x",
	"domain_name": "example.com", "exp_month": "12", "exp_year": "2030", "number": "4242424242424242", "cvc": "314",
	"phone": "+15555550100", "postal_code": "94103", "amount": "1000", "unit_amount": "1000", "day": "1", "month": "1",
	"year": "1990", "percentage": "20", "percent_off": "25", "currency": "usd", "day_of_month": "1", "hour": "1", "minute": "1",
	"second": "1", "ip": "203.0.113.7", "ip_address": "203.0.113.7", "latitude": "37.7", "longitude": "-122.4", "state": "CA",
	"timezone": "Etc/UTC", "lookup_key": "a_key", "default_currency": "usd",
}

// special are objects of a kind that are not like others of it: a path and a form.
var special = map[string][]string{
	"account tax id": {"/v1/tax_ids", "type", "ad_nrt", "value", "A-123456-Z"},
	"account":        append([]string{"/v1/accounts"}, with(ready, "type", "express")...),
	"good":           {"/v1/products", "name", "Shirt", "type", "good", "attributes[]", "size"},
	"sold extension": {"/v1/extensions", "name", "Clipper", "prices[]", "{recurring}"},
	"recurring":      {"/v1/prices", "product", "{product}", "currency", "usd", "unit_amount", "1000", "recurring[interval]", "month"},
	"subscription":   {"/v1/subscriptions", "customer", "{customer}", "items[0][price]", "{recurring}", "collection_method", "send_invoice", "days_until_due", "3"}, // active at once
	"meter event":    {"/v1/billing/meter_events", "event_name", "used", "identifier", "{unique}", "payload[value]", "1", "payload[stripe_customer_id]", "{customer}", "payload[meter]", "{counting meter}"},
	"counting meter": {"/v1/billing/meters", "display_name", "Uses", "event_name", "used", "default_aggregation[formula]", "sum"},
}

// exclusive are parameters that must not be sent together with others of the same operation, or that would hide the
// object from the lists in which the sweep looks for it.
var exclusive = map[string][]string{
	"PostBillingMeterEvents":              {"payload", "timestamp"},
	"PostBillingCreditGrants":             {"effective_at", "expires_at", "applicability_config[scope][prices]"},
	"PostCharges":                         {"customer", "application_fee", "application_fee_amount"},
	"PostChargesChargeRefunds":            {"payment_intent"},
	"PostPaymentRecordsReportPayment":     {"failed", "outcome", "payment_method_details[payment_method]"},
	"PostReportingReportRuns":             {"parameters[columns]"},
	"PostRefunds":                         {"payment_intent", "customer"},
	"PostSkus":                            {"attributes"},
	"PostOrders":                          {"items", "customer"},
	"PostCoupons":                         {"amount_off", "currency", "currency_options", "duration_in_months"},
	"PostBillingPortalConfigurations":     {"features"},
	"PostBillingPortalSessions":           {"flow_data", "on_behalf_of"},
	"PostCheckoutSessions":                {"adaptive_pricing", "allow_promotion_codes", "customer_creation", "customer_email", "discounts", "excluded_payment_method_types", "expires_at", "line_items", "permissions", "optional_items[0][adjustable_quantity]", "invoice_creation[invoice_data][rendering_options][template]", "payment_method_collection", "redirect_on_completion", "return_url", "ui_mode"},
	"PostPaymentLinks":                    {"after_completion", "invoice_creation[invoice_data][rendering_options][template]", "application_fee_amount", "application_fee_percent", "line_items", "on_behalf_of", "optional_items[0][adjustable_quantity]", "subscription_data", "transfer_data"},
	"PostCustomers":                       {"coupon", "promotion_code", "test_clock", "invoice_settings[default_payment_method]"},
	"PostCustomersCustomerSubscriptions":  {"items", "trial_end", "days_until_due", "cancel_at", "default_payment_method", "default_source", "billing_cycle_anchor_config", "billing_mode", "currency", "application_fee_percent"},
	"PostInvoiceitems":                    {"pricing", "unit_amount_decimal", "invoice", "subscription", "discounts"},
	"PostInvoices":                        {"from_invoice", "days_until_due", "due_date", "shipping_cost[shipping_rate_data]", "default_payment_method", "default_source", "payment_settings[default_mandate]", "rendering[template]", "rendering[template_version]", "account_tax_ids"},
	"PostPaymentIntents":                  {"amount_details[line_items]", "transfer_data[amount]", "automatic_payment_methods", "confirmation_token", "payment_method", "payment_method_data", "confirm"},
	"PostSetupIntents":                    {"automatic_payment_methods", "confirmation_token", "payment_method", "payment_method_data", "confirm"},
	"PostPaymentMethods":                  {"acss_debit", "au_becs_debit", "bacs_debit", "boleto", "custom", "customer", "eps", "fpx", "ideal", "klarna", "naver_pay", "nz_bank_account", "p24", "payment_method", "payto", "sepa_debit", "sofort", "upi", "us_bank_account"},
	"PostPaymentMethodsPaymentMethod":     {"card", "payto", "us_bank_account"},
	"PostPayouts":                         {"destination", "source_type"},
	"PostPlans":                           {"amount_decimal", "meter", "tiers", "tiers_mode"},
	"PostPrices":                          {"unit_amount_decimal", "custom_unit_amount", "tiers", "tiers_mode", "recurring[meter]", "currency_options[eur][custom_unit_amount]", "currency_options[eur][unit_amount_decimal]", "currency_options[eur][tiers]"},
	"PostProducts":                        {"attributes", "caption", "deactivate_on"},
	"PostQuotes":                          {"test_clock", "from_quote", "application_fee_percent", "invoice_settings[days_until_due]", "line_items[0][price_data]", "transfer_data[amount_percent]"},
	"PostPaymentMethodConfigurations":     {"parent"},
	"PostSources":                         {"amount", "au_becs_debit", "bancontact", "card", "currency", "customer", "eps", "flow", "giropay", "ideal", "klarna", "original_source", "receiver", "redirect", "sepa_debit", "sofort", "three_d_secure", "wechat"},
	"PostSubscriptionItems":               {"discounts", "price"},
	"PostSubscriptions":                   {"billing_schedules", "application_fee_percent", "items", "trial_end", "days_until_due", "cancel_at", "default_payment_method", "default_source", "billing_cycle_anchor_config", "billing_mode"},
	"PostSubscriptionSchedules":           {"default_settings[default_payment_method]", "phases[0][default_payment_method]", "phases[0][trial]", "phases[0][discounts][0][coupon]"},
	"PostTaxIds":                          {"owner"},
	"PostTaxCalculations":                 {"customer_details[tax_ids]"},
	"PostTaxRegistrations":                {"country_options"},
	"PostTokens":                          {"account", "bank_account", "cvc_update", "person", "pii"},
	"PostAccounts":                        {"account_token", "controller", "business_type", "individual"},
	"PostAccountsAccountPersons":          {"person_token"},
	"PostAccountsAccountPeople":           {"person_token"},
	"PostAccountsAccountBankAccounts":     {"default_for_currency"},
	"PostAccountsAccountExternalAccounts": {"default_for_currency"},
	"PostAccountLinks":                    {"collect"},
	"PostTransfers":                       {"source_transaction", "source_type"},
	"PostExtensions":                      {"free_price", "prices", "test_clock"},
	"PostExtensionsExtension":             {"free_price", "prices", "test_clock"},
	"PostGrants":                          {"price", "email", "expires_at"},
	"PostInstallsInstall":                 {"client_secret"},
}

// needed are values of parameters by "operation parameter", where the sweep's own would be refused; {kind} stands for
// the id of an object.
var needed = map[string]string{
	"PostBillingMeters event_name":                "{unique}",
	"GetBillingMetersIdEventSummaries start_time": "1788220800",
	"GetBillingMetersIdEventSummaries end_time":   "1788307200",
	"PostFiles purpose":                           "business_logo",
	"PostAccountsAccountReject reason":            "other",
	"PostFiles file":                              "the bytes of a picture",
	"PostCustomers invoice_prefix":                "ABC123",
	"PostTestHelpersFaults fault":                 "delay=1ms",
	"PostTestHelpersFaults path":                  "/v1/nothing",
	"PostRadarValueListItems value":               "{unique}",
	"PostTaxIds value":                            "A-123456-Z",
	"PostCustomersCustomerTaxIds value":           "A-123456-Z",
	"PostRadarValueLists alias":                   "{unique}",
	"PostRadarValueListsValueList alias":          "{unique}",
}

// extra are parameters that an operation needs although the spec does not require them.
var extra = map[string]map[string]string{
	"PostBillingAlerts":                        {"usage_threshold[gte]": "10", "usage_threshold[meter]": "{counting meter}", "usage_threshold[recurrence]": "one_time"},
	"PostBillingCreditGrants":                  {"customer": "{customer}", "amount[monetary][currency]": "usd", "amount[monetary][value]": "1000"},
	"PostBillingMeterEventAdjustments":         {"event_name": "used", "cancel[identifier]": "{new meter event}"},
	"PostBillingMeterEvents":                   {"event_name": "used", "payload[value]": "25", "payload[stripe_customer_id]": "{customer}", "payload[meter]": "{counting meter}"},
	"PostCharges":                              {"amount": "1000", "currency": "usd", "source": "tok_visa"},
	"PostBillingPortalConfigurations":          {"features[invoice_history][enabled]": "true"},
	"PostBillingPortalSessions":                {"customer": "{customer}", "configuration": "{billing_portal.configuration}"},
	"PostCheckoutSessions":                     {"customer": "{customer}", "mode": "payment", "customer_update[name]": "auto", "success_url": "https://example.com/x", "line_items[0][price]": "{price}", "line_items[0][quantity]": "1"},
	"PostPaymentLinks":                         {"line_items[0][price]": "{price}", "line_items[0][quantity]": "1"},
	"PostCoupons":                              {"percent_off": "25"},
	"PostCustomerSessions":                     {"customer": "{customer}"},
	"PostCustomers":                            {"address[country]": "US", "address[postal_code]": "84101"},
	"PostCustomersCustomerBankAccounts":        {"bank_account[country]": "US", "bank_account[account_number]": "000123456789", "bank_account[routing_number]": "110000000"},
	"PostCustomersCustomerCards":               {"source": "tok_visa"},
	"PostCustomersCustomerSources":             {"source": "tok_visa"},
	"PostCustomersCustomerSubscriptions":       {"items[0][price]": "{recurring}", "payment_behavior": "default_incomplete"},
	"PostEphemeralKeys":                        {"customer": "{customer}"},
	"PostInvoiceitems":                         {"customer": "{customer}", "amount": "1000", "currency": "usd"},
	"PostInvoices":                             {"customer": "{customer}"},
	"PostOrders":                               {"items[0][type]": "sku", "items[0][parent]": "{sku}", "shipping[name]": "Jenny", "shipping[address][line1]": "1 Main Street"},
	"PostPaymentMethods":                       {"type": "card", "card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2030"},
	"PostPlans":                                {"product": "{product}", "amount": "1000"},
	"PostPrices":                               {"product": "{product}", "unit_amount": "1000"},
	"PostPromotionCodes":                       {"promotion[coupon]": "{coupon}"},
	"PostQuotes":                               {"line_items[0][price]": "{price}"},
	"PostRefunds":                              {"charge": "{new charge}"},
	"PostShippingRates":                        {"fixed_amount[amount]": "500", "fixed_amount[currency]": "usd"},
	"PostSkus":                                 {"product": "{good}", "attributes[size]": "{unique}", "inventory[type]": "infinite"},
	"PostSubscriptionItems":                    {"subscription": "{subscription}", "price_data[currency]": "usd", "price_data[product]": "{product}", "price_data[recurring][interval]": "month", "price_data[unit_amount]": "7"},
	"PostSubscriptions":                        {"customer": "{customer}", "items[0][price]": "{recurring}", "payment_behavior": "default_incomplete"},
	"PostSubscriptionSchedules":                {"customer": "{customer}", "phases[0][items][0][price]": "{recurring}"},
	"PostSources":                              {"type": "card", "token": "tok_visa"},
	"PostTestHelpersConfirmationTokens":        {"payment_method": "pm_card_visa"},
	"PostTaxCalculations":                      {"customer_details[address][country]": "US", "customer_details[address][postal_code]": "94103", "customer_details[address_source]": "billing"},
	"PostTaxIds":                               {"owner[type]": "customer", "owner[customer]": "{customer}"},
	"PostTaxRegistrations":                     {"country_options[us][type]": "state_sales_tax", "country_options[us][state]": "CA"},
	"PostTokens":                               {"card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2030"},
	"PostCustomersCustomerFundingInstructions": {"currency": "eur", "bank_transfer[eu_bank_transfer][country]": "DE"},
	"PostPaymentRecordsReportPayment":          {"payment_method_details[type]": "custom", "payment_method_details[custom][type]": "cpmt_1"},
	"PostAccountLinks":                         {"return_url": "https://example.com/x", "refresh_url": "https://example.com/x"},
	"PostAccountsAccountBankAccounts":          {"external_account": "btok_us_verified"},
	"PostAccountsAccountExternalAccounts":      {"external_account": "btok_us_verified"},
	"PostTransfers":                            {"amount": "1000"},
	"PostTransfersIdReversals":                 {"amount": "1"},
	"PostGrants":                               {"customer": "{customer}", "extension": "{sold extension}"},
}

// unmade are creates that need more than a few parameters; they have tests of their own, or nothing can make what they
// act on.
var unmade = map[string]string{
	"PostApplicationFeesIdRefunds":       "an application fee comes with a charge for a connected account",
	"PostConfirmationTokens":             "a browser makes it, with a publishable key",
	"PostForwardingRequests":             "a forwarding request is sent to another server",
	"PostCreditNotes":                    "a credit note needs an invoice that was issued",
	"PostInstallsInstallShares":          "a share needs a member on a paid plan who uses the install",
	"PostOrdersIdReturns":                "a return needs an order that was paid",
	"PostV2BillingMeterEventAdjustments": "its body is JSON",
	"PostV2BillingMeterEvents":           "its body is JSON",
	"PostV2CoreEventDestinations":        "its body is JSON",
}

// usesUp are operations that can act on an object of a kind once only.
var usesUp = map[string]string{"PostChargesChargeRefunds": "charge", "PostCustomersCustomerBankAccounts": "customer", "PostTransfersIdReversals": "transfer"}

// readied are actions, with a form, that objects of a kind need before they can be changed.
var readied = map[string][]string{"payment_method": {"attach", "customer", "{customer}"}}

// unlisted are creates whose object the list shows only with a filter that the sweep does not know.
var unlisted = map[string]string{
	"PostTaxIds":                  "the list shows those of the account, whose events are none",
	"PostTreasuryCreditReversals": "the financial account is that of the credit, which nothing makes yet",
	"PostTreasuryDebitReversals":  "the financial account is that of the debit, which nothing makes yet",
}

// known are ids of objects that are there from the beginning and in no list.
var known = map[string]string{"sigma.sigma_api_query": "qry_1charges00000000000000000", "capability": "transfers"}
