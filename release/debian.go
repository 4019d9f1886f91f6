package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// packaged are the files of the Debian package, by where they go: where they are from, and their modes.
var packaged = []struct {
	to, from string
	mode     os.FileMode
}{
	{"usr/lib/systemd/system/sharesmart.service", "release/debian/sharesmart.service", 0o644},
	{"etc/sharesmart/sharesmart.yaml", "release/debian/sharesmart.yaml", 0o644},
	{"usr/share/doc/sharesmart/copyright", "LICENSE", 0o644},
	{"usr/share/doc/sharesmart/NOTICE", "NOTICE", 0o644},
	{"usr/share/doc/sharesmart/CHANGELOG.md", "CHANGELOG.md", 0o644},
	{"DEBIAN/conffiles", "release/debian/conffiles", 0o644},
	{"DEBIAN/postinst", "release/debian/postinst", 0o755},
	{"DEBIAN/prerm", "release/debian/prerm", 0o755},
}

// debian makes the package with dpkg-deb, which takes times from SOURCE_DATE_EPOCH.
func (b *build) debian(dir, program, machine string) (string, error) {
	root := filepath.Join(dir, "package")
	files := append(packaged[:len(packaged):len(packaged)], struct {
		to, from string
		mode     os.FileMode
	}{"usr/bin/sharesmart", program, 0o755})
	for _, f := range files {
		data, err := os.ReadFile(f.from)
		if err != nil {
			return "", err
		}
		to := filepath.Join(root, f.to)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := errors.Join(os.WriteFile(to, data, f.mode), os.Chmod(to, f.mode)); err != nil {
			return "", err
		}
	}
	control, err := os.ReadFile("release/debian/control")
	if err != nil {
		return "", err
	}
	text := strings.NewReplacer("VERSION", b.version, "ARCHITECTURE", machine).Replace(string(control))
	if err := os.WriteFile(filepath.Join(root, "DEBIAN/control"), []byte(text), 0o644); err != nil {
		return "", err
	}
	if err := openUp(root); err != nil {
		return "", err
	}
	name := fmt.Sprintf("sharesmart_%s_%s.deb", b.version, machine)
	cmd := exec.Command("dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, filepath.Join(b.out, name))
	cmd.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", b.made.Unix()))
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("dpkg-deb: %w: %s", err, text)
	}
	return name, nil
}

// openUp gives directories, and the file of the package's control data, the modes that the builder's umask may have kept from them.
func openUp(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.Chmod(path, 0o755)
		case d.Name() == "control":
			return os.Chmod(path, 0o644)
		}
		return nil
	})
}
