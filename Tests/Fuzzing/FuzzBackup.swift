// Archives: as they come, and with headers whose sums are right, so that what stands behind is looked at too.

import Basics

@testable import Backup

enum FuzzBackup {
  private static let names: [ByteString] = [
    "configuration/branch.conf", "revisions/state", "revisions/1.conf", "database/branch.db", "names/17.wav",
    "prompts/zh/hello.wav", "configuration/device.key.sealed", "MANIFEST", "names/../../etc/passwd", "prompts/",
  ]

  static func run(_ bytes: [UInt8]) {
    reads(bytes)
    reads(made(bytes))
    if let plan = RestorePlan(parsing: bytes) {
      must(RestorePlan(parsing: plan.text) == plan, "a plan stays what it is")
    }
    if let manifest = Manifest(parsing: bytes) {
      must(Manifest(parsing: manifest.text)?.text == manifest.text, "a manifest stays what it is")
    }
    if let marker = EpochMarker(parsing: bytes) {
      must(EpochMarker(parsing: marker.text)?.text == marker.text, "a marker stays what it is")
    }
  }

  private static func made(_ bytes: [UInt8]) -> [UInt8] {
    var choices = Choices(bytes)
    var archive: [UInt8] = []
    while !choices.rest.isEmpty {
      let kind = choices.byte()
      let name = kind & 1 == 0 ? names[Int(kind >> 1) % names.count] : ByteString(choices.bytes(Int(kind >> 2)))
      let content = choices.bytes(choices.number() % 1_100)
      // Now and then it says another length than it has.
      let said = kind & 0x80 == 0 ? content.count : choices.number() << Int(kind >> 3 & 15)
      archive += ArchiveHeader(name: name, bytes: said).block ?? []
      archive += content + [UInt8](repeating: 0, count: ArchiveHeader.padding(after: content.count))
    }
    return archive + ArchiveHeader.end
  }

  /// The same, however it is cut.
  private static func reads(_ bytes: [UInt8]) {
    let whole = read(bytes, pieces: max(1, bytes.count))
    must(read(bytes, pieces: 1) == whole, "one byte at a time makes the same files")
    must(read(bytes, pieces: 511) == whole, "pieces that fit no block make the same files")
  }

  private struct Found: Equatable {
    var files: [MemberName: [UInt8]] = [:]
    var error: ArchiveError?
  }

  private static func read(_ bytes: [UInt8], pieces: Int) -> Found {
    var reader = ArchiveReader()
    var found = Found()
    var current: (name: MemberName, left: Int)?
    var rest = bytes[...]
    do throws(ArchiveError) {
      while !rest.isEmpty {
        do throws(ArchiveError) {
          try reader.handle(Array(rest.prefix(pieces)))
        } catch {
          found.error = error
        }
        rest = rest.dropFirst(pieces)
        while let output = reader.pollOutput() {
          switch output {
          case .begins(let name, let bytes):
            must(current == nil && found.files[name] == nil, "one file after the other, each once")
            must(bytes >= 0 && bytes <= name.place.bytesMax, "no longer than it may be")
            let parts = name.text.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            must(parts.allSatisfy { !$0.isEmpty && $0.first != UInt8(ascii: ".") }, "a place within: \(name.text)")
            current = (name, bytes)
            found.files[name] = []
          case .content(let piece):
            guard let open = current else { fatalError("content of nothing") }
            must(!piece.isEmpty && piece.count <= open.left, "no more than was said")
            current?.left -= piece.count
            found.files[open.name, default: []] += piece
          case .ends:
            must(current?.left == 0, "as much as was said")
            current = nil
          }
        }
        if found.error != nil { return found }
      }
      try reader.end()
    } catch {
      found.error = error
    }
    return found
  }
}
