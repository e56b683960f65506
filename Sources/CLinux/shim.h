// The Linux calls that Swift cannot import as they are: macros, variadic functions, unions and socket addresses. Each
// is the bare call with its errno; nothing is decided here. _GNU_SOURCE stays undefined: with it, structures would
// differ from those of Swift's own Glibc module, which ordinary builds load too. What it would declare stands below.
#ifndef BRANCHLINE_LINUX_SHIM_H
#define BRANCHLINE_LINUX_SHIM_H

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/gpio.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <malloc.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <termios.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int accept4(int, struct sockaddr *_Nullable, socklen_t *_Nullable, int);
const char *_Nullable strerrorname_np(int);
int pthread_setname_np(pthread_t, const char *_Nonnull);

static inline int linux_errno(void) { return errno; }

/// "ECONNREFUSED", or "E?" for a number without a name.
static inline const char *_Nonnull linux_errno_name(int code) {
  const char *name = strerrorname_np(code);
  return name ? name : "E?";
}

// MARK: Internet sockets

/// Host byte order throughout; an IPv4 address stands in the lower half of `low`.
struct linux_address {
  uint64_t high, low;
  uint16_t port;
  bool v6;
};

static inline socklen_t linux_address_store(const struct linux_address *_Nonnull a,
                                            struct sockaddr_storage *_Nonnull storage) {
  if (a->v6) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
    memset(in6, 0, sizeof *in6);
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(a->port);
    for (int i = 0; i < 8; i++) {
      in6->sin6_addr.s6_addr[i] = (uint8_t)(a->high >> (56 - 8 * i));
      in6->sin6_addr.s6_addr[8 + i] = (uint8_t)(a->low >> (56 - 8 * i));
    }
    return sizeof *in6;
  }
  struct sockaddr_in *in = (struct sockaddr_in *)storage;
  memset(in, 0, sizeof *in);
  in->sin_family = AF_INET;
  in->sin_port = htons(a->port);
  in->sin_addr.s_addr = htonl((uint32_t)a->low);
  return sizeof *in;
}

/// False for another family than the two of the Internet.
static inline bool linux_address_load(const void *_Nonnull storage, struct linux_address *_Nonnull a) {
  const struct sockaddr *any = (const struct sockaddr *)storage;
  memset(a, 0, sizeof *a);
  if (any->sa_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)storage;
    a->low = ntohl(in->sin_addr.s_addr);
    a->port = ntohs(in->sin_port);
    return true;
  }
  if (any->sa_family != AF_INET6) return false;
  const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)storage;
  for (int i = 0; i < 8; i++) {
    a->high = a->high << 8 | in6->sin6_addr.s6_addr[i];
    a->low = a->low << 8 | in6->sin6_addr.s6_addr[8 + i];
  }
  a->port = ntohs(in6->sin6_port);
  a->v6 = true;
  return true;
}

/// A non-blocking socket that programs started by this one do not inherit. An IPv6 socket carries IPv6 only.
static inline int linux_socket(bool v6, bool stream) {
  int fd = socket(v6 ? AF_INET6 : AF_INET, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int one = 1;
  if (fd >= 0 && v6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  return fd;
}

static inline int linux_set_option(int fd, int name, int value) {
  return setsockopt(fd, SOL_SOCKET, name, &value, sizeof value);
}

static inline int linux_set_no_delay(int fd) {
  int one = 1;
  return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static inline int linux_set_dscp(int fd, bool v6, int dscp) {
  int field = dscp << 2;
  return v6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &field, sizeof field)
            : setsockopt(fd, IPPROTO_IP, IP_TOS, &field, sizeof field);
}

/// Takes the pending error of a socket: 0 when a connection attempt has succeeded.
static inline int linux_socket_error(int fd) {
  int code = 0;
  socklen_t length = sizeof code;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) ? errno : code;
}

static inline int linux_bind(int fd, const struct linux_address *_Nonnull a) {
  struct sockaddr_storage storage;
  socklen_t length = linux_address_store(a, &storage);
  return bind(fd, (struct sockaddr *)&storage, length);
}

static inline int linux_connect(int fd, const struct linux_address *_Nonnull a) {
  struct sockaddr_storage storage;
  socklen_t length = linux_address_store(a, &storage);
  return connect(fd, (struct sockaddr *)&storage, length);
}

static inline int linux_local_address(int fd, struct linux_address *_Nonnull a) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  if (getsockname(fd, (struct sockaddr *)&storage, &length)) return -1;
  return linux_address_load(&storage, a) ? 0 : -1;
}

