import Basics

@testable import Backup

/// Archives of a test's own, written by the same headers.
struct Archive {
  var bytes: [UInt8] = []

  mutating func add(_ name: ByteString, _ content: [UInt8]) {
    bytes += ArchiveHeader(name: name, bytes: content.count, modifiedAt: 1_772_352_900).block ?? []
    bytes += content + [UInt8](repeating: 0, count: ArchiveHeader.padding(after: content.count))
  }

  var ended: [UInt8] { bytes + ArchiveHeader.end }

  static let files: [(name: ByteString, content: [UInt8])] = [
    ("configuration/branch.conf", ByteString("name \"Test\"\n").bytes),
    ("configuration/device.key.sealed", [1, 2, 3]),
    ("revisions/state", [UInt8](repeating: 7, count: 512)),
    ("revisions/1.conf", []),
    ("database/branch.db", (0..<2_000).map { UInt8(truncatingIfNeeded: $0) }),
    ("names/17.wav", [UInt8](repeating: 0xFF, count: 513)),
    ("prompts/zh/hello.wav", [0]),
    ("MANIFEST", ByteString("format 1\n").bytes),
  ]

  static var sample: [UInt8] {
    var archive = Archive()
    for file in files { archive.add(file.name, file.content) }
    return archive.ended
  }
}

/// What a reader has told, as files.
struct Listing {
  var files: [(name: ByteString, content: [UInt8])] = []
  var isWhole = false

  /// - Parameter sizes: of the pieces that the bytes come in, again and again.
  static func of(_ bytes: [UInt8], sizes: [Int] = [4_096]) throws(ArchiveError) -> Listing {
    var reader = ArchiveReader()
    var listing = Listing()
    var rest = bytes[...]
    var turn = 0
    while !rest.isEmpty {
      let piece = rest.prefix(sizes[turn % sizes.count])
      rest = rest.dropFirst(piece.count)
      turn += 1
      try reader.handle(Array(piece))
      while let output = reader.pollOutput() {
        switch output {
        case .begins(let name, _): listing.files.append((name.text, []))
        case .content(let bytes): listing.files[listing.files.count - 1].content += bytes
        case .ends: break
        }
      }
    }
    try reader.end()
    listing.isWhole = true
    return listing
  }
}
