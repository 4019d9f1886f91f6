package clock

import (
	"strings"
	"time"
)

// base62 is the alphabet of ids, in the order that makes their time parts sort.
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// epoch is second zero of the times in ids: 2012-07-15T21:56:20Z.
const epoch = 1342389380

// tailLength is how much of an account's id is repeated in the long ids of its objects.
const tailLength = 10

// Long makes an id whose body is "1", the second, the account's tail and eight random characters:
// cn_1FWqvi2eZvKYlo2CZd3TwT6n. The prefix has its underscore.
func Long(c Clock, prefix, account string, t time.Time) string {
	return string(appendRandom(appendLong(prefix, account, t), c, base62, longTail))
}

// longTail and shortTail are how many characters of those forms are random.
const longTail, shortTail = 8, 10

func appendLong(prefix, account string, t time.Time) []byte {
	b := make([]byte, 0, len(prefix)+24)
	b = append(b, prefix...)
	b = append(b, '1')
	b = appendTime(b, seconds(t), 5)
	return append(b, Tail(account)...)
}

// Short makes an id whose body is the minute and ten random characters: sku_G3qQngkSaByvzT.
func Short(c Clock, prefix string, t time.Time) string {
	return string(appendRandom(appendShort(prefix, t), c, base62, shortTail))
}

func appendShort(prefix string, t time.Time) []byte {
	b := append(make([]byte, 0, len(prefix)+14), prefix...)
	return appendTime(b, seconds(t)/60, 4)
}

// V2 makes an id in the manner of API v2, where the mode is in the id:
// feat_test_61QGU1MWyFMSP9YBZ41ClCIKljWvsTgu, or feat_61... in live mode.
func V2(c Clock, prefix string, t time.Time, live bool) string {
	b := make([]byte, 0, len(prefix)+37)
	b = append(b, prefix...)
	if !live {
		b = append(b, "test_"...)
	}
	b = append(b, "61"...)
	b = appendTime(b, seconds(t), 5)
	return string(appendRandom(b, c, base62, 25))
}

// Account makes an account's id: acct_1032D82eZvKYlo2C. Its last ten characters are the account's tail.
func Account(c Clock, t time.Time) string {
	b := append(make([]byte, 0, 21), "acct_1"...)
	b = appendTime(b, seconds(t), 5)
	return string(appendRandom(b, c, base62, tailLength))
}

// Session makes the id of a checkout session: cs_test_a1 and 56 random characters.
func Session(c Clock, prefix string, live bool) string {
	mode := "test_a1"
	if live {
		mode = "live_a1"
	}
	b := append(make([]byte, 0, len(prefix)+len(mode)+56), prefix...)
	b = append(b, mode...)
	return string(appendRandom(b, c, base62, 56))
}

// Code makes n capitals and digits, as in the id of a coupon: Z4OV52SU.
func Code(c Clock, n int) string {
	return string(appendRandom(make([]byte, 0, n), c, base62[:36], n))
}

// Secret makes n characters that nobody can guess.
func Secret(c Clock, n int) string {
	return string(appendRandom(make([]byte, 0, n), c, base62, n))
}

// Tail is the part of an account's id that its objects' ids carry. An id that is too short is filled up with zeros,
// so that every long id has its length.
func Tail(account string) string {
	account = account[strings.LastIndexByte(account, '_')+1:]
	if len(account) < tailLength {
		return strings.Repeat("0", tailLength-len(account)) + account
	}
	return account[len(account)-tailLength:]
}

// seconds is the time since epoch, at least zero.
func seconds(t time.Time) uint64 { return uint64(max(t.Unix()-epoch, 0)) }

// appendTime appends the n lowest digits of v. Five digits of seconds last until 2041, four of minutes until 2040;
// after that they begin again, which costs ids their order and nothing else.
func appendTime(dst []byte, v uint64, n int) []byte {
	for range n {
		dst = append(dst, 0)
	}
	putBase62(dst[len(dst)-n:], v)
	return dst
}

// putBase62 fills dst with the lowest digits of v.
func putBase62(dst []byte, v uint64) {
	for i := len(dst) - 1; i >= 0; i-- {
		dst[i] = base62[v%62]
		v /= 62
	}
}

// appendRandom appends n characters of the alphabet, each as likely as any other: bytes beyond the last whole
// multiple of the alphabet's length are thrown away.
func appendRandom(dst []byte, c Clock, alphabet string, n int) []byte {
	limit := 256 - 256%len(alphabet)
	var random [64]byte
	for n > 0 {
		p := random[:min(n+n/8+2, len(random))]
		c.Random(p)
		for _, r := range p {
			if int(r) < limit && n > 0 {
				dst = append(dst, alphabet[int(r)%len(alphabet)])
				n--
			}
		}
	}
	return dst
}

// Kin makes an id for what comes of the object with a long id: a charge of its payment intent, a refund of its charge.
// The first 17 characters after the prefix are the same, so they carry the time of the first.
func Kin(c Clock, prefix, id string) string {
	b := appendKin(prefix, id)
	return string(appendRandom(b, c, base62, max(7, cap(b)-len(b))))
}

func appendKin(prefix, id string) []byte {
	body := id[strings.LastIndexByte(id, '_')+1:]
	b := append(make([]byte, 0, len(prefix)+24), prefix...)
	return append(b, body[:min(len(body), 17)]...)
}
