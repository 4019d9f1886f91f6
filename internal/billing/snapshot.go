package billing

import (
	"context"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A snapshot is all that is in test mode or in a sandbox at a moment. One can go back to it: the objects, their events
// and what is due for them are as they were, test clocks and what they did included.
//
//	(new) --> there --restore--> there --DELETE--> gone
//
// Snapshots stand above namespaces: they are kept by package access, and these operations only speak for it.
func init() {
	register(resource.Rules{
		Object: "snapshot",
		Direct: map[string]resource.DirectFunc{
			"POST /v1/test_helpers/snapshots":                    createSnapshot,
			"GET /v1/test_helpers/snapshots":                     listSnapshots,
			"GET /v1/test_helpers/snapshots/{snapshot}":          getSnapshot,
			"DELETE /v1/test_helpers/snapshots/{snapshot}":       deleteSnapshot,
			"POST /v1/test_helpers/snapshots/{snapshot}/restore": restoreSnapshot,
		},
	})
}

func createSnapshot(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	if d.Namespace.Live {
		return nil, apierr.Validation("", "", "Snapshots can be made in test mode and in sandboxes, and this key is for live mode.")
	}
	s, err := d.Registry.CreateSnapshot(ctx, d.Namespace, d.Params.String("name"), metadata(d.Params))
	if err != nil {
		return nil, err
	}
	return snapshotObject(s), nil
}

func getSnapshot(_ context.Context, d *resource.Direct) (*object.Object, error) {
	s, err := d.Registry.Snapshot(d.Namespace, d.Path[0])
	if err != nil {
		return nil, err
	}
	return snapshotObject(s), nil
}

func restoreSnapshot(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	s, err := d.Registry.Snapshot(d.Namespace, d.Path[0])
	if err != nil {
		return nil, err
	}
	return snapshotObject(s), d.Registry.RestoreSnapshot(ctx, s.ID)
}

func deleteSnapshot(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	s, err := d.Registry.Snapshot(d.Namespace, d.Path[0])
	if err != nil {
		return nil, err
	}
	if err := d.Registry.DeleteSnapshot(ctx, s.ID); err != nil {
		return nil, err
	}
	return newParams("id", s.ID, "object", "snapshot", "deleted", true), nil
}

// listSnapshots pages through the snapshots of the caller's environment, newest first.
func listSnapshots(_ context.Context, d *resource.Direct) (*object.Object, error) {
	all, err := d.Registry.ListSnapshots(d.Namespace)
	if err != nil {
		return nil, err
	}
	items := make([]any, 0, len(all))
	for _, s := range all {
		items = append(items, snapshotObject(s))
	}
	return resource.PageOf(items, d.Params, d.URL, "snapshot")
}

func snapshotObject(s *access.Snapshot) *object.Object {
	o := object.New(spec.Component("snapshot"))
	o.Set("id", s.ID)
	o.Set("object", "snapshot")
	o.Set("created", s.Created)
	o.Set("livemode", false)
	o.Set("metadata", s.Metadata)
	o.Set("name", nil)
	if s.Name != "" {
		o.Set("name", s.Name)
	}
	return o
}
