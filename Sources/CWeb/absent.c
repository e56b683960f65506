// What libevent asks of the host's name services, which a static glibc has no use for: the name of an address, at each
// connection, is its numbers. Hidden: where libevent is a shared library, it keeps the system's.
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

#pragma GCC visibility push(hidden)

int getnameinfo(const struct sockaddr *address, socklen_t length, char *host, socklen_t host_size, char *service,
                socklen_t service_size, int flags) {
  (void)length, (void)flags;
  const void *bytes;
  in_port_t port;
  switch (address->sa_family) {
    case AF_INET:
      bytes = &((const struct sockaddr_in *)address)->sin_addr;
      port = ((const struct sockaddr_in *)address)->sin_port;
      break;
    case AF_INET6:
      bytes = &((const struct sockaddr_in6 *)address)->sin6_addr;
      port = ((const struct sockaddr_in6 *)address)->sin6_port;
      break;
    default: return EAI_FAMILY;
  }
  if (host && !inet_ntop(address->sa_family, bytes, host, host_size)) return EAI_OVERFLOW;
  if (service) snprintf(service, service_size, "%u", ntohs(port));
  return 0;
}

// libevent asks for these where a port or a protocol is given by its name.
struct servent *getservbyname(const char *name, const char *protocol) {
  (void)name, (void)protocol;
  return NULL;
}
struct protoent *getprotobynumber(int number) {
  (void)number;
  return NULL;
}
