// The module never calls sodium_init: that it is not needed, and what it would change, is shown here, in a process of
// its own, since the call changes all of libsodium.

import Basics
import Sealing
import Testing

// The module's view of libsodium does not have it.
@_silgen_name("sodium_init") private func sodium_init() -> Int32

@Suite("Portable implementation")
struct PortableImplementationTests {
  @Test("All results are the same before and after sodium_init")
  func same() async {
    await #expect(processExitsWith: .success) {
      func results() -> [ByteString?] {
        guard let key = SealingKey(bytes: [UInt8](1...32)) else { return [] }
        let plain = [UInt8](repeating: 3, count: 500)
        let sealed = key.seal(plain, nonce: [UInt8](1...24), context: [1])
        let opened = sealed.flatMap { key.open($0, context: [1]) }.map { ByteString($0) }
        return [key.fingerprint, sealed, opened, PasswordHash(of: [1], salt: [UInt8](1...16))?.text]
      }
      let before = results()
      #expect(before.count == 4 && !before.contains(nil))
      // 0: it had not been called before.
      #expect(sodium_init() == 0)
      #expect(results() == before)
    }
  }
}
