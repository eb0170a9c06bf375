// SPDX-License-Identifier: Apache-2.0

// Command gyr runs Falco plugins and Falco rules. It takes the flags of falco; run.go has
// the steps that a start consists of.
package main

import "os"

func main() {
	os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr))
}
