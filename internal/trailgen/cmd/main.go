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
	dir := flag.String("o", "", "Write the logs to this `folder`")
	n := flag.Int("n", trailgen.DefaultRecords, "`number` of records of ordinary traffic, in addition to those of the intrusion")
	seed := flag.Uint64("seed", 0, "`seed` of the random generator")
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
