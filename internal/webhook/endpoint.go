package webhook

import (
	"slices"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

type namespace = *access.Namespace

// endpoint is what a sender has to know of one: as it was read, and never changed.
type endpoint struct {
	id, kind, url, version string
	enabled                bool
	self, others           bool // whether it hears of its own account, and of connected ones
	thin                   bool // it is sent notifications without the object
	all                    bool
	types                  []string
	secrets                []secret
	chaos                  *chaos
	standing
}

// standing is what deliveries make of an endpoint. It changes without a change of the endpoint's object, so it is as it
// was when that was read.
type standing struct {
	failing int64 // since when it fails, in unix seconds; zero if the last attempt succeeded
	warned  bool  // the owner was told
	drawn   int64 // how many deliveries chaos was drawn for
}

// secret signs until a time; zero is for ever.
type secret struct {
	text  string
	until int64
}

// askedFor are the events that an endpoint which hears of all events does not hear of unless it names them.
var askedFor = []string{"issuing_authorization.request"}

// wants reports whether an endpoint hears of an event: a connected account's (foreign), or one that is thin alone.
func (e *endpoint) wants(eventType string, foreign, thin bool) bool {
	if !e.enabled || foreign && !e.others || !foreign && !e.self {
		return false
	}
	if thin {
		return e.thin && (e.all || slices.Contains(e.types, eventType))
	}
	if e.thin {
		return slices.Contains(e.types, thinPrefix+eventType) || e.all
	}
	return slices.Contains(e.types, eventType) || e.all && !slices.Contains(askedFor, eventType)
}

// secretsAt are those that sign at a time, the newest first.
func (e *endpoint) secretsAt(now int64) []string {
	var all []string
	for _, s := range e.secrets {
		if s.until == 0 || now < s.until {
			all = append(all, s.text)
		}
	}
	return all
}

func newEndpoint(o, private *object.Object) *endpoint {
	e := &endpoint{
		id: o.ID(), kind: kindEndpoint, url: o.String("url"), version: o.String("api_version"), enabled: o.String("status") == "enabled",
		secrets: []secret{{text: private.String("secret")}}, chaos: chaosOf(o),
	}
	e.standing = standing{failing: private.Int(failingSince), warned: private.Has(warnedAt), drawn: private.Int("drawn")}
	e.others = private.Bool("connect")
	e.self = !e.others
	if old := private.String("old_secret"); old != "" {
		e.secrets = append(e.secrets, secret{old, private.Int("old_secret_expires")})
	}
	e.listen(o.Array("enabled_events"))
	return e
}

func (e *endpoint) listen(types []any) {
	for _, v := range types {
		if name, _ := v.(string); name == "*" {
			e.all = true
		} else {
			e.types = append(e.types, name)
		}
	}
}

// known are the endpoints of a namespace as of a generation.
type known struct {
	generation int64
	endpoints  []*endpoint
}

// cached are the endpoints of a namespace, if they were read since something changed.
func (s *Sender) cached(ns namespace) ([]*endpoint, bool) {
	v, ok := s.known.Load(ns)
	if !ok {
		return nil, false
	}
	k := v.(known)
	return k.endpoints, k.generation == s.generation.Load()
}

// reader is what endpoints are read by: an operation or a survey.
type reader interface {
	each(kind string, fn func(o, private *object.Object) error) error
}

// read reads the endpoints of a namespace, and keeps them unless something changed meanwhile.
func (s *Sender) read(ns namespace, from reader) ([]*endpoint, error) {
	k := known{generation: s.generation.Load()}
	err := from.each(kindEndpoint, func(o, private *object.Object) error {
		k.endpoints = append(k.endpoints, newEndpoint(o, private))
		return nil
	})
	if err == nil {
		err = from.each(kindDestination, func(o, private *object.Object) error {
			k.endpoints = append(k.endpoints, newDestination(o, private))
			return nil
		})
	}
	if err == nil {
		s.known.Store(ns, k)
	}
	return k.endpoints, err
}

// endpointsIn are the endpoints of a namespace, for an operation in it. It costs a map look-up, but after a change.
func (s *Sender) endpointsIn(op *resource.Op, ns namespace) ([]*endpoint, error) {
	if all, ok := s.cached(ns); ok {
		return all, nil
	}
	return s.read(ns, opReader{op})
}

// endpointsOf are the endpoints of a namespace, outside of operations.
func (s *Sender) endpointsOf(survey *resource.Survey, ns namespace) ([]*endpoint, error) {
	if all, ok := s.cached(ns); ok {
		return all, nil
	}
	return s.read(ns, surveyReader{survey})
}

type opReader struct{ op *resource.Op }

func (r opReader) each(kind string, fn func(o, private *object.Object) error) error {
	all, err := r.op.Lookup(kind, indexAny, "yes")
	if err != nil {
		return err
	}
	for _, o := range all {
		private, err := r.op.Private(o)
		if err != nil {
			return err
		}
		if err := fn(o, private); err != nil {
			return err
		}
	}
	return nil
}

type surveyReader struct{ survey *resource.Survey }

func (r surveyReader) each(kind string, fn func(o, private *object.Object) error) error {
	return r.survey.Lookup(kind, indexAny, "yes", func(o *object.Object) error {
		private, err := r.survey.Private(kind, o.ID())
		if err != nil {
			return err
		}
		return fn(o, private)
	})
}

// Secret is what the deliveries of an endpoint are signed with now; empty if there is no such endpoint.
func Secret(s *resource.Survey, endpoint string) (string, error) {
	private, err := s.Private(kindEndpoint, endpoint)
	return private.String("secret"), err
}
