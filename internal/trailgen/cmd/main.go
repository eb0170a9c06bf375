// SPDX-License-Identifier: Apache-2.0

// Command cmd writes sample CloudTrail logs, see package trailgen:
//
//	go run ./internal/trailgen/cmd -o DIR [-n RECORDS] [-seed N]
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/gyr-dev/gyr/internal/trailgen"
)

func main() {
	dir := flag.String("o", "", "folder to write to")
	n := flag.Int("n", trailgen.DefaultRecords, "records of ordinary traffic; those of the intrusion come on top")
	seed := flag.Uint64("seed", 0, "which of many equally good samples")
	flag.Parse()
	if *dir == "" || *n < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	s, err := trailgen.Write(*dir, trailgen.Config{Seed: *seed, Records: *n})
	if err != nil {
		fmt.Fprintln(os.Stderr, "trailgen:", err)
		os.Exit(1)
	}
	fmt.Printf("%d records in %d files, %.1f MB (%.1f MB compressed)\n",
		s.Records, s.Files, float64(s.Bytes)/1e6, float64(s.Packed)/1e6)
}
