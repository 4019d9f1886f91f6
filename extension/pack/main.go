// Command pack writes the extension into a directory, from which a browser can load it unpacked:
//
//	go run ./extension/pack DIR <config.json
//
// The config is what config.js of a packed extension has in it.
package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"log"
	"os"

	"sharesmart/extension"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: pack DIR <config.json")
	}
	if err := pack(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func pack(dir string) error {
	var config extension.Config
	if err := json.NewDecoder(os.Stdin).Decode(&config); err != nil {
		return err
	}
	var archive bytes.Buffer
	if err := extension.Pack(&archive, config); err != nil {
		return err
	}
	files, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		return err
	}
	return os.CopyFS(dir, files)
}
