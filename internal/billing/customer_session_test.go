package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestCustomerSessionFeatures(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	places := map[string]string{"CUSTOMER": s.Post("/v1/customers").OK().ID(), "GONE": s.Post("/v1/customers").OK().ID()}
	s.Delete("/v1/customers/" + places["GONE"]).OK()
	const element = "customer=CUSTOMER components[payment_element][enabled]=true components[payment_element][features]"
	for _, c := range []struct {
		form, code, param string
		want              map[string]any
	}{
		{form: "customer=CUSTOMER components[customer_sheet][enabled]=true components[mobile_payment_element][enabled]=true", want: map[string]any{
			"components.customer_sheet.features.payment_method_allow_redisplay_filters": []any{"always"}, "components.customer_sheet.features.payment_method_remove": "disabled",
			"components.mobile_payment_element.features.payment_method_redisplay": "disabled", "components.payment_element.features": nil, "components.buy_button.enabled": false,
		}},
		{form: element + "[payment_method_redisplay]=enabled " + "components[payment_element][features][payment_method_redisplay_limit]=10", want: map[string]any{
			"components.payment_element.features.payment_method_redisplay_limit": 10, "components.payment_element.features.payment_method_save": "disabled",
		}},
		{form: element + "[payment_method_save]=enabled components[payment_element][features][payment_method_save_usage]=off_session", want: map[string]any{
			"components.payment_element.features.payment_method_save_usage": "off_session",
		}},
		{form: "components[payment_element][enabled]=true", code: "parameter_missing", param: "customer"},
		{form: "customer=cus_nobody components[payment_element][enabled]=true", code: "resource_missing", param: "customer"},
		{form: "customer=GONE components[payment_element][enabled]=true", code: "resource_missing", param: "customer"},
		{form: "customer=CUSTOMER", code: "parameter_missing", param: "components"},
		{form: "customer=CUSTOMER components[payment_element][enabled]=false", param: "components"},
		{form: "customer=CUSTOMER components[payment_element][enabled]=false components[payment_element][features][payment_method_save]=enabled", param: "components[payment_element][features]"},
		{form: element + "[payment_method_redisplay_limit]=11", param: "components[payment_element][features][payment_method_redisplay_limit]"},
		{form: element + "[payment_method_redisplay_limit]=0", param: "components[payment_element][features][payment_method_redisplay_limit]"},
	} {
		a := s.Post("/v1/customer_sessions", form(filled(c.form, places))...)
		if c.want != nil {
			wantFields(t, a.OK(), c.want)
		} else if e := a.Fails(400, c.code); e.String("param") != c.param {
			t.Errorf("%s: param %q, want %q", c.form, e.String("param"), c.param)
		}
	}
}
