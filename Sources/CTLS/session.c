// One session, between two buffers in memory.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CTLS.h"
#include "context.h"

enum { DOMAIN_BYTES = 256 };

struct tls_session {
  SSL *ssl;
  /// From the network and to it: the session's own.
  BIO *in, *out;
  /// Whom the certificate must name; empty: nobody.
  char domain[DOMAIN_BYTES];
  bool names_another;
  unsigned long error;
};

static struct tls_session *new_session(SSL_CTX *settings, const char *domain, bool calls) {
  struct tls_session *session = calloc(1, sizeof *session);
  if (!session) return NULL;
  session->ssl = SSL_new(settings);
  session->in = BIO_new(BIO_s_mem());
  session->out = BIO_new(BIO_s_mem());
  if (!session->ssl || !session->in || !session->out || (domain && strlen(domain) >= DOMAIN_BYTES)) {
    BIO_free(session->in);
    BIO_free(session->out);
    SSL_free(session->ssl);
    free(session);
    return NULL;
  }
  // An empty buffer is no end.
  BIO_set_mem_eof_return(session->in, -1);
  SSL_set_bio(session->ssl, session->in, session->out);
  SSL_set_app_data(session->ssl, session);
  if (domain) strcpy(session->domain, domain);
  if (calls) {
    SSL_set_connect_state(session->ssl);
    if (!domain) SSL_set_verify(session->ssl, SSL_VERIFY_NONE, NULL);
  } else {
    SSL_set_accept_state(session->ssl);
  }
  return session;
}

struct tls_session *tls_accept(SSL_CTX *settings) { return new_session(settings, NULL, false); }

struct tls_session *tls_call(SSL_CTX *settings, const char *domain) {
  struct tls_session *session = new_session(settings, domain, true);
  // RFC 6066 knows names of hosts only.
  if (session && domain && strspn(domain, "0123456789.") != strlen(domain) && !strchr(domain, ':'))
    SSL_set_tlsext_host_name(session->ssl, domain);
  return session;
}

void tls_free(struct tls_session *session) {
  SSL_free(session->ssl);
  free(session);
}

void tls_free_settings(SSL_CTX *settings) { SSL_CTX_free(settings); }

int tls_check_peer(int is_good, X509_STORE_CTX *chain) {
  SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
  struct tls_session *session = ssl ? SSL_get_app_data(ssl) : NULL;
  if (!is_good || !session) return 0;
  if (X509_STORE_CTX_get_error_depth(chain) > 0 || !session->domain[0]) return 1;
  if (tls_names(X509_STORE_CTX_get_current_cert(chain), session->domain)) return 1;
  session->names_another = true;
  X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
  return 0;
}

bool tls_feed(struct tls_session *session, const void *bytes, size_t count) {
  size_t written;
  return count == 0 || (BIO_write_ex(session->in, bytes, count, &written) == 1 && written == count);
}

/// After a call that did not succeed: whether there is just nothing to be read yet.
static bool only_waits(struct tls_session *session, int result) {
  int kind = SSL_get_error(session->ssl, result);
  if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) return true;
  session->error = ERR_peek_error();
  ERR_clear_error();
  return false;
}

enum tls_step tls_go_on(struct tls_session *session) {
  ERR_clear_error();
  int result = SSL_do_handshake(session->ssl);
  if (result == 1) return TLS_READY;
  return only_waits(session, result) ? TLS_WAITS : TLS_REFUSED;
}

void tls_fault(const struct tls_session *session, char *text, size_t size) {
  long verdict = SSL_get_verify_result(session->ssl);
  if (session->names_another) {
    snprintf(text, size, "the certificate does not name %s", session->domain);
  } else if (verdict != X509_V_OK) {
    snprintf(text, size, "the certificate: %s", X509_verify_cert_error_string(verdict));
  } else if (session->error) {
    snprintf(text, size, "OpenSSL error %lX", session->error);
  } else {
    snprintf(text, size, "the other side gave up");
  }
}

ptrdiff_t tls_read(struct tls_session *session, void *bytes, size_t size) {
  size_t count = 0;
  ERR_clear_error();
  int result = SSL_read_ex(session->ssl, bytes, size, &count);
  if (result == 1) return (ptrdiff_t)count;
  return only_waits(session, result) ? 0 : -1;
}

bool tls_write(struct tls_session *session, const void *bytes, size_t count) {
  size_t written;
  ERR_clear_error();
  return count == 0 || SSL_write_ex(session->ssl, bytes, count, &written) == 1;
}

void tls_finish(struct tls_session *session) {
  ERR_clear_error();
  SSL_shutdown(session->ssl);
  ERR_clear_error();
}

size_t tls_waiting(struct tls_session *session) { return BIO_ctrl_pending(session->out); }

size_t tls_take(struct tls_session *session, void *bytes, size_t size) {
  size_t count = 0;
  return BIO_read_ex(session->out, bytes, size, &count) == 1 ? count : 0;
}

const char *tls_version(const struct tls_session *session) { return SSL_get_version(session->ssl); }
