// The key under which this box keeps secrets in its configuration: made at the first start, in a file for the daemon alone.

import Basics
import LinuxIO
import Sealing

enum DeviceKey {
  /// - Returns: nil where there is none and none can be kept; then secrets stand as they are, and `fault` says why.
  static func load(from path: ByteString) -> (key: SealingKey?, fault: ByteString?) {
    do throws(FileReadError) {
      let bytes = try FileReader.read(path, limit: SealingKey.keyBytes + 1)
      // Another one in its place would make every secret unreadable for ever.
      guard let key = SealingKey(bytes: bytes) else { return (nil, path + " is damaged: put back the one of a backup") }
      return (key, nil)
    } catch {
      guard error.isAbsence else { return (nil, error.text) }
      return make(at: path)
    }
  }

  private static func make(at path: ByteString) -> (key: SealingKey?, fault: ByteString?) {
    do throws(SystemError) {
      let bytes = try Entropy.bytes(SealingKey.keyBytes)
      try WholeFile.write(bytes, to: path)
      return (SealingKey(bytes: bytes), nil)
    } catch {
      return (nil, error.text)
    }
  }
}
