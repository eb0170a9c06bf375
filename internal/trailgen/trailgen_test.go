// SPDX-License-Identifier: Apache-2.0

package trailgen

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// standardSum is the hash of the standard sample. It changes only with the generator,
// never with the version of Go or the machine.
const standardSum = "6ea247b63b947914bfcabed04b2f24583dba0db98473e54c5022a18b993b605f"

// fileName is the form of the paths, parsed what every record has.
var fileName = regexp.MustCompile(`^AWSLogs/(\d{12})/CloudTrail/([a-z0-9-]+)/(\d{4}/\d\d/\d\d)/(\d{12})_CloudTrail_([a-z0-9-]+)_(\d{8}T\d{4}Z)_[A-Za-z0-9]{16}\.json\.gz$`)

type parsed struct {
	Records []struct {
		EventTime          time.Time
		EventID            string
		EventName          string
		EventType          string
		AWSRegion          string
		RecipientAccountID string `json:"recipientAccountId"`
		SourceIPAddress    string
	}
}

func mustFiles(t *testing.T, c Config) []File {
	t.Helper()
	files, err := Files(c)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// standard makes the standard sample, once for all tests.
var standard = sync.OnceValues(func() ([]File, error) { return Files(Config{}) })

func mustStandard(t *testing.T) []File {
	t.Helper()
	files, err := standard()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestStandardSampleNeverChanges(t *testing.T) {
	h := sha256.New()
	for _, f := range mustStandard(t) {
		h.Write([]byte(f.Path))
		h.Write(f.Content)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != standardSum {
		t.Errorf("sum of the standard sample: got %s, want %s", got, standardSum)
	}
}

func TestFilesAreAsDelivered(t *testing.T) {
	records, ids := 0, make(map[string]bool)
	accounts, regions := make(map[string]bool), make(map[string]bool)
	for _, f := range mustStandard(t) {
		m := fileName.FindStringSubmatch(f.Path)
		if m == nil || m[1] != m[4] || m[2] != m[5] {
			t.Fatalf("file name %s is not one of CloudTrail's", f.Path)
		}
		delivered, err := time.Parse("20060102T1504Z", m[6])
		if err != nil || delivered.Format("2006/01/02") != m[3] {
			t.Fatalf("file name %s: date and folder differ (%v)", f.Path, err)
		}
		var p parsed
		if err := json.Unmarshal(f.Content, &p); err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		if len(p.Records) != f.Records {
			t.Errorf("%s: got %d records, want %d", f.Path, len(p.Records), f.Records)
		}
		for _, r := range p.Records {
			if r.RecipientAccountID != m[1] || r.AWSRegion != m[2] {
				t.Errorf("%s: record %s is of account %s and region %s", f.Path, r.EventID, r.RecipientAccountID, r.AWSRegion)
			}
			if age := delivered.Sub(r.EventTime); age <= 0 || age > fileWindow {
				t.Errorf("%s: record %s is of %s", f.Path, r.EventID, r.EventTime)
			}
			if ids[r.EventID] {
				t.Errorf("event id %s twice", r.EventID)
			}
			if r.EventName == "" || r.EventType == "" || r.SourceIPAddress == "" {
				t.Errorf("%s: record %s lacks what every record has", f.Path, r.EventID)
			}
			ids[r.EventID], accounts[r.RecipientAccountID], regions[r.AWSRegion] = true, true, true
			records++
		}
	}
	if records < 20000 || len(accounts) != 4 || len(regions) != 5 {
		t.Errorf("got %d records of %d accounts in %d regions, want 20000 or more of 4 in 5", records, len(accounts), len(regions))
	}
}

// The intrusion is the same, and complete, however large the sample is.
func TestIntrusionIsInEverySample(t *testing.T) {
	intruders := func(n int) string {
		var names []string
		for _, f := range mustFiles(t, Config{Records: n}) {
			var p parsed
			if err := json.Unmarshal(f.Content, &p); err != nil {
				t.Fatalf("%s: %v", f.Path, err)
			}
			for _, r := range p.Records {
				if r.SourceIPAddress == intruderIP {
					names = append(names, r.EventTime.Format(time.TimeOnly)+" "+r.EventName+" "+r.EventID)
				}
			}
		}
		return strings.Join(names, "\n")
	}
	small, large := intruders(100), intruders(1000)
	if small != large {
		t.Errorf("intrusion in 100 records:\n%s\nin 1000 records:\n%s", small, large)
	}
	for _, name := range []string{"ConsoleLogin", "CreateAccessKey", "StopLogging", "DeleteTrail", "AuthorizeSecurityGroupIngress", "PutBucketPolicy", "GetSecretValue", "RunInstances"} {
		if !strings.Contains(small, " "+name+" ") {
			t.Errorf("no %s in the intrusion", name)
		}
	}
}

func TestSeedsGiveDifferentSamples(t *testing.T) {
	a, b := mustFiles(t, Config{Records: 50}), mustFiles(t, Config{Records: 50, Seed: 1})
	if path.Base(a[0].Path) == path.Base(b[0].Path) {
		t.Errorf("seed 0 and seed 1 both give %s", a[0].Path)
	}
}

func TestWriteGivesTheFiles(t *testing.T) {
	dir, want := t.TempDir(), mustFiles(t, Config{Records: 300})
	s, err := Write(dir, Config{Records: 300})
	if err != nil {
		t.Fatal(err)
	}
	if s.Files != len(want) || s.Packed >= s.Bytes {
		t.Errorf("got %+v, want %d files, smaller packed", s, len(want))
	}
	for _, w := range want {
		if got := unpack(t, filepath.Join(dir, filepath.FromSlash(w.Path))); got != string(w.Content) {
			t.Errorf("%s: content differs from what Files gives", w.Path)
		}
	}
}

func TestWriteNamesTheFolderItCannotMake(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(file, Config{Records: 1}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got error %v, want one that names %s", err, file)
	}
}

func unpack(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
