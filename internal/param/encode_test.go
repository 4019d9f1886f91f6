package param

import (
	"strings"
	"testing"

	"sharesmart/internal/object"

	"github.com/google/go-cmp/cmp"
)

func parse(t testing.TB, text string) *object.Object {
	t.Helper()
	o, err := object.Parse([]byte(text), nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

func TestEncode(t *testing.T) {
	t.Parallel()
	tests := []struct{ params, want string }{
		{`{}`, ""},
		{`{"b":"x y&z=ü","a":1}`, "a=1&b=x+y%26z%3D%C3%BC"},
		{`{"yes":true,"no":false,"none":null,"n":-1,"f":1.50}`, "f=1.50&n=-1&no=false&none=&yes=true"},
		{`{"metadata":{"b":"2","a":"1"},"empty":{},"list":[]}`, "empty=&list=&metadata[a]=1&metadata[b]=2"},
		{`{"items":[{"q":1,"p":"x"},"y",[1,[2]]]}`, "items[0][p]=x&items[0][q]=1&items[1]=y&items[2][0]=1&items[2][1][0]=2"},
		{`{"expand":["0","1","2","3","4","5","6","7","8","9","10"]}`, "expand[0]=0&expand[1]=1&expand[2]=2&expand[3]=3&expand[4]=4&expand[5]=5&expand[6]=6&expand[7]=7&expand[8]=8&expand[9]=9&expand[10]=10"},
		{`{"metadata":{"a[b]":"c~.-_"}}`, "metadata[a%5Bb%5D]=c~.-_"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, Encode(parse(t, test.params))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.params, diff)
		}
	}
	if Encode(nil) != "" {
		t.Error("nothing has text")
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	var got []string
	for name, value := range Pairs(parse(t, `{"b":"x y","a":{"z z":[true,{"y":1}]},"c":2,"d":3}`)) {
		if name == "d" {
			t.Error("went on after the end")
		}
		got = append(got, name+" "+value)
		if name == "c" {
			break
		}
	}
	if diff := cmp.Diff([]string{"b x y", "a[z z][0] true", "a[z z][1][y] 1", "c 2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	tests := []struct{ params, want string }{
		{`{"b":"x","a":1,"empty":""}`, "b=x&a=1&empty="},
		{`{"card":{"number":"4242 4242-4242 4242","cvc":"123","exp_month":1}}`, "card[number]=****4242&card[cvc]=****&card[exp_month]=1"},
		{`{"card":{"number":"INV-1"}}`, "card[number]=INV-1"},
		{`{"source":"378282246310005","description":"4000000000000002","metadata":{"card":"5555 5555 5555 4444"}}`, "source=****0005&description=****0002&metadata[card]=****4444"},
		{`{"description":"4000000000000003","n":"1700000000000"}`, "description=4000000000000003&n=1700000000000"},
		{`{"bank_account":{"account_number":"000123456789","routing_number":"110000000"}}`, "bank_account[account_number]=****6789&bank_account[routing_number]=110000000"},
		{`{"sepa_debit":{"iban":"DE89370400440532013000"},"x":{"account_number":"1234"}}`, "sepa_debit[iban]=****3000&x[account_number]=****"},
		{`{"key":"pk_test_1","x":{"key":"k"}}`, "key=****&x[key]=k"},
		{`{"client_secret":"pi_1_secret_2","webhook_secret":"x","password":"p"}`, "client_secret=****&webhook_secret=****&password=****"},
		{`{"intent":"pi_1_secret_2"}`, "intent=pi_1_secret_****"},
		{`{"source":"tok_visa","card":"btok_1","external_account":"ct_1","k":"sk_live_abc","w":"whsec_1","c":"cus_1"}`, "source=tok_****&card=btok_****&external_account=ct_****&k=sk_live_****&w=whsec_****&c=cus_1"},
		{`{"secret":"sk_test_abc","token":"tok_1"}`, "secret=sk_test_****&token=tok_****"},
		{`{"individual":{"id_number":"000000000","ssn_last_4":"0000"},"pii":{"personal_id_number":"1"},"pin":{"encrypted_number":"x"}}`, "individual[id_number]=****&individual[ssn_last_4]=****&pii[personal_id_number]=****&pin[encrypted_number]=****"},
		{`{"payload":"s3cret","event":{"payload":{"value":"25"}}}`, "payload=****&event[payload][value]=25"},
		{`{"tokens":["tok_1",{"cvc":"9"}]}`, "tokens[0]=tok_****&tokens[1][cvc]=****"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, Mask(parse(t, test.params))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.params, diff)
		}
	}
}

// TestMaskLeavesNothing looks for the secrets themselves in what Mask makes of a whole request.
func TestMaskLeavesNothing(t *testing.T) {
	t.Parallel()
	in, err := Decode(operation(t, "PostPaymentMethods"), "", "", []byte("type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2030&card[cvc]=314&us_bank_account[account_number]=000123456789"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"42424242", "314", "00012345"} {
		if text := Mask(in.Params); strings.Contains(text, secret) {
			t.Errorf("%s is in %s", secret, text)
		}
	}
}
