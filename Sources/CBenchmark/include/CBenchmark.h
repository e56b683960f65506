// What the bench has in C: UDP sockets on the loopback address without Swift's casts, so that the generator costs little,
// and the bare relay that is the floor to measure a relay against. Calls return -1 with errno as the system does.
#ifndef BRANCHLINE_BENCHMARK_H
#define BRANCHLINE_BENCHMARK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A non-blocking UDP socket at 127.0.0.1; port 0 takes any. `buffer` bytes may wait in it, if the kernel grants them.
int bench_socket(uint16_t port, int buffer);
uint16_t bench_port(int socket);
ssize_t bench_send(int socket, const void *_Nonnull bytes, size_t count, uint16_t port);
/// -1 when nothing waits.
ssize_t bench_receive(int socket, void *_Nonnull buffer, size_t capacity);

int bench_poller(void);
int bench_watch(int poller, int socket, uint32_t token);
/// The number of sockets that are readable, with their tokens; at most `nanoseconds` are waited.
int bench_wait(int poller, uint32_t *_Nonnull tokens, int capacity, int64_t nanoseconds);

/// Nanoseconds of CLOCK_MONOTONIC.
int64_t bench_now(void);
/// Nanoseconds of processor that this process has used.
int64_t bench_own_time(void);
/// The same of this thread alone.
int64_t bench_thread_time(void);

/// From here on this thread, and what it starts, run on the core it is on now.
int bench_share_core(void);
int bench_use_all_cores(void);

/// Where `wanted` begins in `bytes`, or NULL.
const void *_Nullable bench_find(const void *_Nonnull bytes, size_t count, const void *_Nonnull wanted, size_t wanted_count);

/// Starts a program; what it says goes to `output`. Its process id.
pid_t bench_spawn(char *_Nullable const *_Nonnull arguments, const char *_Nonnull output);

/// Forwards what comes in at socket n (port `first` + 2 n) from socket n^1 to port `remote` + 2 (n^1), for ever: a wait,
/// a receive and a send, and nothing else; at the priority of a media thread where the system grants it, since that
/// decides when it is woken. Returns only when it cannot start.
int bench_relay(uint16_t first, uint16_t remote, int sockets);

#endif
