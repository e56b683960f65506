// A certificate that a box makes for itself, where nobody has given it one. Its times hold whatever the clock says.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "CTLS.h"
#include "context.h"

static bool add_extension(X509 *certificate, int kind, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
  bool is_added = extension && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return is_added;
}

static bool fill(X509 *certificate, EVP_PKEY *key) {
  uint64_t serial;
  X509_NAME *name = X509_get_subject_name(certificate);
  return RAND_bytes((unsigned char *)&serial, sizeof serial) == 1 && X509_set_version(certificate, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1 &&
         ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20200101000000Z") == 1 &&
         ASN1_TIME_set_string(X509_getm_notAfter(certificate), "20491231235959Z") == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"branchline", -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         add_extension(certificate, NID_subject_alt_name, "DNS:branchline,DNS:localhost,IP:127.0.0.1") &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") && X509_sign(certificate, key, EVP_sha256()) != 0;
}

size_t tls_make_certificate(char *text, size_t size) {
  tls_begin();
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = X509_new();
  BIO *bio = BIO_new(BIO_s_mem());
  size_t count = 0;
  if (key && certificate && bio && fill(certificate, key) && PEM_write_bio_X509(bio, certificate) == 1 &&
      PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1) {
    char *bytes;
    long all = BIO_get_mem_data(bio, &bytes);
    if (all > 0 && (size_t)all <= size) {
      memcpy(text, bytes, (size_t)all);
      count = (size_t)all;
    }
  }
  BIO_free(bio);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return count;
}
