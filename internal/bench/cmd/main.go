// SPDX-License-Identifier: Apache-2.0

// Command cmd updates the benchmark table of a document. It reads the output of the
// benchmarks from standard input:
//
//	go run ./internal/bench/cmd docs/PERFORMANCE.md < bench.txt
package main

import (
	"fmt"
	"os"

	"github.com/gyr-dev/gyr/internal/bench"
	"github.com/gyr-dev/gyr/internal/fieldtable"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: cmd DOCUMENT < OUTPUT_OF_BENCHMARKS")
		os.Exit(2)
	}
	if err := refresh(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func refresh(path string) error {
	table, err := bench.Table(os.Stdin)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	doc, err := fieldtable.ReplaceSection(string(old), fieldtable.Section{Name: "benchmarks", Body: table})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(doc), 0o644)
}
