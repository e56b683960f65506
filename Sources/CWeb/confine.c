// What the process gives up before it reads a byte of a stranger's: users, capabilities, files (Landlock), and all calls of
// the system but those that carry on what is open (seccomp). Each is tried afterwards, for a log that says what holds.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CWeb.h"

/// A terminal of the daemon's is no longer in its hands; what the process says at its end comes with its lines.
static void close_streams(void) {
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0) {
    dup2(null, STDIN_FILENO);
    close(null);
  }
  dup2(STDOUT_FILENO, STDERR_FILENO);
}

static void drop_user(uid_t user) {
  int signal_of_parent = 0;
  prctl(PR_GET_PDEATHSIG, &signal_of_parent, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (geteuid() == 0) {
    int failed = setgroups(0, NULL) | setresgid(user, user, user) | setresuid(user, user, user);
    // That is seen by who it is afterwards.
    (void)failed;
  }
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0}};
  syscall(SYS_capset, &header, none);
  // A change of the user takes both back.
  prctl(PR_SET_PDEATHSIG, signal_of_parent, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

// MARK: Landlock

/// linux/landlock.h of a newer kernel than Debian 12's: the kernel takes as much of it as it knows.
struct ruleset {
  uint64_t files, network, scopes;
};

/// No rule: nothing beneath any directory may be opened any more, whatever for, and no TCP port.
static void close_files(void) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1u);
  if (version < 1) return;
  struct ruleset all = {
      .files = (1u << (version < 2 ? 13 : version < 3 ? 14 : version < 5 ? 15 : 16)) - 1, .network = 3, .scopes = 3};
  size_t size = version < 4 ? offsetof(struct ruleset, network) : version < 6 ? offsetof(struct ruleset, scopes) : sizeof all;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0u);
  if (rules < 0) return;
  syscall(SYS_landlock_restrict_self, rules, 0u);
  close(rules);
}

static bool opens_files(void) {
  int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

// MARK: Seccomp

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "which architecture is it?"
#endif

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
#define REFUSE RETURN(SECCOMP_RET_ERRNO | EPERM)
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define ALLOW(call) UNLESS(SYS_##call, 1), RETURN(SECCOMP_RET_ALLOW)
// The lower half of an argument: the upper one says nothing of either.
#define ALLOW_WHERE_IS(call, index, value) \
  UNLESS(SYS_##call, 4), LOAD(args[index]), UNLESS(value, 1), RETURN(SECCOMP_RET_ALLOW), REFUSE
#define ALLOW_WITHOUT(call, index, bits)                                                              \
  UNLESS(SYS_##call, 4), LOAD(args[index]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1), REFUSE, \
      RETURN(SECCOMP_RET_ALLOW)

/// Of little-endian machines.
static void filter_calls(void) {
  struct sock_filter filter[] = {
      LOAD(arch), UNLESS(ARCHITECTURE, 1), BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0), RETURN(SECCOMP_RET_KILL_PROCESS),
      LOAD(nr),
      // Connections.
      ALLOW(read), ALLOW(write), ALLOW(readv), ALLOW(writev), ALLOW(recvfrom), ALLOW(sendto), ALLOW(recvmsg),
      ALLOW(sendmsg), ALLOW(close), ALLOW(shutdown), ALLOW(accept4), ALLOW(getpeername), ALLOW(getsockname),
      ALLOW(getsockopt), ALLOW_WHERE_IS(ioctl, 1, FIONREAD),
      // The loop.
      ALLOW(epoll_ctl), ALLOW(epoll_pwait), ALLOW(epoll_pwait2), ALLOW(timerfd_settime), ALLOW(clock_gettime),
      ALLOW(gettimeofday),
#ifdef __x86_64__
      ALLOW(epoll_wait), ALLOW(time),
#endif
      // Memory, none of which becomes code.
      ALLOW(brk), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise), ALLOW_WITHOUT(mmap, 2, PROT_EXEC),
      ALLOW_WITHOUT(mprotect, 2, PROT_EXEC),
      // Itself.
      ALLOW(futex), ALLOW(getrandom), ALLOW(getpid), ALLOW(gettid), ALLOW(rt_sigreturn), ALLOW(rt_sigprocmask),
      ALLOW(restart_syscall), ALLOW(sched_yield), ALLOW(exit), ALLOW(exit_group), REFUSE};
  struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

/// Whether it can neither open a file, nor make a connection, nor run a program.
static bool calls_are_filtered(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0) close(fd);
  char *none[] = {NULL};
  execve("", none, none);
  return fd < 0 && errno == EPERM && !opens_files();
}

struct web_confinement web_confine(unsigned user) {
  close_streams();
  drop_user(user);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  close_files();
  bool has_files = opens_files();
  // The next ones are calls that the filter would refuse.
  struct web_confinement now = {
      .user = geteuid(), .has_privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1, .has_files = has_files};
  filter_calls();
  now.has_calls = !calls_are_filtered();
  return now;
}
