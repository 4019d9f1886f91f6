package param

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sharesmart/internal/apierr"
)

// Names and values in messages are cut to these many characters.
const (
	longName  = 100
	longValue = 100
	longPath  = 500
)

// elide shortens a text by its middle, so that a message stays short whatever was sent.
func elide(s string, most int) string {
	if len(s) <= most || utf8.RuneCountInString(s) <= most {
		return s
	}
	r := []rune(s)
	return string(r[:10]) + "..." + string(r[len(r)-10:])
}

func errEscape(from source) *apierr.Error {
	return apierr.Validation("", "", "Invalid request: the %s holds an invalid percent-encoding.", from)
}

func errNUL(from source) *apierr.Error {
	return apierr.Validation("", "", "Invalid request: the %s holds a NUL character.", from)
}

func errUTF8(from source) *apierr.Error {
	return apierr.Validation("", "", "Invalid UTF-8 characters found in %s.", from)
}

func errTooMany() *apierr.Error {
	return apierr.Validation("", "", "Invalid request: more than %d parameters.", maxPairs)
}

func errTooDeep(head string) *apierr.Error {
	head = elide(head, longName)
	return apierr.Validation("", head, "Invalid request: %s is nested deeper than %d levels.", head, maxDepth)
}

func errName(name string) *apierr.Error {
	name = elide(name, longName)
	if name == "" {
		return apierr.Validation("", "", "Invalid request: a parameter has no name.")
	}
	return apierr.Validation("", name, "Invalid parameter name: %s", name)
}

func errJSON() *apierr.Error {
	return apierr.Validation("", "", "Invalid request (check that your POST content type is application/x-www-form-urlencoded).")
}

func errContentType(contentType string) *apierr.Error {
	return apierr.Validation("", "", "Invalid request: unsupported Content-Type %s.", elide(strings.ToValidUTF8(contentType, "?"), longName))
}

func errObject(path string) *apierr.Error {
	return apierr.Validation("", path, "Invalid object")
}

func errArray(path string) *apierr.Error {
	return apierr.Validation("", path, "Invalid array")
}

func errMissing(path string) *apierr.Error {
	return apierr.Validation("parameter_missing", path, "Missing required param: %s.", path)
}

// errEmpty is for a value that cannot be taken away.
func errEmpty(path string) *apierr.Error {
	return apierr.Validation("parameter_invalid_empty", path, "You passed an empty string for '%[1]s'. We assume empty values are an attempt to unset a "+
		"parameter; however '%[1]s' cannot be unset. You should remove '%[1]s' from your request or supply a non-empty value.", path)
}

func errInteger(path, value string) *apierr.Error {
	return apierr.Validation("parameter_invalid_integer", path, "Invalid integer: %s", elide(value, longValue))
}

func errLess(path string, least int64) *apierr.Error {
	return apierr.Validation("parameter_invalid_integer", path, "This value must be greater than or equal to %d.", least)
}

func errMore(path string, most int64) *apierr.Error {
	return apierr.Validation("parameter_invalid_integer", path, "This value must be less than or equal to %d.", most)
}

func errTimestamp(path string) *apierr.Error {
	return apierr.Validation("", path, "Invalid timestamp: must be an integer")
}

func errBoolean(path, value string) *apierr.Error {
	return apierr.Validation("", path, "Invalid boolean: %s", elide(value, longValue))
}

func errDecimal(path, value string) *apierr.Error {
	return apierr.Validation("", path, "Invalid decimal: %s", elide(value, longValue))
}

func errString(path, value string) *apierr.Error {
	return apierr.Validation("", path, "Invalid string: %s", elide(value, longValue))
}

// TooLong is the error for a text of more characters than its place has.
func TooLong(path, value string, most int32) *apierr.Error {
	return apierr.Validation("", path, "Invalid string: %s; must be at most %d characters", elide(value, 23), most)
}

func errFile(path string) *apierr.Error {
	return apierr.Validation("", path, "Invalid file: %s must be uploaded as multipart/form-data, with a file name", path)
}

func errEnum(path string, allowed []string) *apierr.Error {
	return apierr.Validation("", path, "Invalid %s: must be one of %s", path, anyOf(allowed))
}

// anyOf is a list in words: a, b, or c. The empty string is not named.
func anyOf(words []string) string {
	var named []string
	for _, w := range words {
		if w != "" {
			named = append(named, w)
		}
	}
	switch n := len(named); n {
	case 0:
		return ""
	case 1:
		return named[0]
	case 2:
		return named[0] + " or " + named[1]
	default:
		return strings.Join(named[:n-1], ", ") + ", or " + named[n-1]
	}
}

func errMetadataCount(path string, n int) *apierr.Error {
	return apierr.Validation("", path, "Metadata can have up to %d keys, but you've set %d.", maxKeys, n)
}

// errMetadataPair is for a key or a value that is too long.
func errMetadataPair(path, key, value string) *apierr.Error {
	what, text, most := "value", value, maxValue
	if tooMany(key, maxKey) {
		what, text, most = "key", key, maxKey
	}
	return apierr.Validation("", path, "Metadata %[1]ss can have up to %[2]d characters, but you passed in a %[1]s that is %[3]d characters. Invalid %[1]s: %[4]s",
		what, most, utf8.RuneCountInString(text), elide(text, longValue))
}

func errMetadataType(path, value string) *apierr.Error {
	return apierr.Validation("", path, "Invalid value type: %s must be a string", elide(value, longValue))
}

func errUnknown(paths []string, more int, suggestion string) *apierr.Error {
	message := "Received unknown parameters: " + strings.Join(paths, ", ")
	if len(paths) == 1 {
		message = "Received unknown parameter: " + paths[0]
	}
	switch {
	case more > 0:
		message += ", and " + strconv.Itoa(more) + " more"
	case suggestion != "":
		message += ". Did you mean " + suggestion + "?"
	}
	return apierr.Validation("parameter_unknown", paths[0], "%s", message)
}
