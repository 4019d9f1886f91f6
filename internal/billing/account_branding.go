package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// brandAccount lets everybody see the icon and the logo that an account was given, by a link to the file. Only files that
// were uploaded for that are shown.
func brandAccount(op *resource.Op, a *object.Object) error {
	sent := op.Params.Object("settings").Object("branding")
	for _, name := range []string{"icon", "logo"} {
		if !sent.Has(name) {
			continue
		}
		address := ""
		file, err := op.Find("file", sent.String(name))
		if err != nil {
			return err
		}
		if file != nil {
			if purpose := file.String("purpose"); purpose != "business_icon" && purpose != "business_logo" {
				return apierr.Invalid("", "settings[branding]["+name+"]", "The file %s was uploaded with the purpose %s. The purpose must be business_icon or business_logo.", file.ID(), purpose)
			}
			link, err := op.Create("file_link", newParams("file", file.ID()))
			if err != nil {
				return err
			}
			address = link.String("url")
		}
		private, err := op.Private(a)
		if err != nil {
			return err
		}
		brand.Picture(private, name, address)
		if err := op.SetPrivate(a, private); err != nil {
			return err
		}
	}
	return nil
}
