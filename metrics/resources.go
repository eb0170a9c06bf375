// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"
)

// Resources adds what the process and its host use of processor and memory, as far as the
// system says so in /proc. begun is when the process began; inMB has memory in megabytes
// instead of the system's units.
func Resources(f *Fields, begun time.Time, inMB bool) {
	memory := func(name string, kb uint64) {
		if inMB {
			f.SetFull(name+"_mb", Tenth(float64(kb)/1024))
		} else {
			f.SetFull(name+"_kb", kb)
		}
	}
	status := procFile("/proc/self/status")
	memory("falco.memory_rss", status["VmRSS"])
	memory("falco.memory_vsz", status["VmSize"])
	memory("falco.memory_pss", procFile("/proc/self/smaps_rollup")["Pss"])
	mem := procFile("/proc/meminfo")
	memory("falco.host_memory_used", mem["MemTotal"]-mem["MemFree"]-mem["Buffers"]-mem["Cached"])

	if elapsed := time.Since(begun).Seconds(); elapsed > 0 {
		f.SetFull("falco.cpu_usage_perc", Tenth(100*processorTime()/elapsed))
	}
	stat := procFile("/proc/stat")
	f.SetFull("falco.host_procs_running", stat["procs_running"])
	if idle, all := hostTicks(); all > 0 {
		f.SetFull("falco.host_cpu_usage_perc", Tenth(100-100*float64(idle)/float64(all)))
	}
	if numbers := procNumbers("/proc/sys/fs/file-nr"); len(numbers) > 0 {
		f.SetFull("falco.host_open_fds", numbers[0])
	}
}

// Host adds what is known of the host.
func Host(f *Fields) {
	release, _ := os.ReadFile("/proc/sys/kernel/osrelease") // other systems have none
	f.Set("falco.kernel_release", strings.TrimSpace(string(release)))
	f.Set("falco.host_boot_ts", procFile("/proc/stat")["btime"]*uint64(time.Second))
}

// procFile reads lines of a name and a number.
func procFile(path string) map[string]uint64 {
	text, _ := os.ReadFile(path) // what is not there counts as zero
	values := map[string]uint64{}
	for line := range bytes.Lines(text) {
		if w := strings.Fields(string(line)); len(w) > 1 {
			if n, err := strconv.ParseUint(w[1], 10, 64); err == nil {
				values[strings.TrimSuffix(w[0], ":")] = n
			}
		}
	}
	return values
}

// procNumbers reads the numbers of a file's first line.
func procNumbers(path string) (list []uint64) {
	text, _ := os.ReadFile(path)
	line, _, _ := strings.Cut(string(text), "\n")
	for w := range strings.FieldsSeq(line) {
		if n, err := strconv.ParseUint(w, 10, 64); err == nil {
			list = append(list, n)
		}
	}
	return list
}

// hostTicks returns how long all processors were idle, and how long they were there.
func hostTicks() (idle, all uint64) {
	n := procNumbers("/proc/stat") // user, nice, system, idle, iowait, irq, softirq
	if len(n) < 7 {
		return 0, 0
	}
	for _, t := range n[:7] {
		all += t
	}
	return n[3], all
}
