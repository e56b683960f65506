// Reading a RIFF WAVE file of telephone sound: mono, 8,000 Hz, µ-law, A-law or 16-bit PCM. Pure and bounds-checked;
// other formats are refused with the reason, never converted. And the head of such a file, for µ-law.

import Basics
import Codecs

public enum WAVError: Error, Hashable, Sendable {
  /// No RIFF file with the form WAVE.
  case notWAV
  /// A chunk claims more bytes than there are.
  case truncated
  /// No `fmt ` chunk before the data, or a format chunk that is too short.
  case noFormat
  case noData
  /// WAVE_FORMAT number that is none of 1 (with 16 bits), 6, 7.
  case encoding(UInt16, bitsPerSample: UInt16)
  case channels(UInt16)
  case sampleRate(UInt32)
}

/// Where the samples lie in a file's bytes, and what they are.
public struct WAVFile: Hashable, Sendable {
  public enum Encoding: UInt16, Sendable {
    case pcm16 = 1
    case aLaw = 6
    case muLaw = 7
  }
  public let encoding: Encoding
  /// Offsets into the file: whole samples only.
  public let data: Range<Int>

  public init(parsing file: UnsafeRawBufferPointer) throws(WAVError) {
    guard file.count >= 12, Self.matches(file, 0, "RIFF"), Self.matches(file, 8, "WAVE") else { throw .notWAV }
    var encoding: Encoding?
    var offset = 12
    while offset + 8 <= file.count {
      let size = Int(Self.word(file, offset + 4))
      let start = offset + 8
      guard size <= file.count - start else { throw .truncated }
      if Self.matches(file, offset, "fmt ") {
        encoding = try Self.format(UnsafeRawBufferPointer(rebasing: file[start..<(start + size)]))
      } else if Self.matches(file, offset, "data") {
        guard let encoding else { throw .noFormat }
        self.encoding = encoding
        data = start..<(start + (encoding == .pcm16 ? size & ~1 : size))
        return
      }
      // Chunks are padded to an even length.
      offset = start + size + (size & 1)
    }
    throw encoding == nil ? .noFormat : .noData
  }

  /// The samples as µ-law, converted where they are not.
  public func muLaw(of file: UnsafeRawBufferPointer) -> [UInt8] {
    guard data.upperBound <= file.count else { return [] }
    let bytes = UnsafeRawBufferPointer(rebasing: file[data])
    switch encoding {
    case .muLaw: return Array(bytes)
    case .aLaw: return bytes.map { G711.muLaw(aLaw: $0) }
    case .pcm16:
      return (0..<(bytes.count / 2)).map { index in
        G711.muLaw(linear: Int16(bitPattern: UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8))
      }
    }
  }

  /// What stands before so many samples: the chunks `fmt ` and `data`. An odd number needs no padding at the end of a
  /// file that everybody reads by its sizes.
  public static func muLawHeader(samples: Int) -> [UInt8] {
    var writer = ByteWriter(capacity: 44)
    let size = UInt32(clamping: samples)
    writer.append("RIFF")
    append(size &+ 36, to: &writer)
    writer.append("WAVEfmt ")
    append(16, to: &writer)
    // µ-law, one channel; 8,000 samples and bytes a second; one byte and 8 bits a sample.
    append(0x0001_0007, to: &writer)
    append(8_000, to: &writer)
    append(8_000, to: &writer)
    append(0x0008_0001, to: &writer)
    writer.append("data")
    append(size, to: &writer)
    return writer.bytes
  }

  private static func append(_ word: UInt32, to writer: inout ByteWriter) {
    for shift in [0, 8, 16, 24] as [UInt32] { writer.append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  private static func format(_ chunk: UnsafeRawBufferPointer) throws(WAVError) -> Encoding {
    guard chunk.count >= 16 else { throw .noFormat }
    let bits = half(chunk, 14)
    guard let encoding = Encoding(rawValue: half(chunk, 0)), bits == (encoding == .pcm16 ? 16 : 8) else {
      throw .encoding(half(chunk, 0), bitsPerSample: bits)
    }
    guard half(chunk, 2) == 1 else { throw .channels(half(chunk, 2)) }
    guard word(chunk, 4) == 8_000 else { throw .sampleRate(word(chunk, 4)) }
    return encoding
  }

  private static func matches(_ file: UnsafeRawBufferPointer, _ offset: Int, _ name: StaticString) -> Bool {
    for index in 0..<4 where file[offset + index] != name.utf8Start[index] { return false }
    return true
  }
  private static func half(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    UInt32(half(bytes, offset)) | UInt32(half(bytes, offset + 2)) << 16
  }
}
