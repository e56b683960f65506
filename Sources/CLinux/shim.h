// The Linux calls that Swift cannot import as they are: macros, variadic functions, unions (`sockets.h`, `files.h` and
// `state.h` have those of their kind). Each is the bare call with its errno; nothing is decided here. _GNU_SOURCE stays
// undefined: with it, structures would differ from those of Swift's own Glibc module, which ordinary builds load too. What
// it would declare stands below.
#ifndef BRANCHLINE_LINUX_SHIM_H
#define BRANCHLINE_LINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <malloc.h>
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
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int pipe2(int *_Nonnull, int);
const char *_Nullable strerrorname_np(int);
int pthread_setname_np(pthread_t, const char *_Nonnull);

static inline int linux_errno(void) { return errno; }

/// "ECONNREFUSED", or "E?" for a number without a name.
static inline const char *_Nonnull linux_errno_name(int code) {
  const char *name = strerrorname_np(code);
  return name ? name : "E?";
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

/// 1 if up to PIPE_BUF bytes can be written without blocking, 0 if not, -1 on an error.
static inline int linux_is_writable(int fd) {
  struct pollfd query = {.fd = fd, .events = POLLOUT};
  int count = poll(&query, 1, 0);
  return count <= 0 ? count : query.revents & POLLOUT ? 1 : -1;
}

#endif
