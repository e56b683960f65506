import Basics
import Codecs
import MediaEngine
import Testing

@Suite("WAV files") struct WAVFileTests {
  static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    Array(name.utf8) + little(body.count, 4) + body + (body.count % 2 == 1 ? [0] : [])
  }
  static func format(_ encoding: Int, channels: Int = 1, rate: Int = 8_000, bits: Int) -> [UInt8] {
    little(encoding, 2) + little(channels, 2) + little(rate, 4) + little(rate * bits / 8, 4) + little(bits / 8, 2)
      + little(bits, 2)
  }
  static func file(_ chunks: [UInt8]) -> [UInt8] {
    Array("RIFF".utf8) + little(chunks.count + 4, 4) + Array("WAVE".utf8) + chunks
  }

  func parse(_ file: [UInt8]) throws(WAVError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 1)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: file)
    return try WAVFile(parsing: UnsafeRawBufferPointer(buffer)).muLaw(of: UnsafeRawBufferPointer(buffer))
  }
  func failure(_ file: [UInt8]) -> WAVError? {
    do throws(WAVError) {
      _ = try parse(file)
      return nil
    } catch { return error }
  }

  @Test("the head that is written before µ-law samples is one that is read")
  func header() throws {
    let samples: [UInt8] = [0xFF, 0x80, 0x00, 0x55, 0x7F]
    let file = WAVFile.muLawHeader(samples: samples.count) + samples
    #expect(try parse(file) == samples)
    #expect(
      file == Self.file(Self.chunk("fmt ", Self.format(7, bits: 8)) + Array("data".utf8) + Self.little(5, 4) + samples))
  }

  @Test("µ-law comes as it is, A-law and linear by the codec")
  func encodings() throws {
    let samples: [UInt8] = [0xFF, 0x80, 0x00, 0x55]
    #expect(try parse(Self.file(Self.chunk("fmt ", Self.format(7, bits: 8)) + Self.chunk("data", samples))) == samples)
    #expect(
      try parse(Self.file(Self.chunk("fmt ", Self.format(6, bits: 8)) + Self.chunk("data", samples)))
        == samples.map { G711.muLaw(aLaw: $0) })
    let linear = [0, 1_000, -1_000, 32_767, -32_768].flatMap { Self.little($0, 2) }
    #expect(
      try parse(Self.file(Self.chunk("fmt ", Self.format(1, bits: 16)) + Self.chunk("data", linear + [9])))
        == [0, 1_000, -1_000, 32_767, -32_768].map { G711.muLaw(linear: $0) }, "half a sample at the end is left out")
  }

  @Test("other chunks, of odd lengths too, are stepped over")
  func otherChunks() throws {
    let chunks =
      Self.chunk("LIST", [1, 2, 3]) + Self.chunk("fmt ", Self.format(7, bits: 8) + [0, 0])
      + Self.chunk("fact", [4, 0, 0, 0]) + Self.chunk("data", [7, 8])
    #expect(try parse(Self.file(chunks)) == [7, 8])
  }

  @Test("what cannot be played is refused with the reason")
  func refusals() {
    let data = Self.chunk("data", [1, 2])
    #expect(failure([]) == .notWAV)
    #expect(failure(Array("RIFX0000WAVE".utf8)) == .notWAV)
    #expect(failure(Self.file(data)) == .noFormat)
    #expect(failure(Self.file(Self.chunk("fmt ", [7, 0]) + data)) == .noFormat)
    #expect(failure(Self.file(Self.chunk("fmt ", Self.format(7, bits: 8)))) == .noData)
    #expect(failure(Self.file(Self.chunk("fmt ", Self.format(7, bits: 8)) + data.dropLast())) == .truncated)
    #expect(
      failure(Self.file(Self.chunk("fmt ", Self.format(85, bits: 16)) + data)) == .encoding(85, bitsPerSample: 16))
    #expect(failure(Self.file(Self.chunk("fmt ", Self.format(1, bits: 8)) + data)) == .encoding(1, bitsPerSample: 8))
    #expect(failure(Self.file(Self.chunk("fmt ", Self.format(7, channels: 2, bits: 8)) + data)) == .channels(2))
    #expect(failure(Self.file(Self.chunk("fmt ", Self.format(7, rate: 16_000, bits: 8)) + data)) == .sampleRate(16_000))
  }

  @Test("every beginning of a file and random changes to it are refused or read, never trapped on")
  func damaged() {
    let whole = Self.file(
      Self.chunk("LIST", [1, 2, 3]) + Self.chunk("fmt ", Self.format(1, bits: 16)) + Self.chunk("data", [1, 2, 3, 4]))
    for count in 0..<whole.count { #expect(failure(Array(whole.prefix(count))) != nil) }
    var random = SeededRandom(seed: 11)
    for _ in 0..<5_000 {
      var file = whole
      for _ in 0...random.below(4) { file[random.below(file.count)] = UInt8(truncatingIfNeeded: random.next()) }
      _ = try? parse(file)
    }
  }
}
