package resource_test

import (
	"bytes"
	"mime/multipart"
	"testing"

	"sharesmart/internal/servertest"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("purpose", "dispute_evidence"); err != nil {
		t.Fatal(err)
	}
	part, err := form.CreateFormFile("file", "receipt.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte("\x89PNG bytes")); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	made := s.Do(servertest.Request{Method: "POST", Path: "/v1/files", Body: &body, ContentType: form.FormDataContentType()}).OK()
	if made.Int("size") != 10 || made.String("filename") != "receipt.png" || made.String("type") != "png" || made.String("purpose") != "dispute_evidence" {
		t.Errorf("file %s", made.AppendJSON(nil, 0))
	}
	if got := s.Get("/v1/files", "purpose", "dispute_evidence").IDs(); len(got) != 1 || got[0] != made.ID() {
		t.Errorf("list by purpose: %v", got)
	}
	got := s.Get("/v1/files/" + made.ID() + "/contents")
	if got.Status != 200 || string(got.Body) != "\x89PNG bytes" {
		t.Errorf("download: status %d, %q", got.Status, got.Body)
	}
	s.Get("/v1/files/file_x/contents").Fails(404, "resource_missing")
	s.Do(servertest.Request{Method: "POST", Path: "/v1/files", Form: []string{"purpose", "dispute_evidence"}}).Fails(400, "parameter_missing")
}
