// UDP on 127.0.0.1, epoll and posix_spawn, as thin as they can be.

#define _GNU_SOURCE
#include "CBenchmark.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { events_per_wait = 64 };

static struct sockaddr_in loopback(uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int bench_socket(uint16_t port, int buffer) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  struct sockaddr_in address = loopback(port);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  int code = errno;
  close(fd);
  errno = code;
  return -1;
}

uint16_t bench_port(int fd) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  return getsockname(fd, (struct sockaddr *)&address, &length) ? 0 : ntohs(address.sin_port);
}

ssize_t bench_send(int fd, const void *bytes, size_t count, uint16_t port) {
  struct sockaddr_in address = loopback(port);
  return sendto(fd, bytes, count, 0, (struct sockaddr *)&address, sizeof address);
}

ssize_t bench_receive(int fd, void *buffer, size_t capacity) { return recv(fd, buffer, capacity, 0); }

int bench_poller(void) { return epoll_create1(EPOLL_CLOEXEC); }

int bench_watch(int poller, int fd, uint32_t token) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = token};
  return epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

int bench_wait(int poller, uint32_t *tokens, int capacity, int64_t nanoseconds) {
  struct epoll_event events[events_per_wait];
  struct timespec patience = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  int count = epoll_pwait2(poller, events, capacity < events_per_wait ? capacity : events_per_wait, &patience, NULL);
  for (int i = 0; i < count; i++) tokens[i] = events[i].data.u32;
  return count;
}

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t bench_now(void) { return nanoseconds(CLOCK_MONOTONIC); }
int64_t bench_own_time(void) { return nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }

int64_t bench_thread_time(void) { return nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

int bench_share_core(void) {
  cpu_set_t core;
  int number = sched_getcpu();
  if (number < 0) return -1;
  CPU_ZERO(&core);
  CPU_SET(number, &core);
  return sched_setaffinity(0, sizeof core, &core);
}

int bench_use_all_cores(void) {
  cpu_set_t cores;
  memset(&cores, 0xff, sizeof cores);
  return sched_setaffinity(0, sizeof cores, &cores);
}

const void *bench_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count) {
  return memmem(bytes, count, wanted, wanted_count);
}

pid_t bench_spawn(char *const *arguments, const char *output) {
  extern char **environ;
  posix_spawn_file_actions_t actions;
  if (posix_spawn_file_actions_init(&actions)) return -1;
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = -1;
  int code = posix_spawn(&pid, arguments[0], &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code == 0) return pid;
  errno = code;
  return -1;
}
