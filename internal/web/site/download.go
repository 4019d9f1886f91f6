package site

import (
	"bytes"
	"net/http"
	"strings"

	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// pack is a file that can be downloaded.
type pack struct{ Browser, Name, File string }

// packs are the files for each kind of browser.
func (v *visit) packs() []pack {
	if v.Pack == nil || !v.House() && v.r.PathValue("extension") != "" {
		return nil
	}
	return []pack{{"chromium", "Chrome, Edge, Brave, Opera", "sharesmart-chromium.zip"}, {"firefox", "Firefox", "sharesmart-firefox.zip"}}
}

// sample is a small extension of a seller's own, with the keys of theirs inside. It is for developers, so it is offered
// where no real money moves.
var sample = pack{"sample", "A sample for developers", "sample.zip"}

// Sample reports whether the sample is offered.
func (v *visit) Sample() bool { return v.Pack != nil && v.Test() && !v.House() }

func showDownload(v *visit) error {
	a := &arrival{Packs: v.packs(), Browser: browserFamily(v.r.UserAgent())}
	if err := v.load(func(op *resource.Op) (err error) {
		if v.Customer != nil {
			a.Code, err = member.PageCode(op, v.Extension, v.session)
		}
		return err
	}); err != nil {
		return err
	}
	return v.show("download", "Download", a)
}

// download packs the extension, with this server's address inside.
func download(v *visit) error {
	var keys []byte
	if err := v.load(func(*resource.Op) error {
		keys = object.AppendValue(nil, v.Extension.Array("keys"), 0)
		return nil
	}); err != nil {
		return err
	}
	packs := v.packs()
	if v.Sample() {
		packs = append(packs, sample)
	}
	for _, p := range packs {
		if p.File != v.r.PathValue("file") {
			continue
		}
		var zip bytes.Buffer
		if err := v.Pack(&zip, p.Browser, PackConfig{Server: v.BaseURL, PublishableKey: v.PublishableKey, Extension: v.Extension.ID(), Name: v.Name(), Keys: keys}); err != nil {
			return err
		}
		v.w.Header().Set("Content-Type", "application/zip")
		v.w.Header().Set("Content-Disposition", `attachment; filename="`+p.File+`"`)
		// A write fails when the client is gone; there is nobody left to tell.
		_, _ = v.w.Write(zip.Bytes())
		return nil
	}
	return v.note(http.StatusNotFound, "There is nothing here", "The address is not complete, or what was here is gone.")
}

// browserFamily is which of the files a browser needs.
func browserFamily(agent string) string {
	if strings.Contains(agent, "Firefox/") {
		return "firefox"
	}
	return "chromium"
}
