//go:build !linux || !(amd64 || arm64)

package sqlite

// writeBack leaves all to the sync that follows.
func (c *conn) writeBack(int64) {}
