// Sockets and the addresses of interfaces.
#ifndef BRANCHLINE_LINUX_SOCKETS_H
#define BRANCHLINE_LINUX_SOCKETS_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// Without _GNU_SOURCE, as in `shim.h`.
int accept4(int, struct sockaddr *_Nullable, socklen_t *_Nullable, int);

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

/// An IPv6 socket that is not bound yet carries IPv4 too, by addresses that map it.
static inline int linux_serve_both(int fd) {
  int no = 0;
  return setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
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

#endif
