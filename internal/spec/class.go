package spec

// Class says how an operation behaves, and so which part of the engine serves it.
type Class uint8

// The classes. The Sub classes work on an object below another one. A Singleton is the one object at a path, such as
// the discount of a customer. An Action is a verb. A TestHelper is anything below /v1/test_helpers: see Form.
const (
	Create Class = iota + 1
	Retrieve
	Update
	Delete
	List
	Search
	SubCreate
	SubRetrieve
	SubUpdate
	SubDelete
	SubList
	Singleton
	Action
	TestHelper
	Upload
	Download
)

var classNames = [...]string{
	Create: "create", Retrieve: "retrieve", Update: "update", Delete: "delete", List: "list", Search: "search",
	SubCreate: "sub create", SubRetrieve: "sub retrieve", SubUpdate: "sub update", SubDelete: "sub delete", SubList: "sub list",
	Singleton: "singleton", Action: "action", TestHelper: "test helper", Upload: "upload", Download: "download",
}

// String is the class in words: "sub create".
func (c Class) String() string { return classNames[c] }
