// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strconv"
	"strings"
	"sync"
)

// allEventCodes is how many kinds of events Falco counts, with those that have no name.
const allEventCodes = 454

// eventNames are the values of evt.type that are kinds of their own, two each, one for entry and
// one for exit, or as many as the number says. All other system calls share those of "syscall".
const eventNames = `
accept:8 accept4 access asyncevent:1 bind bpf:4 brk:4 capset chdir chmod chown chroot clone:8 clone3
close close_range:1 connect container:3 copy_file_range cpu_hotplug:1 creat delete_module drop dup:4
dup2 dup3 epoll_create epoll_create1 epoll_wait eventfd eventfd2 execve:16 execveat fchdir fchmod
fchmodat fchown fchownat fcntl finit_module flock fork:6 fsconfig fstat fstat64 futex getcwd
getdents getdents64 getegid geteuid getgid getpeername getresgid getresuid getrlimit getsockname
getsockopt getuid groupadded:1 groupdeleted:1 infra:1 init_module inotify_init inotify_init1
io_uring_enter io_uring_register io_uring_setup ioctl:4 k8s:1 keyctl:1 kill lchown link:4 linkat:4
listen llseek lseek lstat lstat64 memfd_create mesos:1 mkdir:4 mkdirat mknod mknodat mlock mlock2
mlockall mmap mmap2 mount mprotect munlock munlockall munmap nanosleep newfstatat notification:1
open open_by_handle_at openat:4 openat2 page_fault:1 pidfd_getfd pidfd_open pipe pipe2 pluginevent:1
poll ppoll prctl pread preadv prlimit process_vm_readv process_vm_writev procexit procinfo:1 ptrace
pwrite pwritev quotactl read readv recv recvfrom recvmmsg recvmsg rename renameat renameat2 rmdir:4
scapevent:1 seccomp select:4 semctl semget semop send sendfile sendmmsg sendmsg sendto setgid setns
setpgid setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid shutdown
signaldeliver:1 signalfd signalfd4 socket socketpair splice stat stat64 switch symlink symlinkat
syscall task:1 task_file_anon_inode:1 task_file_directory:1 task_file_memfd:1 task_file_pipe:1
task_file_regular:1 task_file_socket_inet:1 task_file_socket_inet6:1 task_file_socket_netlink:1
task_file_socket_unix:1 tgkill timerfd_create tkill tracer:1 umount:4 umount2 unlink:4 unlinkat:4
unshare useradded:1 userdeleted:1 userfaultfd vfork:6 write writev
`

// eventCodes says how many kinds of events have a name.
var eventCodes = sync.OnceValue(func() map[string]int {
	codes := map[string]int{}
	for word := range strings.FieldsSeq(eventNames) {
		name, number, found := strings.Cut(word, ":")
		codes[name] = 2
		if n, err := strconv.Atoi(number); found && err == nil {
			codes[name] = n
		}
	}
	return codes
})
