package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// Numbers of some types are looked up; Stripe's test numbers say what comes of it.
func TestTaxIDVerification(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	for _, c := range []struct{ kind, value, country, first, then string }{
		{"eu_vat", "DE000000000", "DE", "pending", "verified"},
		{"eu_vat", "FR00000000000", "FR", "pending", "verified"},
		{"eu_vat", "ATU11111111", "AT", "pending", "unverified"},
		{"eu_vat", "EL222222222", "GR", "pending", "pending"},
		{"eu_vat", "DE123456789", "DE", "pending", "unavailable"},
		{"eu_vat", "XI123456789", "GB", "pending", "unavailable"},
		{"au_abn", "00 000 000 000", "AU", "pending", "verified"},
		{"gb_vat", "GB111111111", "GB", "pending", "unverified"},
		{"us_ein", "00-0000000", "US", "unavailable", "unavailable"},
		{"eu_oss_vat", "EU123456789", "", "unavailable", "unavailable"},
	} {
		t.Run(c.kind+" "+c.value, func(t *testing.T) {
			made := s.Post("/v1/customers/"+customer+"/tax_ids", "type", c.kind, "value", c.value).OK()
			var country any
			if c.country != "" {
				country = c.country
			}
			wantFields(t, made, map[string]any{"country": country, "verification.status": c.first, "verification.verified_name": nil, "value": c.value})
			var want []string
			if c.first != c.then {
				want = []string{"customer.tax_id.updated"}
			}
			events := wantEvents(t, s, want, func() { later(t, s, 5*time.Second) })
			wantFields(t, s.Get("/v1/customers/"+customer+"/tax_ids/"+made.ID()).OK(), map[string]any{"verification.status": c.then})
			if want != nil {
				wantFields(t, events[0], map[string]any{"data.previous_attributes.verification.status": "pending", "data.object.verification.status": c.then})
			}
		})
	}
}

// Tax ids of customers have events; those of the account have none, and are not looked up.
func TestTaxIDOwners(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	account := s.Post("/v1/accounts", form("type=custom country=DE")...).OK().ID()
	for _, c := range []struct {
		name, form string
		events     []string
		want       map[string]any
	}{
		{"nobody's", "", nil, map[string]any{"owner.type": "self", "customer": nil, "verification": nil}},
		{"one's own", "owner[type]=self", nil, map[string]any{"owner.type": "self", "verification": nil}},
		{"an account's", "owner[type]=account owner[account]=" + account, nil, map[string]any{"owner.type": "account", "owner.account": account, "customer": nil, "verification": nil}},
		{"a customer's", "owner[type]=customer owner[customer]=" + customer, []string{"customer.tax_id.created", "customer.tax_id.updated", "customer.tax_id.deleted"},
			map[string]any{"owner.type": "customer", "owner.customer": customer, "customer": customer, "verification.status": "pending"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantEvents(t, s, c.events, func() {
				made := s.Post("/v1/tax_ids", form("type=eu_vat value=DE000000000 "+c.form)...).OK()
				wantFields(t, made, c.want)
				later(t, s, 5*time.Second)
				wantFields(t, s.Delete("/v1/tax_ids/"+made.ID()).OK(), map[string]any{"deleted": true, "object": "tax_id"})
			})
		})
	}
	refuse(t, s, []refusal{
		{"no account", "/v1/tax_ids", "type=eu_vat value=DE000000000 owner[type]=account", "parameter_missing", "owner[account]", "owner[account]"},
		{"no such customer", "/v1/tax_ids", "type=eu_vat value=DE000000000 owner[type]=customer owner[customer]=cus_none", "resource_missing", "owner[customer]", "cus_none"},
	})
}

