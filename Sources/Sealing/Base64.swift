// Base64 without padding, by libsodium, whose codec takes no look at tables and so no time that depends on a secret.

import Basics
import CSodium

enum Base64 {
  /// RFC 4648 section 5: `-` and `_`.
  case urlSafe
  /// RFC 4648 section 4: `+` and `/`.
  case original

  private var variant: Int32 {
    switch self {
    case .urlSafe: sodium_base64_VARIANT_URLSAFE_NO_PADDING
    case .original: sodium_base64_VARIANT_ORIGINAL_NO_PADDING
    }
  }

  func encode(_ bytes: [UInt8]) -> [UInt8] {
    // With the zero that ends a text in C.
    let room = sodium_base64_encoded_len(bytes.count, variant)
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      guard let target = buffer.baseAddress else { return }
      sodium_bin2base64(
        UnsafeMutableRawPointer(target).assumingMemoryBound(to: CChar.self), room, bytes, bytes.count, variant)
      count = room - 1
    }
  }

  /// Nil for anything that `encode` does not write, and for more than `maxBytes`.
  func decode(_ text: ArraySlice<UInt8>, maxBytes: Int) -> [UInt8]? {
    if text.isEmpty { return [] }
    var isValid = false
    let bytes = [UInt8](unsafeUninitializedCapacity: maxBytes) { buffer, count in
      text.withUnsafeBytes { text in
        guard let source = text.baseAddress, let target = buffer.baseAddress else { return }
        let result = sodium_base642bin(
          target, maxBytes, source.assumingMemoryBound(to: CChar.self), text.count, nil, &count, nil, variant)
        isValid = result == 0
      }
    }
    // Where C's char is signed, libsodium 1.0.18 takes every byte from 0x80 on for the last letter of the alphabet.
    guard isValid, encode(bytes)[...] == text else { return nil }
    return bytes
  }
}
