// SPDX-License-Identifier: Apache-2.0

// Command counter is a plugin built on the public Go SDK, for interoperability tests: it
// counts, and extracts from what it counted. Its name, id and event source can be set when
// it is linked, so that one package makes several libraries:
//
//	go build -buildmode=c-shared -ldflags "-X main.name=second -X main.id=902" ./counter
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins/extractor"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins/source"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/symbols/extract"
	_ "github.com/falcosecurity/plugin-sdk-go/pkg/sdk/symbols/progress"
)

// Set by the linker.
var (
	name = "counter"
	id   = "901"
)

func init() {
	plugins.SetFactory(func() plugins.Plugin {
		p := &counter{}
		source.Register(p)
		extractor.Register(p)
		return p
	})
}

func main() {}

type counter struct {
	plugins.BasePlugin
	config struct {
		UseAsync bool `json:"useAsync"`
		Garbage  int  `json:"garbage"`
	}
	// What the last event was, by its number, as plugins with expensive parsers do it.
	lastNum uint64
	last    string
	keep    []byte
}

func (c *counter) Info() *plugins.Info {
	n, err := strconv.ParseUint(id, 10, 32)
	if err != nil {
		panic(err)
	}
	return &plugins.Info{
		ID: uint32(n), Name: name, EventSource: name, Version: "0.3.1",
		Description: "Counts", Contact: "nobody",
	}
}

func (c *counter) InitSchema() *sdk.SchemaInfo {
	return &sdk.SchemaInfo{Schema: `{"type": "object", "properties": {"useAsync": {"type": "boolean"}, "garbage": {"type": "integer"}}}`}
}

func (c *counter) Init(config string) error {
	c.config.UseAsync = true
	if err := json.Unmarshal([]byte(config), &c.config); err != nil {
		return err
	}
	if c.config.Garbage < 0 {
		return errors.New("there is no negative garbage")
	}
	extract.SetAsync(c.config.UseAsync)
	return nil
}

func (c *counter) OpenParams() ([]sdk.OpenParam, error) {
	return []sdk.OpenParam{{Value: "10", Desc: "up to ten"}}, nil
}

// Open starts a stream of params events: "1 one", "2 two", ... With a "!" at the end it
// fails behind them.
func (c *counter) Open(params string) (source.Instance, error) {
	digits, fail := strings.CutSuffix(params, "!")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return nil, fmt.Errorf("not a number: %w", err)
	}
	i := 0
	pull := func(_ context.Context, w sdk.EventWriter) error {
		if i == n && fail {
			return errors.New("the counter is broken")
		}
		if i == n {
			return sdk.ErrEOF
		}
		i++
		w.SetTimestamp(uint64(time.Unix(0, int64(i)).UnixNano()))
		_, err := fmt.Fprintf(w.Writer(), "%d %s", i, strings.Repeat("x", i%50))
		return err
	}
	progress := func() (float64, string) { return float64(i) / float64(n), fmt.Sprintf("%d of %d", i, n) }
	return source.NewPullInstance(pull, source.WithInstanceProgress(progress), source.WithInstanceBatchSize(100))
}

func (c *counter) String(e sdk.EventReader) (string, error) {
	text, err := io.ReadAll(e.Reader())
	c.lastNum = 0
	return "text of " + string(text), err
}

func (c *counter) Fields() []sdk.FieldEntry {
	return []sdk.FieldEntry{
		{Type: "uint64", Name: "ev.num", Desc: "the number"},
		{Type: "string", Name: "ev.text", Desc: "the text"},
		{Type: "string", Name: "ev.word", Desc: "a word of the text", Arg: sdk.FieldEntryArg{IsRequired: true, IsIndex: true}},
		{Type: "string", Name: "ev.key", Desc: "its argument", Arg: sdk.FieldEntryArg{IsRequired: true, IsKey: true}},
		{Type: "string", Name: "ev.words", Desc: "all words", IsList: true},
		{Type: "bool", Name: "ev.even", Desc: "whether the number is even"},
		{Type: "string", Name: "ev.never", Desc: "fails"},
	}
}

func (c *counter) Extract(req sdk.ExtractRequest, e sdk.EventReader) error {
	if c.lastNum == 0 || e.EventNum() != c.lastNum {
		text, err := io.ReadAll(e.Reader())
		if err != nil {
			return err
		}
		c.last, c.lastNum = string(text), e.EventNum()
	}
	if c.config.Garbage > 0 {
		c.keep = make([]byte, c.config.Garbage)
		if c.lastNum%256 == 0 {
			runtime.GC()
		}
	}
	words := strings.Fields(c.last)
	n, err := strconv.ParseUint(words[0], 10, 64)
	if err != nil {
		return err
	}
	switch req.FieldID() {
	case 0:
		req.SetValue(n)
	case 1:
		req.SetValue(c.last)
	case 2:
		if i := req.ArgIndex(); i < uint64(len(words)) {
			req.SetValue(words[i])
		}
	case 3:
		req.SetValue(req.ArgKey() + "=" + words[0])
	case 4:
		req.SetValue(words)
	case 5:
		req.SetValue(n%2 == 0)
	default:
		return errors.New("never")
	}
	return nil
}
