#include "CPcap.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BILLION 1000000000

static void say(char *error, const char *words) { snprintf(error, CPCAP_ERROR_BYTES, "%s", words); }

cpcap *cpcap_open_file(const char *path, char *error) {
  error[0] = 0;
  // libpcap takes "-" for the standard input.
  FILE *file = fopen(path, "rbe");
  if (!file) {
    say(error, strerror(errno));
    return NULL;
  }
  // The file goes with the handle.
  pcap_t *pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error);
  if (!pcap) fclose(file);
  return pcap;
}

cpcap *cpcap_open_interface(const char *name, int snapshot, int buffer, char *error) {
  error[0] = 0;
  pcap_t *pcap = pcap_create(name, error);
  if (!pcap) return NULL;
  pcap_set_snaplen(pcap, snapshot);
  pcap_set_buffer_size(pcap, buffer);
  // Longest time in milliseconds that frames wait in the kernel for more of them.
  pcap_set_timeout(pcap, 100);
  // Where the kernel has no nanoseconds, libpcap says so in what it tells, and microseconds are enough.
  pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
  int status = pcap_activate(pcap);
  if (status >= 0 && pcap_setnonblock(pcap, 1, error) == 0) return pcap;
  if (status == PCAP_ERROR_PERM_DENIED) {
    say(error, "needs the right CAP_NET_RAW: AmbientCapabilities=CAP_NET_RAW in the systemd unit, "
               "or setcap cap_net_raw+ep on the program");
  } else if (status < 0) {
    const char *words = pcap_geterr(pcap);
    say(error, words[0] ? words : pcap_statustostr(status));
  }
  pcap_close(pcap);
  return NULL;
}

void cpcap_close(cpcap *pcap) { pcap_close(pcap); }

// DLT_ is what programs get, LINKTYPE_ what files have: they differ for raw IP alone.
int cpcap_link_type(cpcap *pcap) { return pcap_datalink(pcap) == DLT_RAW ? 101 : pcap_datalink(pcap); }
static int dlt(int link_type) { return link_type == 101 ? DLT_RAW : link_type; }

int cpcap_next(cpcap *pcap, struct cpcap_frame *frame) {
  struct pcap_pkthdr *header;
  const u_char *bytes;
  int status = pcap_next_ex(pcap, &header, &bytes);
  if (status != 1) return status;
  bool is_nano = pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO;
  int64_t fraction = (int64_t)header->ts.tv_usec * (is_nano ? 1 : 1000);
  if (__builtin_mul_overflow((int64_t)header->ts.tv_sec, (int64_t)BILLION, &frame->nanoseconds) ||
      __builtin_add_overflow(frame->nanoseconds, fraction, &frame->nanoseconds))
    frame->nanoseconds = header->ts.tv_sec < 0 ? INT64_MIN / 2 : INT64_MAX / 2;
  frame->bytes = bytes;
  frame->captured = header->caplen;
  frame->length = header->len;
  return 1;
}

const char *cpcap_error(cpcap *pcap) { return pcap_geterr(pcap); }

bool cpcap_set_filter(cpcap *pcap, const char *text, char *error) {
  struct bpf_program program;
  if (pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0) {
    say(error, pcap_geterr(pcap));
    return false;
  }
  bool is_set = pcap_setfilter(pcap, &program) == 0;
  if (!is_set) say(error, pcap_geterr(pcap));
  pcap_freecode(&program);
  return is_set;
}

bool cpcap_check_filter(int link_type, const char *text, char *error) {
  struct bpf_program program;
  pcap_t *pcap = pcap_open_dead(dlt(link_type), 65535);
  if (!pcap) {
    say(error, "no memory");
    return false;
  }
  bool is_right = pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) == 0;
  if (is_right) pcap_freecode(&program);
  else say(error, pcap_geterr(pcap));
  pcap_close(pcap);
  return is_right;
}

int cpcap_descriptor(cpcap *pcap) { return pcap_get_selectable_fd(pcap); }

int64_t cpcap_dropped(cpcap *pcap) {
  struct pcap_stat counts;
  return pcap_stats(pcap, &counts) == 0 ? (int64_t)counts.ps_drop + counts.ps_ifdrop : -1;
}

struct cpcap_file {
  pcap_t *dead;
  pcap_dumper_t *dumper;
};

cpcap_file *cpcap_create(const char *path, int link_type, int snapshot, char *error) {
  cpcap_file *file = calloc(1, sizeof *file);
  int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
  if (!file || !stream) {
    say(error, strerror(errno));
    if (descriptor >= 0) close(descriptor);
    free(file);
    return NULL;
  }
  file->dead = pcap_open_dead_with_tstamp_precision(dlt(link_type), snapshot, PCAP_TSTAMP_PRECISION_NANO);
  file->dumper = file->dead ? pcap_dump_fopen(file->dead, stream) : NULL;
  if (file->dumper) return file;
  say(error, file->dead ? pcap_geterr(file->dead) : "no memory");
  if (file->dead) pcap_close(file->dead);
  fclose(stream);
  free(file);
  return NULL;
}

bool cpcap_write(cpcap_file *file, const struct cpcap_frame *frame) {
  struct pcap_pkthdr header = {.caplen = frame->captured, .len = frame->length};
  header.ts.tv_sec = frame->nanoseconds / BILLION;
  header.ts.tv_usec = frame->nanoseconds % BILLION;
  pcap_dump((u_char *)file->dumper, &header, frame->bytes);
  return !ferror(pcap_dump_file(file->dumper));
}

bool cpcap_flush(cpcap_file *file) { return pcap_dump_flush(file->dumper) == 0; }

bool cpcap_force(cpcap_file *file) { return cpcap_flush(file) && fsync(fileno(pcap_dump_file(file->dumper))) == 0; }

bool cpcap_finish(cpcap_file *file) {
  bool is_written = cpcap_flush(file);
  pcap_dump_close(file->dumper);
  pcap_close(file->dead);
  free(file);
  return is_written;
}

bool cpcap_remove(const char *path) { return unlink(path) == 0; }

const char *cpcap_version(void) { return pcap_lib_version(); }
