package billing

import (
	"regexp"
	"strings"
)

// The forms of tax ids, after what separates their parts was taken out. They say which numbers there can be, and nothing
// of check digits. A type that is not here may have any value.

// validTaxID reports whether a number can be one of its type.
func validTaxID(kind, value string) bool {
	form, known := taxIDForms[kind]
	if !known {
		return value != ""
	}
	plain := strings.NewReplacer(" ", "", "-", "", ".", "", "/", "").Replace(strings.ToUpper(value))
	return regexp.MustCompile("^(?:" + form + ")$").MatchString(plain)
}

var taxIDForms = map[string]string{
	"ad_nrt": `[A-Z]\d{6}[A-Z]`, "ae_trn": `\d{15}`, "al_tin": `[A-Z]\d{8}[A-Z]`, "am_tin": `\d{8}`, "ao_tin": `\d{10}`, "ar_cuit": `\d{11}`,
	"au_abn": `\d{11}`, "au_arn": `\d{12}`, "aw_tin": `\d{8}`, "az_tin": `\d{10}`, "ba_tin": `\d{12}`, "bb_tin": `\d{13}`, "bd_bin": `\d{13}`,
	"bf_ifu": `\d{8}[A-Z]`, "bg_uic": `\d{9}`, "bh_vat": `\d{15}`, "bj_ifu": `\d{13}`, "bo_tin": `\d{7,12}`, "br_cnpj": `[0-9A-Z]{12}\d{2}`,
	"br_cpf": `\d{11}`, "bs_tin": `\d{9}`, "by_tin": `\d{9}`, "ca_bn": `\d{9}`, "ca_gst_hst": `\d{9}RT\d{4}`, "ca_pst_bc": `PST\d{8}`,
	"ca_pst_mb": `\d{7}`, "ca_pst_sk": `\d{7}`, "ca_qst": `\d{10}TQ\d{4}`, "cd_nif": `[A-Z]\d{7}[A-Z]`, "ch_uid": `CHE\d{9}(HR)?`,
	"ch_vat": `CHE\d{9}(MWST|TVA|IVA|HR)?`, "cl_tin": `\d{7,8}[0-9K]`, "cm_niu": `[A-Z]\d{12}[A-Z]`, "cn_tin": `[0-9A-Z]{15}|[0-9A-Z]{17,18}|[0-9A-Z]{20}`,
	"co_nit": `\d{9,10}`, "cr_tin": `\d{9,12}`, "cv_nif": `\d{9}`, "de_stn": `\d{10,13}`, "do_rcn": `\d{9}|\d{11}`, "ec_ruc": `\d{13}`,
	"eg_tin": `\d{9}`, "es_cif": `[A-Z]\d{7}[0-9A-Z]|\d{8}[A-Z]`, "et_tin": `\d{10}`, "eu_oss_vat": `EU\d{9}`, "eu_vat": euForms, "fo_vat": `\d{6}`,
	"gb_vat": `(XI|GB)(\d{9}|\d{12}|GD\d{3}|HA\d{3})`, "ge_vat": `\d{9}`, "gn_nif": `\d{9}`, "hk_br": `\d{8}(\d{3})?`, "hr_oib": `\d{11}`,
	"hu_tin": `\d{11}`, "id_npwp": `\d{15,16}`, "il_vat": `\d{9}`, "in_gst": `\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]{3}`, "is_vat": `\d{5,6}`,
	"it_cf": `[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]|\d{11}`, "jp_cn": `\d{13}`, "jp_rn": `\d{5}`, "jp_trn": `T\d{13}`, "ke_pin": `[A-Z]\d{9}[A-Z]`,
	"kg_tin": `\d{14}`, "kh_tin": `[A-Z]?\d{12,13}`, "kr_brn": `\d{10}`, "kz_bin": `\d{12}`, "la_tin": `\d{12}`, "li_uid": `CHE\d{9}`, "li_vat": `\d{5}`,
	"lk_vat": `\d{9}(\d{4})?`, "ma_vat": `\d{8}`, "md_vat": `\d{7}`, "me_pib": `\d{8}`, "mk_vat": `MK\d{13}`, "mr_nif": `\d{8}`, "mx_rfc": `[A-ZÑ&]{3,4}\d{6}[0-9A-Z]{3}`,
	"my_frp": `\d{8}`, "my_itn": `[A-Z]{1,2}\d{8,12}`, "my_sst": `[A-Z]\d{14}`, "ng_tin": `\d{8}(\d{4})?`, "no_vat": `\d{9}MVA`, "no_voec": `\d{7}`,
	"np_pan": `\d{9}`, "nz_gst": `\d{8,9}`, "om_vat": `OM\d{10}`, "pe_ruc": `\d{11}`, "ph_tin": `\d{9}(\d{3})?`, "pl_nip": `\d{10}`, "py_ruc": `\d{7,9}`,
	"ro_tin": `\d{13}|\d{2,10}`, "rs_pib": `\d{9}`, "ru_inn": `\d{10}|\d{12}`, "ru_kpp": `\d{4}[0-9A-Z]{2}\d{3}`, "sa_vat": `\d{15}`,
	"sg_gst": `M[0-9A-Z]\d{7}[A-Z]|M\d{8}[A-Z]|\d{9}[A-Z]`, "sg_uen": `\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z]`, "si_tin": `\d{8}`, "sn_ninea": `\d{7,8}[0-9A-Z]{2,3}`,
	"sr_fin": `\d{10}`, "sv_nit": `\d{14}`, "th_vat": `\d{13}`, "tj_tin": `\d{9}`, "tr_tin": `\d{10}`, "tw_vat": `\d{8}`, "tz_vat": `\d{8}[A-Z]`,
	"ua_vat": `\d{9,12}`, "ug_tin": `\d{10}`, "us_ein": `\d{9}`, "uy_ruc": `\d{12}`, "uz_tin": `\d{9}`, "uz_vat": `\d{12}`, "ve_rif": `[JGVEPC]\d{9}|[A-Z]\d{9}`,
	"vn_tin": `\d{10}(\d{3})?`, "za_vat": `4\d{9}`, "zm_tin": `\d{10}`, "zw_tin": `\d{10}`,
}

// euForms are those of the member states, and of Northern Ireland.
const euForms = `ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|ES[0-9A-Z]\d{7}[0-9A-Z]|FI\d{8}|FR[0-9A-Z]{2}\d{9}|` +
	`HR\d{11}|HU\d{8}|IE\d[0-9A-Z+*]\d{5}[A-Z]{1,2}|IT\d{11}|LT(\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|RO\d{2,10}|SE\d{12}|SI\d{8}|` +
	`SK\d{10}|XI(\d{9}|\d{12}|GD\d{3}|HA\d{3})`