// taxIDExamples are numbers of each type, with and without what separates their parts.
const taxIDExamples = `
ad_nrt A-123456-Z|ae_trn 123456789012345|al_tin J12345678N|am_tin 02538904|ao_tin 5123456789|ar_cuit 12-3456789-01|au_abn 12 345 678 912|au_arn 123456789123
aw_tin 12345678|az_tin 0123456789|ba_tin 123456789012|bb_tin 1123456789012|bd_bin 123456789-0123|bf_ifu 12345678A|bg_uic 123456789|bh_vat 123456789012345
bj_ifu 1234567890123|bo_tin 123456789|br_cnpj 01.234.456/5432-10|br_cpf 123.456.789-87|bs_tin 123.456.789|by_tin 123456789|ca_bn 123456789|ca_gst_hst 123456789RT0002
ca_pst_bc PST-1234-5678|ca_pst_mb 123456-7|ca_pst_sk 1234567|ca_qst 1234567890TQ1234|cd_nif A0123456M|ch_uid CHE-123.456.789 HR|ch_vat CHE-123.456.789 MWST|cl_tin 12.345.678-K
cm_niu M123456789000L|cn_tin 123456789012345678|co_nit 123.456.789-0|cr_tin 1-234-567890|cv_nif 213456789|de_stn 1234567890|do_rcn 123-4567890-1|ec_ruc 1234567890001
eg_tin 123456789|es_cif A12345678|et_tin 1234567890|eu_oss_vat EU123456789|eu_vat NL123456789B12|fo_vat 123456|gb_vat GB123456789|ge_vat 123456789|gi_tin 123456
gn_nif 123456789|hk_br 12345678|hr_oib 12345678901|hu_tin 12345678-1-23|ic_nif A12345678|id_npwp 012.345.678.9-012.345|il_vat 000012345|in_gst 12ABCDE3456FGZH
is_vat 123456|it_cf RSSMRA80A01H501U|jp_cn 1234567891234|jp_rn 12345|jp_trn T1234567891234|ke_pin P000111111A|kg_tin 12345678901234|kh_tin 1001-123456789
kr_brn 123-45-67890|kz_bin 123456789012|la_tin 123456789-000|li_uid CHE123456789|li_vat 12345|lk_vat 123456789|ma_vat 12345678|md_vat 1234567|me_pib 12345678
mk_vat MK1234567890123|mr_nif 12345678|mx_rfc ABC010203AB9|my_frp 12345678|my_itn C 1234567890|my_sst A12-3456-78912345|ng_tin 12345678-0001|no_vat 123456789MVA
no_voec 1234567|np_pan 123456789|nz_gst 123456789|om_vat OM1234567890|pe_ruc 12345678901|ph_tin 123456789012|pl_nip 1234567890|py_ruc 12345678-9|ro_tin 1234567890123
rs_pib 123456789|ru_inn 1234567891|ru_kpp 123456789|sa_vat 123456789012345|sg_gst M12345678X|sg_uen 123456789F|si_tin 12345678|sn_ninea 12345672A2|sr_fin 1234567890
sv_nit 1234-567890-123-4|th_vat 1234567891234|tj_tin 123456789|tr_tin 0123456789|tw_vat 12345678|tz_vat 12345678A|ua_vat 123456789|ug_tin 1014751879|us_ein 12-3456789
uy_ruc 123456789012|uz_tin 123456789|uz_vat 123456789012|ve_rif A-12345678-9|vn_tin 1234567890|za_vat 4123456789|zm_tin 1004751879|zw_tin 1234567890`

func TestTaxIDForms(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	examples := map[string]string{}
	for example := range strings.SplitSeq(strings.ReplaceAll(strings.TrimSpace(taxIDExamples), "\n", "|"), "|") {
		kind, value, _ := strings.Cut(example, " ")
		examples[kind] = value
	}
	free := map[string]bool{"gi_tin": true, "ic_nif": true} // their form is not known
	for _, kind := range taxIDTypes() {
		value := examples[kind]
		if value == "" {
			t.Errorf("%s has no example", kind)
			continue
		}
		s.Post("/v1/tax_ids", "type", kind, "value", value).OK()
		if !free[kind] {
			wantFields(t, s.Post("/v1/tax_ids", "type", kind, "value", value+"99X").Fails(400, "tax_id_invalid"), map[string]any{"param": "value", "message": "Invalid value for " + kind + "."})
		}
	}
	for _, value := range strings.Fields("ATU12345678 BE0123456789 BG0123456789 CY12345678Z CZ1234567890 DE123456789 DK12345678 EE123456789 EL123456789 ESA1234567Z FI12345678 FRAB123456789 HR12345678912 " +
		"HU12345678 IE1234567AB IT12345678912 LT123456789123 LU12345678 LV12345678912 MT12345678 NL123456789B12 PL1234567890 PT123456789 RO1234567891 SE123456789123 SI12345678 SK1234567891 XI123456789") {
		s.Post("/v1/tax_ids", "type", "eu_vat", "value", value).OK()
	}
	for _, value := range strings.Fields("DE12345678 FR123456789 US123456789 123456789 ATX12345678") {
		s.Post("/v1/tax_ids", "type", "eu_vat", "value", value).Fails(400, "tax_id_invalid")
	}
}

// taxIDTypes are the types that the spec knows.
func taxIDTypes() []string {
	for _, op := range spec.Operations() {
		if op.ID == "PostTaxIds" {
			return op.Params().Prop("type").Schema().Enum
		}
	}
	return nil
}
