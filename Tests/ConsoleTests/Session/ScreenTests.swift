import Basics
import Configuration
import Glibc
import Terminals
import Testing

@testable import Console

/// `BRANCHLINE_KEEP_SCREENS=1 swift test --filter ScreenTests` writes the kept screens anew; look at each before it is
/// committed.
@Suite("Screens")
struct ScreenTests {
  private static let isKeeping = getenv("BRANCHLINE_KEEP_SCREENS") != nil

  @Test("80 columns and 24 rows show what was kept", arguments: ScreenScene.allCases, [Language.english, .chinese])
  func screen(scene: ScreenScene, language: Language) throws {
    let shown = Self.text(try scene.play(language))
    let name = "\(scene.rawValue).\(language == .english ? "en" : "zh").txt"
    if Self.isKeeping { Self.write(shown, name) }
    let kept = Self.read(name)
    #expect(shown == kept, "\(name) was kept as:\n\(kept)\nand is now:\n\(shown)")
  }

  /// All rows, without the blanks at their ends, and where the cursor is.
  private static func text(_ screen: VirtualTerminal) -> String {
    let rows = (0..<screen.rows).map { screen.text($0) + "\n" }.joined()
    return rows + "-- cursor in row \(screen.y + 1), column \(screen.x + 1)\n"
  }

  private static func path(_ name: String) -> String {
    // …/Tests/ConsoleTests/Session/ScreenTests.swift
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(2).joined(separator: "/") + "/Screens/" + name
  }

  private static func read(_ name: String) -> String {
    guard let file = fopen(path(name), "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private static func write(_ text: String, _ name: String) {
    guard let file = fopen(path(name), "w") else { return }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
  }
}
