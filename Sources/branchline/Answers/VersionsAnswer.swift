// Which versions of everything this is, as JSON.

import Basics
import BranchConfiguration
import Capture
import Digests
import LinuxIO
import Sealing
import Storage

enum VersionsAnswer {
  static func bytes(upSeconds: Int) -> [UInt8] {
    let kernel = Machine.kernel
    var json = JSONWriter(capacity: 512)
    json.object { json in
      json.field("branchline", Version.text)
      json.field("configurationSchema", BranchMigrations.currentVersion)
      json.field("databaseSchema", Database.schemaVersion)
      json.field("sqlite", Database.libraryVersion)
      json.field("libcrypto", Digests.libraryVersion)
      json.field("libsodium", PasswordHash.libraryVersion)
      json.field("libpcap", number(in: LiveCapture.libraryVersion))
      json.field("kernel", kernel.release)
      json.field("architecture", kernel.architecture)
      json.field("uptimeSeconds", upSeconds)
      json.field("machineUptimeSeconds", Machine.upSeconds)
    }
    return json.bytes
  }

  /// `1.10.3` of `libpcap version 1.10.3 (with TPACKET_V3)`.
  static func number(in text: ByteString) -> ByteString {
    let words = text.bytes.split(separator: UInt8(ascii: " "))
    return ByteString(words.first { $0.first?.isASCIIDigit == true } ?? text.bytes[...])
  }
}