static inline int linux_accept(int fd, struct linux_address *_Nonnull a) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  int accepted = accept4(fd, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (accepted >= 0 && !linux_address_load(&storage, a)) memset(a, 0, sizeof *a);
  return accepted;
}

/// The whole length of the datagram, which may exceed `size`: what did not fit is lost.
static inline ssize_t linux_receive_from(int fd, void *_Nonnull buffer, size_t size,
                                         struct linux_address *_Nonnull from) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  ssize_t count = recvfrom(fd, buffer, size, MSG_TRUNC, (struct sockaddr *)&storage, &length);
  if (count >= 0 && !linux_address_load(&storage, from)) memset(from, 0, sizeof *from);
  return count;
}

static inline ssize_t linux_send_to(int fd, const void *_Nonnull bytes, size_t count,
                                    const struct linux_address *_Nonnull to) {
  struct sockaddr_storage storage;
  socklen_t length = linux_address_store(to, &storage);
  return sendto(fd, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&storage, length);
}

static inline ssize_t linux_send(int fd, const void *_Nonnull bytes, size_t count) {
  return send(fd, bytes, count, MSG_NOSIGNAL);
}

// MARK: Interfaces

/// False where the entry is down or is not an Internet address.
static inline bool linux_interface_address(const struct ifaddrs *_Nonnull entry, struct linux_address *_Nonnull a,
                                           int *_Nonnull prefix, bool *_Nonnull loopback) {
  struct linux_address mask;
  if (!entry->ifa_addr || !entry->ifa_netmask || !(entry->ifa_flags & IFF_UP)) return false;
  if (!linux_address_load(entry->ifa_addr, a) || !linux_address_load(entry->ifa_netmask, &mask)) return false;
  *prefix = __builtin_popcountll(mask.high) + __builtin_popcountll(mask.low);
  *loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0;
  return true;
}

/// A socket that becomes readable when an address of this machine comes or goes.
static inline int linux_address_changes(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
  struct sockaddr_nl address;
  memset(&address, 0, sizeof address);
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_LINK;
  if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address)) {
    int code = errno;
    close(fd);
    errno = code;
    return -1;
  }
  return fd;
}

// MARK: Unix sockets

/// Binds or connects a Unix socket to `path`. -1 with ENAMETOOLONG where the path does not fit.
static inline int linux_unix_socket(const char *_Nonnull path, bool stream, bool listens) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  int failed = listens ? bind(fd, (struct sockaddr *)&address, sizeof address)
                       : connect(fd, (struct sockaddr *)&address, sizeof address);
  if (failed) {
    int code = errno;
    close(fd);
    errno = code;
    return -1;
  }
  return fd;
}

/// Whether the process at the other end of a Unix socket runs as root, as this user, or in this process's group.
static inline bool linux_peer_is_trusted(int fd) {
  // struct ucred.
  struct {
    pid_t pid;
    uid_t uid;
    gid_t gid;
  } peer;
  socklen_t length = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length)) return false;
  if (peer.uid == 0 || peer.uid == geteuid() || peer.gid == getegid()) return true;
  gid_t groups[256];
  length = sizeof groups;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &length)) return false;
  for (size_t i = 0; i < length / sizeof groups[0]; i++)
    if (groups[i] == getegid()) return true;
  return false;
}

/// The user at the other end of a Unix socket, -1 where that is not known.
static inline int64_t linux_peer_user(int fd) {
  struct {
    pid_t pid;
    uid_t uid;
    gid_t gid;
  } peer;
  socklen_t length = sizeof peer;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) ? -1 : (int64_t)peer.uid;
}

