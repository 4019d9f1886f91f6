package reference

import "html/template"

// Sample is a program as it is shown.
type Sample struct {
	Lang, Name string
	Text       string
	HTML       template.HTML
}
