// Sound that can be told apart by looking: every prompt of the box is one sample over and over, and so is every voice.

import MediaEngine

public enum Sounds {
  /// What somebody hears.
  public enum Heard: Equatable, Sendable {
    case prompt(Prompt)
    /// Another person.
    case voice
  }

  private static let voice: UInt8 = 0xF0
  /// A tenth of a second.
  private static let samples = 800

  /// The box's prompts. Without `endless`, those that are repeated until something happens are silent: a simulation
  /// of many hours has better things to do than a packet every 20 ms.
  public static func prompts(endless: Bool) -> PromptTable {
    var table = PromptTable()
    for prompt in Prompt.allCases where endless || ![.music, .ringback, .silence].contains(prompt) {
      for language in PromptLanguage.allCases {
        table.set(
          PromptID(prompt, language), copying: [UInt8](repeating: UInt8(prompt.rawValue) + 1, count: samples))
      }
    }
    return table
  }

  /// A person's voice is what their phone takes for music.
  public static func voice(isHeard: Bool) -> PromptTable {
    var table = PromptTable()
    guard isHeard else { return table }
    for language in PromptLanguage.allCases {
      table.set(PromptID(.music, language), copying: [UInt8](repeating: voice, count: samples))
    }
    return table
  }

  /// What an RTP packet of PCMU brings.
  static func heard(in packet: [UInt8]) -> Heard? {
    guard packet.count > 12, packet[1] & 0x7F == 0 else { return nil }
    if packet[12] == voice { return .voice }
    return Prompt(rawValue: UInt16(packet[12]) &- 1).map { .prompt($0) }
  }
}
