package version

import (
	"fmt"
	"strings"
)

// Markdown lists the gates of all versions, the newest first: what the documentation says of them.
func Markdown() string {
	var b strings.Builder
	since := ""
	for _, g := range gates {
		if g.Since != since {
			if since != "" {
				b.WriteByte('\n')
			}
			since = g.Since
			fmt.Fprintf(&b, "### %s\n\n", since)
		}
		fmt.Fprintf(&b, "- **%s** (%s): %s Before: %s\n", g.Name, "`"+strings.Join(g.Objects, "`, `")+"`", g.Newer, lower(g.Older))
	}
	return b.String()
}

// lower begins a sentence that follows a colon.
func lower(sentence string) string {
	if strings.HasPrefix(sentence, "`") {
		return sentence
	}
	return strings.ToLower(sentence[:1]) + sentence[1:]
}
