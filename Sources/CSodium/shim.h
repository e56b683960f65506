/* What of libsodium the product sees: XChaCha20-Poly1305, Argon2id, BLAKE2b, base64, padding, wiping, comparison.
 *
 * sodium_init() is not called, and must not be. None of these functions needs it: it picks faster implementations (on
 * ARM there are none in Debian 12), makes a canary for sodium_malloc and stirs the random generator, and neither is
 * used. Without it every implementation is the portable one, set by the linker, so nothing is ever written and every
 * thread may call. The call itself would be the danger: it exchanges implementations whose states differ, and another
 * thread that is in the middle of an authentication code would get a wrong one. */
#ifndef BRANCHLINE_CSODIUM_SHIM_H
#define BRANCHLINE_CSODIUM_SHIM_H

#include <sodium/crypto_aead_xchacha20poly1305.h>
#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_pwhash_argon2id.h>
#include <sodium/utils.h>
#include <sodium/version.h>

#endif