static inline int linux_accept_unix(int fd) { return accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

static inline bool linux_wait_readable(int fd, int milliseconds) {
  struct pollfd query = {.fd = fd, .events = POLLIN};
  return poll(&query, 1, milliseconds) > 0;
}

static inline bool linux_wait_writable(int fd, int milliseconds) {
  struct pollfd query = {.fd = fd, .events = POLLOUT};
  return poll(&query, 1, milliseconds) > 0;
}

// MARK: Terminals

/// Each byte as it comes, nothing echoed, a BREAK marked (FF 00 00, and FF FF for FF); 8 bits, no parity, and the speed if
/// one is given. What was before is kept in `saved`. 0 or -1.
static inline int linux_terminal_raw(int fd, unsigned speed, struct termios *_Nonnull saved) {
  if (tcgetattr(fd, saved) != 0) return -1;
  struct termios raw = *saved;
  cfmakeraw(&raw);
  raw.c_iflag |= PARMRK;
  raw.c_cflag |= CLOCAL | CREAD;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  if (speed != 0) {
    speed_t code = speed == 9600 ? B9600 : speed == 19200 ? B19200 : speed == 38400 ? B38400 : speed == 57600 ? B57600
                   : speed == 230400 ? B230400 : B115200;
    cfsetispeed(&raw, code);
    cfsetospeed(&raw, code);
    // A line that hangs up ends the session.
    raw.c_cflag &= ~CLOCAL;
    raw.c_cflag |= HUPCL;
  }
  return tcsetattr(fd, TCSANOW, &raw);
}
static inline void linux_terminal_restore(int fd, const struct termios *_Nonnull saved) {
  tcsetattr(fd, TCSADRAIN, saved);
}

/// 0 where it is not known.
static inline int linux_terminal_columns(int fd) {
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
static inline int linux_terminal_rows(int fd) {
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

static inline int linux_open_terminal(const char *_Nonnull path) {
  // Without a carrier an ordinary open would wait for one.
  return open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

// MARK: Events, signals, clocks

static inline int linux_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline int linux_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }

/// A negative timeout waits without end. On kernels before 5.11 it is rounded up to milliseconds.
static inline int linux_epoll_wait(int fd, struct epoll_event *_Nonnull events, int limit, int64_t nanoseconds) {
  struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  int count = epoll_pwait2(fd, events, limit, nanoseconds < 0 ? NULL : &timeout, NULL);
  if (count >= 0 || errno != ENOSYS) return count;
  int64_t milliseconds = nanoseconds < 0 ? -1 : (nanoseconds + 999999) / 1000000;
  return epoll_wait(fd, events, limit, milliseconds > 1000000000 ? 1000000000 : (int)milliseconds);
}

/// Blocks the signals for the calling thread and all that it starts, and gives a descriptor that reads them.
static inline int linux_signal_source(const int *_Nonnull numbers, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, numbers[i]);
  if (pthread_sigmask(SIG_BLOCK, &set, NULL)) return -1;
  return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static inline void linux_ignore_signal(int number) { signal(number, SIG_IGN); }

static inline int64_t linux_clock(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}
static inline int64_t linux_monotonic_clock(void) { return linux_clock(CLOCK_MONOTONIC); }
static inline int64_t linux_wall_clock(void) { return linux_clock(CLOCK_REALTIME); }

/// Whether something (NTP, GPS) keeps the wall clock right.
static inline bool linux_clock_is_synchronised(void) {
  struct timex state;
  memset(&state, 0, sizeof state);
  return adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC);
}

// MARK: GPIO

/// A line of a GPIO chip as an input that tells of both its edges (gpio/chardev.h, version 2). Its descriptor is readable
/// after an edge and does not block.
static inline int linux_gpio_line(int chip, uint32_t line, bool active_low, uint32_t debounce_us) {
  struct gpio_v2_line_request request;
  memset(&request, 0, sizeof request);
  request.num_lines = 1;
  request.offsets[0] = line;
  strcpy(request.consumer, "branchline");
  request.config.flags = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING;
  if (active_low) request.config.flags |= GPIO_V2_LINE_FLAG_ACTIVE_LOW;
  if (debounce_us) {
    request.config.num_attrs = 1;
    request.config.attrs[0].mask = 1;
    request.config.attrs[0].attr.id = GPIO_V2_LINE_ATTR_ID_DEBOUNCE;
    request.config.attrs[0].attr.debounce_period_us = debounce_us;
  }
  if (ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) < 0) return -1;
  int flags = fcntl(request.fd, F_GETFL);
  fcntl(request.fd, F_SETFL, flags | O_NONBLOCK);
  fcntl(request.fd, F_SETFD, FD_CLOEXEC);
  return request.fd;
}

/// 1 while the line is active, 0 while it is not, -1 on an error.
static inline int linux_gpio_value(int line) {
  struct gpio_v2_line_values values = {.bits = 0, .mask = 1};
  return ioctl(line, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) < 0 ? -1 : (int)(values.bits & 1);
}

// MARK: Processes and threads

/// A pipe whose reading end does not block. 0 or -1.
static inline int linux_pipe(int *_Nonnull reading, int *_Nonnull writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return -1;
  *reading = ends[0];
  *writing = ends[1];
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return 0;
}

/// Starts this program once more; `arguments` end with NULL. It ends with the thread that starts it, its standard output is
/// `output`. The process's number, or -1.
__attribute__((noinline)) static pid_t linux_start_self(char *_Nullable const *_Nonnull arguments, int output) {
  pid_t parent = getpid();
  // The memory of this process is not copied: its other threads go on with calls.
  pid_t child = vfork();
  if (child) return child;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == parent && dup2(output, STDOUT_FILENO) >= 0) execv("/proc/self/exe", arguments);
  _exit(127);
}

