package billing

import (
	"mime"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/param"
	"sharesmart/internal/resource"
)

// A file is a document that was uploaded for a purpose, which says what it may be, how large, and how long it is kept.
//
//	(new) --expires_at passes--> its bytes are not given out any more
//
// Emits file.created.
func init() {
	register(resource.Rules{Object: "file", Create: checkFile, Created: linkFile, Resolve: testDocument})
}

// purpose is what Stripe's guide to file uploads says of one: https://docs.stripe.com/file-upload. Sizes are those of
// the guide, up to what a request may hold.
type purpose struct {
	types  []string // none is any
	size   int
	months int // how long it is kept; 0 is for ever
	days   int
	link   bool // anybody may be given a link to it
}

const (
	kilobyte = 1 << 10
	megabyte = 1 << 20

	pdf, jpeg, png, gif, svg = "application/pdf", "image/jpeg", "image/png", "image/gif", "image/svg+xml"
	plain, markdown, comma   = "text/plain", "text/markdown", "text/csv"
	word                     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	sheet                    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	android                  = "application/vnd.android.package-archive"
)

var (
	papers   = []string{pdf, jpeg, png}
	pictures = []string{jpeg, png, gif}

	purposes = map[string]purpose{
		"account_requirement":          {types: papers, size: 16 * megabyte},
		"additional_verification":      {types: papers, size: 16 * megabyte},
		"business_icon":                {types: pictures, size: 512 * kilobyte, link: true},
		"business_logo":                {types: pictures, size: 512 * kilobyte, link: true},
		"customer_signature":           {types: []string{jpeg, png, svg}, size: 4 * megabyte, days: 7, link: true},
		"dispute_evidence":             {types: papers, size: 5 * megabyte, months: 9, link: true},
		"identity_document":            {types: papers, size: 16 * megabyte},
		"issuing_regulatory_reporting": {types: []string{"application/json"}, size: 256 * kilobyte, months: 24, link: true},
		"pci_document":                 {types: []string{pdf}, size: 16 * megabyte, link: true},
		"platform_terms_of_service":    {types: []string{pdf, plain, markdown}, size: 16 * megabyte},
		"tax_document_user_upload":     {types: []string{pdf, comma, jpeg, png, sheet, word}, size: 16 * megabyte, link: true},
		"terminal_android_apk":         {types: []string{android}, size: 16 * megabyte, link: true},
		"terminal_reader_splashscreen": {types: pictures, size: 2 * megabyte, link: true},
		"terminal_wifi_certificate":    {size: megabyte},
		"terminal_wifi_private_key":    {size: megabyte},
		// What the server itself makes.
		"finance_report_run":    {size: 16 * megabyte, link: true},
		"sigma_scheduled_query": {size: 16 * megabyte, link: true},
	}

	// endings are what the end of a file's name says of its type.
	endings = map[string]string{
		".pdf": pdf, ".jpg": jpeg, ".jpeg": jpeg, ".png": png, ".gif": gif, ".svg": svg, ".txt": plain, ".md": markdown, ".csv": comma,
		".docx": word, ".xlsx": sheet, ".apk": android, ".json": "application/json",
	}
)

// checkFile holds an upload against its purpose.
func checkFile(op *resource.Op) error {
	name, upload := op.Params.String("purpose"), op.Files["file"]
	p, known := purposes[name]
	switch {
	case !known:
		return apierr.Invalid("", "purpose", "Invalid purpose: %s.", name)
	case len(upload.Data) == 0:
		return apierr.Invalid("", "file", "The file is empty.")
	case len(upload.Data) > p.size:
		return apierr.Invalid("", "file", "The file is too large: it has %d bytes, and a file with the purpose %s can have at most %d.", len(upload.Data), name, p.size)
	}
	if len(p.types) > 0 {
		found := typeAmong(upload, p.types)
		if found == "" {
			return apierr.Invalid("", "file", "We don't currently support that file type. Try uploading a file with one of the following mimetypes: %s.", strings.Join(p.types, ", "))
		}
		upload.ContentType = found
	} else {
		upload.ContentType = "application/octet-stream"
	}
	op.Files["file"] = upload
	if p.months > 0 || p.days > 0 {
		op.Object.Set("expires_at", op.Now().AddDate(0, p.months, p.days).Unix())
	}
	return nil
}

// typeAmong is the type of an upload, if it is one of those allowed: by its first bytes, else by its name, else by what
// its sender says. Tests upload a few words as a picture, so the bytes need not fit.
func typeAmong(upload param.File, allowed []string) string {
	declared, _, err := mime.ParseMediaType(upload.ContentType)
	if err != nil {
		declared = ""
	}
	sniffed, _, _ := strings.Cut(http.DetectContentType(upload.Data), ";")
	for _, found := range []string{sniffed, endings[strings.ToLower(filepath.Ext(upload.Name))], declared} {
		if slices.Contains(allowed, found) {
			return found
		}
	}
	return ""
}

// linkFile makes the link that an upload may ask for.
func linkFile(op *resource.Op) error {
	asked := op.Params.Object("file_link_data")
	if !asked.Bool("create") {
		return nil
	}
	_, err := op.Create("file_link", newParams("file", op.Object.ID(), "expires_at", asked.Get("expires_at"), "metadata", asked.Get("metadata")))
	return within(err, "file_link_data")
}

// shownLinks is how many links a file shows, the newest first.
const shownLinks = 10

// showLink keeps a link on its file as it is now.
func showLink(op *resource.Op, link *object.Object) error {
	file, err := op.Find("file", link.Ref("file"))
	if err != nil || file == nil {
		return err
	}
	list := file.Object("links")
	links := slices.Clone(list.Array("data"))
	i := slices.IndexFunc(links, func(l any) bool { return l.(*object.Object).ID() == link.ID() })
	switch {
	case i >= 0:
		links[i] = link.Clone()
	case link.Int("created") == op.Now().Unix():
		links = slices.Insert(links, 0, any(link.Clone()))
	default:
		return nil // an older one that is not shown any more
	}
	if len(links) > shownLinks {
		links = links[:shownLinks]
		list.Set("has_more", true)
	}
	list.Set("data", links)
	op.Save(file)
	return nil
}
