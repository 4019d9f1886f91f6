package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket is a target in an S3-compatible store.
type bucket struct {
	client       *minio.Client
	name, prefix string
}

// partSize is how much of a file goes in one request; two parts are in memory at once.
const partSize = 16 << 20

// timestamp is where Litestream looks for when a file was made.
const timestamp = "litestream-timestamp"

// openBucket reads s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION. Who may write comes from AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY, the file of AWS's own tools, or the machine's role.
func openBucket(address string) (Target, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, errors.New("write s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION, and the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	for name := range u.Query() {
		if name != "endpoint" && name != "region" {
			return nil, fmt.Errorf("s3://%s has %q, which is neither endpoint nor region", u.Host, name)
		}
	}
	endpoint, secure := "s3.amazonaws.com", true
	if e := u.Query().Get("endpoint"); e != "" {
		at, err := url.Parse(e)
		if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || strings.Trim(at.Path, "/") != "" {
			return nil, fmt.Errorf("the endpoint of s3://%s is %q: write https://HOST or https://HOST:PORT", u.Host, e)
		}
		endpoint, secure = at.Host, at.Scheme == "https"
	}
	client, err := minio.New(endpoint, &minio.Options{
		Creds:  credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{}}),
		Secure: secure, Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, fmt.Errorf("s3://%s: %w", u.Host, err)
	}
	return &bucket{client: client, name: u.Host, prefix: strings.Trim(u.Path, "/")}, nil
}

func (b *bucket) String() string { return "s3://" + path.Join(b.name, b.prefix) }

func (b *bucket) key(name string) string { return path.Join(b.prefix, name) }

func (b *bucket) Put(ctx context.Context, name string, content io.ReadSeeker, size int64, made time.Time) error {
	_, err := b.client.PutObject(ctx, b.name, b.key(name), content, size, minio.PutObjectOptions{
		PartSize: partSize, NumThreads: 2, ContentType: "application/octet-stream",
		UserMetadata: map[string]string{timestamp: made.UTC().Format(time.RFC3339Nano)},
	})
	return err
}

func (b *bucket) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	return b.client.GetObject(ctx, b.name, b.key(name), minio.GetObjectOptions{})
}

func (b *bucket) List(ctx context.Context, folder string) ([]string, error) {
	var names []string
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.key(folder) + "/", Recursive: true}) {
		if o.Err != nil {
			return nil, o.Err
		}
		names = append(names, path.Join(folder, path.Base(o.Key)))
	}
	slices.Sort(names)
	return names, nil
}

func (b *bucket) Remove(ctx context.Context, name string) error {
	return b.client.RemoveObject(ctx, b.name, b.key(name), minio.RemoveObjectOptions{})
}
