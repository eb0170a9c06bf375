// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"net"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// HostHeader returns the header of a capture recorded on this machine. It omits what the
// system does not report, and never fails.
func HostHeader() *Header {
	h := &Header{Machine: Machine{
		CPUs:     uint32(runtime.NumCPU()),
		Memory:   procNumber("/proc/meminfo", "MemTotal:") << 10,
		MaxPID:   procNumber("/proc/sys/kernel/pid_max", ""),
		BootTime: procNumber("/proc/stat", "btime") * 1e9,
	}}
	h.Machine.Hostname, _ = os.Hostname()
	h.Interfaces = hostInterfaces()
	h.Users, h.Groups = parsePasswd(readText("/etc/passwd")), parseGroup(readText("/etc/group"))
	return h
}

func readText(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(b)
}

// procNumber returns the number that follows key at the start of a line; 0 if none.
func procNumber(path, key string) uint64 {
	for line := range strings.Lines(readText(path)) {
		rest, ok := strings.CutPrefix(line, key)
		if f := strings.Fields(rest); ok && len(f) > 0 {
			n, _ := strconv.ParseUint(f[0], 10, 64)
			return n
		}
	}
	return 0
}

func hostInterfaces() []Interface {
	nics, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var list []Interface
	for _, nic := range nics {
		addrs, err := nic.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				speed := procNumber("/sys/class/net/"+nic.Name+"/speed", "")
				list = append(list, Interface{Name: nic.Name, Addr: p, Speed: speed})
			}
		}
	}
	return list
}

// parsePasswd parses lines of the form name:password:uid:gid:comment:home:shell.
func parsePasswd(text string) []User {
	var users []User
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimRight(line, "\n"), ":")
		if len(f) < 7 {
			continue
		}
		uid, err1 := strconv.ParseUint(f[2], 10, 32)
		gid, err2 := strconv.ParseUint(f[3], 10, 32)
		if err1 == nil && err2 == nil {
			users = append(users, User{UID: uint32(uid), GID: uint32(gid), Name: f[0], Home: f[5], Shell: f[6]})
		}
	}
	return users
}

// parseGroup parses lines of the form name:password:gid:members.
func parseGroup(text string) []Group {
	var groups []Group
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimRight(line, "\n"), ":")
		if len(f) < 3 {
			continue
		}
		if gid, err := strconv.ParseUint(f[2], 10, 32); err == nil {
			groups = append(groups, Group{GID: uint32(gid), Name: f[0]})
		}
	}
	return groups
}
