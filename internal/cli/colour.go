package cli

import "strings"

// colourJSON gives JSON colours: names, texts, and what is neither.
func (a *app) colourJSON(text string) string {
	if !a.Stdout.Colour || a.settings.json {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			end := endOfString(text, i)
			word := text[i:end]
			if strings.HasPrefix(strings.TrimLeft(text[end:], " "), ":") {
				b.WriteString(a.Stdout.Name(word))
			} else {
				b.WriteString(a.Stdout.Good(word))
			}
			i = end
		case strings.IndexByte("-0123456789tfn", c) >= 0:
			end := i + 1
			for end < len(text) && strings.IndexByte(",]}\n ", text[end]) < 0 {
				end++
			}
			b.WriteString(a.Stdout.Warn(text[i:end]))
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// endOfString is the place after the string that begins at a quote.
func endOfString(text string, from int) int {
	for i := from + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// chooseColour sets whether there are colours, as the user wants it.
func (a *app) chooseColour() error {
	value, from, err := a.value("color")
	switch {
	case err != nil:
		return err
	case value == "on":
		a.Stdout.Colour = true
	case value == "off":
		a.Stdout.Colour = false
	case value != "auto":
		return usage("%s is %q: write on, off or auto", from, value)
	}
	return nil
}

// status gives a status code the colour of how it went.
func (a *app) status(code int, text string) string {
	switch {
	case code >= 500:
		return a.Stdout.Bad(text)
	case code >= 400:
		return a.Stdout.Warn(text)
	}
	return a.Stdout.Good(text)
}
