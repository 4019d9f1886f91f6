// Package static owns what all pages look like: the tokens (colours, sizes, spaces) and the components.
package static

import _ "embed"

// Tokens are the colours, sizes and spaces that every page is made of.
//
//go:embed tokens.css
var Tokens string

// Base are the components that more than one page uses.
//
//go:embed base.css
var Base string

// Form are the components of forms: fields, and the notices that stand above them.
//
//go:embed form.css
var Form string

// Frame is what is around the pages of members and the documentation: the bar, one column, the foot.
//
//go:embed frame.css
var Frame string
