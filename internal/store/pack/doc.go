// Package pack is how engines of the store write what they keep in quantity: old versions as differences, and the request
// log as compressed blocks with filters. What it makes is part of what is stored.
package pack