/// Ends a process of our own and takes note of it.
static inline void linux_end_process(pid_t number) {
  kill(number, SIGKILL);
  while (waitpid(number, NULL, 0) < 0 && errno == EINTR) {}
}

/// From now on this process comes after all others for the processor and goes before them when memory is short; it gets no
/// more rights, writes no file, starts no other, and has so many descriptors and bytes of memory.
static inline void linux_become_minor(int descriptors, size_t memory) {
  struct rlimit none = {0, 0}, few = {(rlim_t)descriptors, (rlim_t)descriptors}, room = {memory, memory};
  setpriority(PRIO_PROCESS, 0, 10);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) {
    if (write(score, "1000", 4) < 0) errno = 0;
    close(score);
  }
  // Only now: its files in /proc become root's.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_NPROC, &none);
  // A write that is one too many fails, and ends nothing: where a log is a file, too.
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &none);
  setrlimit(RLIMIT_NOFILE, &few);
  setrlimit(RLIMIT_DATA, &room);
}

/// Starts a thread with a stack of `stack` bytes. Its end is awaited with pthread_join.
static inline int linux_thread_start(pthread_t *_Nonnull thread, size_t stack,
                                     void *_Nullable (*_Nonnull body)(void *_Nullable), void *_Nullable context) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack);
  int code = pthread_create(thread, &attributes, body, context);
  pthread_attr_destroy(&attributes);
  return code;
}

static inline void linux_thread_name(const char *_Nonnull name) { pthread_setname_np(pthread_self(), name); }

/// Asks for SCHED_FIFO for the calling thread. Without the right to it, an errno.
static inline int linux_thread_realtime(int priority) {
  struct sched_param parameters = {.sched_priority = priority};
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

/// As many open descriptors as the system lets this process have.
static inline void linux_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// One arena and early return of freed memory: a small resident set for a program of few threads.
static inline void linux_malloc_small(void) {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TRIM_THRESHOLD, 128 * 1024);
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
}

extern const char __executable_start, etext;

