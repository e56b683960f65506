// The floor: the least that a relay with a socket a stream can do. No RTP, no clock, no tables.

#define _GNU_SOURCE
#include "CBenchmark.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { sockets_max = 1024, packet_bytes = 2048, events_per_wait = 64, receive_buffer_bytes = 65536, priority = 10 };

int bench_relay(uint16_t first, uint16_t remote, int sockets) {
  static int descriptors[sockets_max];
  static struct sockaddr_in remotes[sockets_max];
  struct sched_param scheduling = {.sched_priority = priority};
  sched_setscheduler(0, SCHED_FIFO, &scheduling);
  int poller = bench_poller();
  if (poller < 0 || sockets > sockets_max) return -1;
  for (int i = 0; i < sockets; i++) {
    descriptors[i] = bench_socket(first + 2 * i, receive_buffer_bytes);
    if (descriptors[i] < 0 || bench_watch(poller, descriptors[i], i)) return -1;
    remotes[i].sin_family = AF_INET;
    remotes[i].sin_port = htons(remote + 2 * i);
    remotes[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  for (;;) {
    struct epoll_event events[events_per_wait];
    int count = epoll_wait(poller, events, events_per_wait, -1);
    for (int i = 0; i < count; i++) {
      uint32_t here = events[i].data.u32, there = here ^ 1;
      char packet[packet_bytes];
      struct sockaddr_in from;
      socklen_t length = sizeof from;
      ssize_t bytes = recvfrom(descriptors[here], packet, sizeof packet, 0, (struct sockaddr *)&from, &length);
      if (bytes < 0) continue;
      sendto(descriptors[there], packet, bytes, 0, (struct sockaddr *)&remotes[there], sizeof remotes[there]);
    }
  }
}
