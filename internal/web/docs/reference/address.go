package reference

import "strings"

// FieldAddress is where a page shows a field, or one within another, which is one of so many there. The part is "object"
// for attributes, and the operation's anchor for parameters.
func (r *Resource) FieldAddress(part string, path []string, among int) string {
	page, anchor := r.Address(), "#"+part+"."+strings.Join(path, ".")
	if len(path) > shownDepth+1 || len(path) == shownDepth+1 && among > shownMost {
		page += "/parts/" + part + "/" + strings.Join(path[:len(path)-1], "/")
	}
	return page + anchor
}
