package spelling

import "testing"

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"https", "https", 0}, {"htps", "https", 1}, {"demo", "dmeo", 2}, {"", "url", 3}, {"kitten", "sitting", 3}} {
		if got := Distance(tt.a, tt.b); got != tt.want {
			t.Errorf("from %q to %q it is %d, not %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"email", "name", "metadata", "mail"}
	for _, tt := range []struct {
		name string
		most int
		want string
	}{{"emial", 2, "email"}, {"mial", 2, "mail"}, {"mail", 0, "mail"}, {"nam", 1, "name"}, {"nam", 0, ""}, {"elephant", 3, ""}, {"", 3, ""}} {
		if got := Nearest(tt.name, known, tt.most); got != tt.want {
			t.Errorf("%q within %d stands for %q, not %q", tt.name, tt.most, got, tt.want)
		}
	}
}
