// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strings"
	"sync"
)

// syscallNames are the fields that Falco itself has for the event source syscall.
const syscallNames = `
evt.abspath evt.abspath.dst evt.abspath.src evt.arg evt.args evt.around evt.asynctype evt.buffer
evt.buflen evt.buflen.file evt.buflen.file.in evt.buflen.file.out evt.buflen.in evt.buflen.net
evt.buflen.net.in evt.buflen.net.out evt.buflen.out evt.category evt.count evt.count.error
evt.count.error.file evt.count.error.memory evt.count.error.net evt.count.error.other evt.count.exit
evt.count.procinfo evt.count.threadinfo evt.cpu evt.datetime evt.datetime.s evt.deltatime
evt.deltatime.ns evt.deltatime.s evt.dir evt.failed evt.hostname evt.info
evt.infra.docker.container.id evt.infra.docker.container.image evt.infra.docker.container.name
evt.infra.docker.name evt.io_dir evt.is_async evt.is_io evt.is_io_read evt.is_io_write
evt.is_open_create evt.is_open_exec evt.is_open_read evt.is_open_write evt.is_syslog evt.is_wait
evt.latency evt.latency.human evt.latency.ns evt.latency.quantized evt.latency.s evt.num
evt.outputtime evt.plugininfo evt.pluginname evt.rawarg evt.rawarg.dev evt.rawarg.dir evt.rawarg.fd
evt.rawarg.filename evt.rawarg.linkpath evt.rawarg.name evt.rawarg.newpath evt.rawarg.oldpath
evt.rawarg.path evt.rawarg.pathname evt.rawarg.res evt.rawarg.special evt.rawarg.target evt.rawres
evt.rawtime evt.rawtime.ns evt.rawtime.s evt.reltime evt.reltime.ns evt.reltime.s evt.res evt.source
evt.time evt.time.iso8601 evt.time.s evt.type evt.type.is evt.wait_latency fd.cip fd.cip.name
fd.cnet fd.connected fd.containerdirectory fd.containername fd.cport fd.cproto fd.dev fd.dev.major
fd.dev.minor fd.directory fd.filename fd.ino fd.ip fd.is_lower_layer fd.is_server fd.is_upper_layer
fd.l4proto fd.lip fd.lip.name fd.lnet fd.lport fd.lproto fd.name fd.name_changed fd.nameraw fd.net
fd.num fd.port fd.proto fd.rip fd.rip.name fd.rnet fd.rport fd.rproto fd.sip fd.sip.name fd.snet
fd.sockfamily fd.sport fd.sproto fd.type fd.typechar fd.types fd.uid fdlist.cips fdlist.cports
fdlist.names fdlist.nums fdlist.sips fdlist.sports fs.path fs.path.name fs.path.nameraw
fs.path.source fs.path.sourceraw fs.path.target fs.path.targetraw group.gid group.name proc.aargs
proc.acmdline proc.aenv proc.aexe proc.aexepath proc.aname proc.apid proc.args proc.cmdlenargs
proc.cmdline proc.cmdnargs proc.cwd proc.duration proc.env proc.exe proc.exe_ino proc.exe_ino.ctime
proc.exe_ino.ctime_duration_pidns_start proc.exe_ino.ctime_duration_proc_start proc.exe_ino.mtime
proc.exeline proc.exepath proc.fdlimit proc.fdopencount proc.fdusage proc.is_exe_from_memfd
proc.is_exe_lower_layer proc.is_exe_upper_layer proc.is_exe_writable proc.is_pgid_leader
proc.is_sid_leader proc.is_vpgid_leader proc.loginshellid proc.name proc.nchilds proc.nthreads
proc.pcmdline proc.pexe proc.pexepath proc.pgid proc.pgid.exe proc.pgid.exepath proc.pgid.name
proc.pid proc.pid.ts proc.pidns_init_start_ts proc.pname proc.ppid proc.ppid.duration proc.ppid.ts
proc.pvpid proc.sid proc.sid.exe proc.sid.exepath proc.sname proc.stderr.name proc.stderr.type
proc.stdin.name proc.stdin.type proc.stdout.name proc.stdout.type proc.tty proc.vmrss proc.vmsize
proc.vmswap proc.vpgid proc.vpgid.exe proc.vpgid.exepath proc.vpgid.name proc.vpid syscall.type
thread.cap_effective thread.cap_inheritable thread.cap_permitted thread.cgroup thread.cgroups
thread.cpu thread.cpu.system thread.cpu.user thread.exectime thread.ismain thread.nametid
thread.pfmajor thread.pfminor thread.tid thread.totexectime thread.vmrss thread.vmrss.b
thread.vmsize thread.vmsize.b thread.vtid user.homedir user.loginname user.loginuid user.name
user.shell user.uid util.cnt
`

// syscallFieldNames are the same, to look them up, and their classes ("proc").
var syscallFieldNames = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(syscallNames) {
		class, _, _ := strings.Cut(name, ".")
		m[name], m[class] = true, true
	}
	return m
})

// syscallArgs begin names whose last part is an argument ("evt.arg.fd").
var syscallArgs = []string{"evt.arg.", "evt.rawarg.", "thread.cgroup."}

// isSyscallField reports whether Falco has a field of that name itself, which is of one of the
// classes of syscallNames.
func isSyscallField(name string) bool {
	for _, a := range syscallArgs {
		if strings.HasPrefix(name, a) {
			return true
		}
	}
	return syscallFieldNames()[name]
}
