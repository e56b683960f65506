// What libpcap's static archive asks for and this program has no use for. Found here, the linker does not take the
// archive's own: capturing from D-Bus, Bluetooth, USB and netfilter (with it libdbus), and names of hosts, services and
// protocols, which in a static glibc need plug-ins of the host's. So filters take numbers. Hidden: where libpcap is a
// shared library, it keeps its own.
#include <arpa/inet.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#pragma GCC visibility push(hidden)
// The prototypes stand in headers of libpcap that it does not install.
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

struct pcap;

#define ABSENT_SOURCE(name)                                                              \
  int name##_findalldevs(void *list, char *error) { (void)list, (void)error; return 0; } \
  struct pcap *name##_create(const char *device, char *error, int *is_ours) {            \
    (void)device, (void)error;                                                           \
    *is_ours = 0;                                                                        \
    return NULL;                                                                         \
  }
ABSENT_SOURCE(dbus)
ABSENT_SOURCE(bt)
ABSENT_SOURCE(bt_monitor)
ABSENT_SOURCE(usb)
ABSENT_SOURCE(netfilter)

// libpcap's scanner asks this one whether a word is an IPv6 address. Addresses alone, IPv6 alone.
int getaddrinfo(
  const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  (void)service, (void)hints;
  struct {
    struct addrinfo info;
    struct sockaddr_in6 address;
  } *found = calloc(1, sizeof *found);
  if (!found) return EAI_MEMORY;
  if (!node || inet_pton(AF_INET6, node, &found->address.sin6_addr) != 1) {
    free(found);
    return EAI_NONAME;
  }
  found->address.sin6_family = AF_INET6;
  found->info.ai_family = AF_INET6;
  found->info.ai_addr = (struct sockaddr *)&found->address;
  found->info.ai_addrlen = sizeof found->address;
  *result = &found->info;
  return 0;
}
void freeaddrinfo(struct addrinfo *info) { free(info); }

struct addrinfo *pcap_nametoaddrinfo(const char *name) {
  struct addrinfo *result;
  return getaddrinfo(name, NULL, NULL, &result) == 0 ? result : NULL;
}
uint32_t **pcap_nametoaddr(const char *name) { (void)name; return NULL; }
uint32_t pcap_nametonetaddr(const char *name) { (void)name; return 0; }
int pcap_nametoport(const char *name, int *port, int *protocol) { (void)name, (void)port, (void)protocol; return 0; }
int pcap_nametoproto(const char *name) { (void)name; return -1; }
int pcap_nametoeproto(const char *name) { (void)name; return -1; }
int pcap_nametollc(const char *name) { (void)name; return -1; }
unsigned char *pcap_ether_hostton(const char *name) { (void)name; return NULL; }
unsigned short __pcap_nametodnaddr(const char *name, unsigned short *result) { (void)name, (void)result; return 0; }
int __pcap_atodn(const char *text, uint32_t *address) { (void)text, (void)address; return 0; }

/// `20000-20999`
int pcap_nametoportrange(const char *name, int *first, int *last, int *protocol) {
  char *end;
  long low = strtol(name, &end, 10);
  if (end == name || *end != '-') return 0;
  const char *rest = end + 1;
  long high = strtol(rest, &end, 10);
  if (end == rest || *end || low < 0 || low > 65535 || high < 0 || high > 65535) return 0;
  *first = (int)low;
  *last = (int)high;
  *protocol = -1;
  return 1;
}

/// `192.168` is 0xC0A8 in the lowest bits; the result is how many bits were given.
int __pcap_atoin(const char *text, uint32_t *address) {
  int bits = 0;
  *address = 0;
  while (1) {
    uint32_t octet = 0;
    const char *start = text;
    while (*text >= '0' && *text <= '9' && octet <= 255) octet = octet * 10 + (uint32_t)(*text++ - '0');
    if (text == start || octet > 255 || bits == 32) return -1;
    *address = *address << 8 | octet;
    bits += 8;
    if (*text != '.') return bits;
    text++;
  }
}

/// `00:1b:63:84:45:e6`; to be freed.
unsigned char *pcap_ether_aton(const char *text) {
  unsigned char *address = calloc(1, 6);
  for (int i = 0; address && i < 6; i++) {
    char *end;
    address[i] = (unsigned char)strtoul(text, &end, 16);
    text = *end ? end + 1 : end;
  }
  return address;
}
