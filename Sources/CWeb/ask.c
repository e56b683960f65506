// Questions to the daemon over the one connection that this process has to it: `NUMBER LINE` out, `NUMBER COUNT`, a line's
// end and so many bytes in, in whatever order.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

static struct question *find(struct web_server *server, uint64_t number) {
  struct question *question;
  TAILQ_FOREACH(question, &server->questions, next) {
    if (question->number == number) return question;
  }
  return NULL;
}

static void finish(struct question *question, enum web_kind kind, const uint8_t *bytes, size_t count) {
  struct web_server *server = question->server;
  happen(server, kind, question->number, bytes, count);
  TAILQ_REMOVE(&server->questions, question, next);
  free(question);
}

static void lose(struct web_server *server) {
  if (server->channel) bufferevent_free(server->channel);
  server->channel = NULL;
  while (!TAILQ_EMPTY(&server->questions)) finish(TAILQ_FIRST(&server->questions), WEB_NO_ANSWER, NULL, 0);
}

/// False: not all of it is there.
static bool take_answer(struct web_server *server, struct evbuffer *input) {
  struct evbuffer_ptr end = evbuffer_search_eol(input, NULL, NULL, EVBUFFER_EOL_LF);
  if (end.pos < 0) return false;
  char head[48] = "";
  unsigned long long number;
  size_t count;
  evbuffer_copyout(input, head, end.pos < (ssize_t)sizeof head ? (size_t)end.pos : sizeof head - 1);
  if (sscanf(head, "%llu %zu", &number, &count) != 2 || count > server->limits.answer_bytes) {
    lose(server);
    return false;
  }
  size_t whole = (size_t)end.pos + 1 + count;
  if (evbuffer_get_length(input) < whole) return false;
  const uint8_t *bytes = evbuffer_pullup(input, (ssize_t)whole);
  struct question *question = find(server, number);
  // One that was given up may be answered late.
  if (question) finish(question, WEB_ANSWER, bytes + end.pos + 1, count);
  evbuffer_drain(input, whole);
  return true;
}

static void on_read(struct bufferevent *stream, void *context) {
  struct web_server *server = context;
  while (server->channel && take_answer(server, bufferevent_get_input(stream))) {}
}

static void on_event(struct bufferevent *stream, short what, void *context) {
  (void)stream;
  if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) lose(context);
}

void open_channel(struct web_server *server, int channel) {
  TAILQ_INIT(&server->questions);
  server->channel =
      bufferevent_socket_new(server->base, channel, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
  if (!server->channel) abort();
  bufferevent_setcb(server->channel, on_read, NULL, on_event, server);
  bufferevent_enable(server->channel, EV_READ | EV_WRITE);
}

void count_down_questions(struct web_server *server) {
  struct question *question, *after;
  for (question = TAILQ_FIRST(&server->questions); question; question = after) {
    after = TAILQ_NEXT(question, next);
    if (--question->patience <= 0) finish(question, WEB_NO_ANSWER, NULL, 0);
  }
}

bool web_has_daemon(const struct web_server *server) { return server->channel != NULL; }

void web_ask(struct web_server *server, uint64_t number, const uint8_t *bytes, size_t count) {
  struct question *question = malloc(sizeof *question);
  if (!question) abort();
  *question = (struct question){.server = server, .number = number, .patience = server->limits.answer_seconds + 1};
  TAILQ_INSERT_TAIL(&server->questions, question, next);
  if (!server->channel) return finish(question, WEB_NO_ANSWER, NULL, 0);
  evbuffer_add_printf(bufferevent_get_output(server->channel), "%llu ", (unsigned long long)number);
  bufferevent_write(server->channel, bytes, count);
}
