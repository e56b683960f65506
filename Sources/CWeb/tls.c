// TLS as this server speaks it: 1.2 and 1.3, no renegotiation, no compression, nothing read from the system's files.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "server.h"

void begin_openssl(void) {
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_SSL_STRINGS, NULL);
}

/// The server's certificate, then those that lead to its authority.
static bool use_certificates(SSL_CTX *tls, const uint8_t *bytes, size_t count, uint8_t fingerprint[32]) {
  BIO *bio = BIO_new_mem_buf(bytes, (int)count);
  X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
  unsigned length = 32;
  bool is_good = certificate && SSL_CTX_use_certificate(tls, certificate) == 1 &&
                 X509_digest(certificate, EVP_sha256(), fingerprint, &length) == 1;
  X509_free(certificate);
  while (is_good && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
    is_good = SSL_CTX_add0_chain_cert(tls, certificate) == 1;
    if (!is_good) X509_free(certificate);
  }
  // The end of the file is no fault.
  ERR_clear_error();
  BIO_free(bio);
  return is_good;
}

/// Nobody is there to type a passphrase.
static int no_passphrase(char *buffer, int size, int writes, void *context) {
  (void)buffer, (void)size, (void)writes, (void)context;
  return -1;
}

static bool use_key(SSL_CTX *tls, const uint8_t *bytes, size_t count) {
  BIO *bio = BIO_new_mem_buf(bytes, (int)count);
  EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;
  bool is_good = key && SSL_CTX_use_PrivateKey(tls, key) == 1;
  EVP_PKEY_free(key);
  BIO_free(bio);
  return is_good;
}

SSL_CTX *make_tls(const uint8_t *certificate, size_t certificate_count, const uint8_t *key, size_t key_count,
                  uint8_t fingerprint[32], char *error, size_t size) {
  begin_openssl();
  SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
  const char *fault = NULL;
  if (!tls || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(tls, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    fault = "TLS cannot be set up";
  } else if (!use_certificates(tls, certificate, certificate_count, fingerprint)) {
    fault = "the certificate is no PEM certificate";
  } else if (!use_key(tls, key, key_count)) {
    fault = "the key is no PEM key without a passphrase, or not the certificate's";
  }
  if (fault) {
    ERR_clear_error();
    snprintf(error, size, "%s", fault);
    SSL_CTX_free(tls);
    return NULL;
  }
  SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  return tls;
}

void web_fingerprint(const struct web_server *server, uint8_t digest[32]) {
  for (int i = 0; i < 32; i++) digest[i] = server->fingerprint[i];
}
