import Basics
import Codecs
import Glibc
import MediaEngine
import Testing

/// The files that Scripts/prompts made.
enum PromptFiles {
  static let directory: String = {
    // …/Tests/MediaEngineTests/PromptFilesTests.swift
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/Board/common/prompts"
  }()

  static func bytes(_ name: String) -> [UInt8]? {
    guard let file = fopen(directory + "/" + name, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&block, 1, block.count, file)
      guard count > 0 else { return bytes }
      bytes += block[..<count]
    }
  }

  static func samples(_ prompt: Prompt, _ language: PromptLanguage) throws -> [Double] {
    let bytes = try #require(self.bytes("\(prompt.filePath(language))"), "\(prompt.filePath(language)) is missing")
    return try bytes.withUnsafeBytes { file in
      let wav = try WAVFile(parsing: file)
      #expect(wav.encoding == .muLaw, "it must play from a mapped file")
      return Signal.linear(muLaw: wav.muLaw(of: file))
    }
  }
}

@Suite("The prompt files") struct PromptFilesTests {
  static let tones: Set<Prompt> = [.music, .ringback, .busy, .congestion, .beep, .silence]

  @Test("every prompt is there in every language, of a sane length and level", arguments: PromptLanguage.allCases)
  func complete(language: PromptLanguage) throws {
    for prompt in Prompt.allCases {
      let sound = try PromptFiles.samples(prompt, language)
      guard !Self.tones.contains(prompt) else { continue }
      let seconds = Double(sound.count) / 8_000
      #expect(seconds > 0.2 && seconds < 12, "\(prompt.name) lasts \(seconds) s")
      let level = Signal.level(sound)
      #expect(level > -21 && level < -16, "\(prompt.name) is at \(level) dB")
      // Silence is trimmed: sound begins and ends within a tenth of a second of the file's ends.
      #expect(Signal.level(Array(sound.prefix(1_000))) > -45, "\(prompt.name) begins late")
      #expect(Signal.level(Array(sound.suffix(2_000))) > -50, "\(prompt.name) ends late")
      #expect((sound.map(abs).max() ?? 0) < 32_700, "\(prompt.name) is clipped")
    }
  }

  @Test("the table of texts has every spoken prompt once, in both languages, and nothing else")
  func texts() throws {
    let table = try #require(PromptFiles.bytes("texts.tsv"))
    var names: [String] = []
    for line in String(decoding: table, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      #expect(fields.count == 4 && fields.allSatisfy { !$0.isEmpty }, "\(line)")
      names.append(String(fields[0]))
    }
    let spoken = Prompt.allCases.filter { !Self.tones.contains($0) }.map { "\($0.name)" }
    #expect(names.sorted() == spoken.sorted())
  }

  @Test("ringback is China's: 450 Hz, one second on and four off")
  func ringback() throws {
    for language in PromptLanguage.allCases {
      let sound = try PromptFiles.samples(.ringback, language)
      #expect(sound.count == 40_000)
      let on = Array(sound[..<8_000])
      #expect(Signal.share(of: 450, in: on) > 0.98)
      #expect(Signal.share(of: 425, in: on) < 0.01, "the measure tells tones apart")
      #expect(abs(Signal.level(on) + 20) < 0.5)
      #expect(sound[8_000...].allSatisfy { $0 == 0 })
    }
  }

  @Test("busy and congestion are 450 Hz, on as long as off")
  func busy() throws {
    for (prompt, milliseconds) in [(Prompt.busy, 350), (.congestion, 700)] {
      let sound = try PromptFiles.samples(prompt, .zh)
      #expect(sound.count == milliseconds * 16)
      #expect(Signal.share(of: 450, in: Array(sound[..<(milliseconds * 8)])) > 0.97)
      #expect(sound[(milliseconds * 8)...].allSatisfy { $0 == 0 })
    }
  }

  @Test("silence is silent, and the beep is short")
  func quiet() throws {
    #expect(try PromptFiles.samples(.silence, .en).allSatisfy { $0 == 0 })
    let beep = try PromptFiles.samples(.beep, .en)
    #expect(beep.count < 8_000)
    #expect(Signal.share(of: 1_000, in: Array(beep[..<2_400])) > 0.97)
  }

  @Test("music is at most twenty seconds, quiet throughout, and joins its own beginning")
  func music() throws {
    let sound = try PromptFiles.samples(.music, .zh)
    #expect(sound.count >= 8 * 8_000 && sound.count <= 20 * 8_000)
    #expect(abs(Signal.level(sound) + 27) < 1)
    // No half second drops out, none stands out.
    for start in stride(from: 0, to: sound.count - 4_000, by: 4_000) {
      let level = Signal.level(Array(sound[start..<(start + 4_000)]))
      #expect(level > -36 && level < -20, "at \(start / 8) ms: \(level) dB")
    }
    let steps = zip(sound, sound.dropFirst()).map { abs($1 - $0) }.sorted()
    let joint = abs((sound.first ?? 0) - (sound.last ?? 0))
    #expect(joint <= steps[steps.count * 95 / 100], "the joint is no bigger a step than others")
  }

  @Test("all files together stay small")
  func size() {
    let total = PromptLanguage.allCases.flatMap { language in
      Prompt.allCases.map { PromptFiles.bytes("\($0.filePath(language))")?.count ?? 0 }
    }.reduce(0, +)
    #expect(total > 1_000_000 && total < 4_000_000, "\(total) bytes")
  }
}
