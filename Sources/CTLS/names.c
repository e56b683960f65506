// Whom a certificate names, as RFC 5922 §7.1 reads it: SIP URIs without a user and names of hosts among the alternative
// names, and the common name where there are no alternative names at all. No name stands for many.
#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>

#include "CTLS.h"
#include "context.h"

static bool is_same(const ASN1_STRING *text, size_t skipped, const char *domain) {
  size_t count = (size_t)ASN1_STRING_length(text);
  return count == skipped + strlen(domain) &&
         strncasecmp((const char *)ASN1_STRING_get0_data(text) + skipped, domain, count - skipped) == 0;
}

/// `sip:domain`: one with a user is a person's, and one with parameters is nobody's.
static bool is_uri(const ASN1_STRING *text, const char *domain) {
  return ASN1_STRING_length(text) > 4 && strncasecmp((const char *)ASN1_STRING_get0_data(text), "sip:", 4) == 0 &&
         is_same(text, 4, domain);
}

static bool is_address(const ASN1_STRING *bytes, const char *domain) {
  unsigned char address[16];
  int count = ASN1_STRING_length(bytes);
  if (inet_pton(count == 4 ? AF_INET : AF_INET6, domain, address) != 1) return false;
  return (count == 4 || count == 16) && memcmp(address, ASN1_STRING_get0_data(bytes), (size_t)count) == 0;
}

static bool has_common_name(X509 *certificate, const char *domain) {
  X509_NAME *subject = X509_get_subject_name(certificate);
  int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  return index >= 0 && is_same(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)), 0, domain);
}

bool tls_names(X509 *certificate, const char *domain) {
  GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  if (!names) return has_common_name(certificate, domain);
  bool is_named = false;
  for (int i = 0; i < sk_GENERAL_NAME_num(names) && !is_named; i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    switch (name->type) {
      case GEN_URI: is_named = is_uri(name->d.uniformResourceIdentifier, domain); break;
      case GEN_DNS: is_named = is_same(name->d.dNSName, 0, domain); break;
      case GEN_IPADD: is_named = is_address(name->d.iPAddress, domain); break;
      default: break;
    }
  }
  GENERAL_NAMES_free(names);
  return is_named;
}
