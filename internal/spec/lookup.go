package spec

import (
	"slices"
	"strings"
)

type component struct {
	name   string
	schema int32
}

type fixture struct{ resource, document string }

// Operations are all operations, by path and then by method. The result must not be changed.
func Operations() []*Operation { return operationPointers[:] }

// OperationByID finds an operation by its operationId, or returns nil.
func OperationByID(id string) *Operation {
	i, found := slices.BinarySearchFunc(operationsByID[:], id, func(n uint16, id string) int {
		return strings.Compare(operations[n].ID, id)
	})
	if !found {
		return nil
	}
	return &operations[operationsByID[i]]
}

// Component finds a named schema, or returns nil. The name of a resource's schema is its kind.
func Component(name string) *Schema {
	i, found := slices.BinarySearchFunc(components[:], name, func(c component, name string) int {
		return strings.Compare(c.name, name)
	})
	if !found {
		return nil
	}
	return at(components[i].schema)
}

// Fixture is an example of a resource as compact JSON, id and object first, or "" if there is none. Its ids are those
// of nobody's objects.
func Fixture(resource string) string {
	i, found := slices.BinarySearchFunc(fixtures[:], resource, func(f fixture, name string) int {
		return strings.Compare(f.resource, name)
	})
	if !found {
		return ""
	}
	return fixtures[i].document
}

// Resources are the kinds that an object can have, sorted: no deleted_ shapes, no unions. The result must not be
// changed.
func Resources() []string { return resources[:] }

// EventTypes are the types that an event can have, sorted. The result must not be changed.
func EventTypes() []string { return eventTypes[:] }

// IsEventType reports whether events of that type exist.
func IsEventType(s string) bool {
	_, found := slices.BinarySearch(eventTypes[:], s)
	return found
}