/// Lets go of the pages of code and constants that are mapped so far; those that are needed again come back from the
/// page cache.
static inline void linux_release_code(void) {
  uintptr_t page = (uintptr_t)getpagesize();
  uintptr_t start = (uintptr_t)&__executable_start & ~(page - 1);
  uintptr_t end = (uintptr_t)&etext & ~(page - 1);
  madvise((void *)start, end - start, MADV_DONTNEED);
}

/// open(2) for reading; the variadic function does not import.
static inline int linux_open_to_read(const char *_Nonnull path) { return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY); }

static inline int linux_open_to_write(const char *_Nonnull path, unsigned mode) {
  return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, mode);
}

/// A file that nobody has made before, in place of what has its name.
static inline int linux_open_new(const char *_Nonnull path, unsigned mode) {
  unlink(path);
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode);
}

/// Forces what stands in a directory to the disk. 0 or -1.
static inline int linux_force_directory(const char *_Nonnull path) {
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return -1;
  int result = fsync(directory);
  int code = errno;
  close(directory);
  errno = code;
  return result;
}

/// Gives a file the owner and rights of another, where that is there and it may be done.
static inline void linux_copy_owner(const char *_Nonnull from, const char *_Nonnull to) {
  struct stat state;
  if (stat(from, &state) != 0) return;
  if (chown(to, state.st_uid, state.st_gid) == 0) chmod(to, state.st_mode & 0777);
}

/// A new file belongs to whom its neighbour belongs to; its rights stay.
static inline void linux_give_owner(const char *_Nonnull path, const char *_Nonnull neighbour) {
  struct stat state;
  if (stat(neighbour, &state) != 0) return;
  // Who may not give it away keeps it.
  int result = chown(path, state.st_uid, state.st_gid);
  (void)result;
}

/// 0 for a plain file, 1 for a directory, 2 for something else, links too; -1 where nothing is.
static inline int linux_path_kind(const char *_Nonnull path) {
  struct stat state;
  if (lstat(path, &state) != 0) return -1;
  return S_ISREG(state.st_mode) ? 0 : S_ISDIR(state.st_mode) ? 1 : 2;
}

/// For this process alone, as long as the descriptor is open. 0 or -1, EWOULDBLOCK where another has it.
static inline int linux_lock_file(int fd) { return flock(fd, LOCK_EX | LOCK_NB); }

/// The next entry of a directory; null at the end. Valid until the next call.
static inline const char *_Nullable linux_next_entry(void *_Nonnull directory) {
  struct dirent *entry = readdir((DIR *)directory);
  return entry ? entry->d_name : 0;
}
static inline void *_Nullable linux_open_directory(const char *_Nonnull path) { return opendir(path); }
static inline void linux_close_directory(void *_Nonnull directory) { closedir((DIR *)directory); }

/// Bytes of a file, -1 where there is none.
static inline int64_t linux_file_bytes(const char *_Nonnull path) {
  struct stat information;
  return stat(path, &information) == 0 && S_ISREG(information.st_mode) ? information.st_size : -1;
}
/// Bytes of the file system that ordinary users may still take, -1 where that is not known.
static inline int64_t linux_free_bytes(const char *_Nonnull path) {
  struct statvfs information;
  return statvfs(path, &information) == 0 ? (int64_t)(information.f_bavail * information.f_frsize) : -1;
}

static inline int linux_open_to_append(const char *_Nonnull path) {
  return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
}

static inline bool linux_is_regular_file(int fd) {
  struct stat information;
  return fstat(fd, &information) == 0 && S_ISREG(information.st_mode);
}

static inline const void *_Nullable linux_map_to_read(int fd, size_t count) {
  void *start = mmap(NULL, count, PROT_READ, MAP_PRIVATE, fd, 0);
  return start == MAP_FAILED ? NULL : start;
}

/// 1 if up to PIPE_BUF bytes can be written without blocking, 0 if not, -1 on an error.
static inline int linux_is_writable(int fd) {
  struct pollfd query = {.fd = fd, .events = POLLOUT};
  int count = poll(&query, 1, 0);
  return count <= 0 ? count : query.revents & POLLOUT ? 1 : -1;
}

#endif
