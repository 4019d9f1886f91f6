package object

// spare is the room that a clone has for further fields: the optional ones that a create sets.
const spare = 8

// Clone is a deep copy. It takes three allocations, one each for all objects, fields and elements, and one
// more for each array that is not empty.
func (o *Object) Clone() *Object {
	if o == nil {
		return nil
	}
	var c cloner
	c.count(o)
	nested := c.nFields - len(o.fields)
	all := make([]field, c.nFields+spare)
	c.fields = all[:0:nested]
	c.objects = make([]Object, 1, c.nObjects)
	if c.nElements > 0 {
		c.elements = make([]any, 0, c.nElements)
	}
	top := &c.objects[0]
	top.schema, top.fields = o.schema, all[nested:c.nFields]
	c.copyFields(top.fields, o.fields)
	return top
}

// cloneValue is a deep copy of any value.
func cloneValue(v any) any {
	switch v := v.(type) {
	case *Object:
		return v.Clone()
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = cloneValue(v[i])
		}
		return list
	}
	return v
}

// cloner hands out parts of three slices that are exactly large enough.
type cloner struct {
	nObjects, nFields, nElements int

	objects  []Object
	fields   []field
	elements []any
}

func (c *cloner) count(o *Object) {
	c.nObjects++
	c.nFields += len(o.fields)
	for i := range o.fields {
		c.countValue(o.fields[i].value)
	}
}

func (c *cloner) countValue(v any) {
	switch v := v.(type) {
	case *Object:
		c.count(v)
	case []any:
		c.nElements += len(v)
		for i := range v {
			c.countValue(v[i])
		}
	}
}

func (c *cloner) copyFields(dst, src []field) {
	for i := range src {
		dst[i] = field{src[i].name, c.value(src[i].value)}
	}
}

func (c *cloner) value(v any) any {
	switch v := v.(type) {
	case *Object:
		return c.object(v)
	case []any:
		if len(v) == 0 {
			return noElements
		}
		return c.list(v)
	}
	return v
}

func (c *cloner) object(o *Object) *Object {
	c.objects = append(c.objects, Object{schema: o.schema})
	made := &c.objects[len(c.objects)-1]
	from, to := len(c.fields), len(c.fields)+len(o.fields)
	c.fields = c.fields[:to]
	made.fields = c.fields[from:to:to]
	c.copyFields(made.fields, o.fields)
	return made
}

func (c *cloner) list(list []any) []any {
	from, to := len(c.elements), len(c.elements)+len(list)
	c.elements = c.elements[:to]
	made := c.elements[from:to:to]
	for i := range list {
		made[i] = c.value(list[i])
	}
	return made
}
