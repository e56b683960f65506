// Numbers as prompts: places, minutes and hours are read as numbers, telephone numbers digit by digit.

import Basics

extension Prompt {
  /// A place in the queue, to be said after `youAreNumber` and before `inTheQueue`: 第二十三位, "twenty three". Empty
  /// below 1 and above 999, where a place tells nobody anything.
  public static func spokenPosition(_ position: Int, _ language: PromptLanguage) -> [Prompt] {
    guard position >= 1, position <= 999 else { return [] }
    return language == .zh ? [.di] + cardinal(position, language) + [.wei] : cardinal(position, language)
  }

  /// 十分钟, "ten minutes". Empty below 1 and above 999.
  public static func spokenMinutes(_ count: Int, _ language: PromptLanguage) -> [Prompt] {
    counted(count, count == 1 ? .minute : .minutes, language)
  }

  /// 两小时, "two hours". Empty below 1 and above 999.
  public static func spokenHours(_ count: Int, _ language: PromptLanguage) -> [Prompt] {
    counted(count, count == 1 ? .hour : .hours, language)
  }

  private static func counted(_ count: Int, _ unit: Prompt, _ language: PromptLanguage) -> [Prompt] {
    guard count >= 1, count <= 999 else { return [] }
    return (language == .zh && count == 2 ? [.liang] : cardinal(count, language)) + [unit]
  }

  private static func cardinal(_ number: Int, _ language: PromptLanguage) -> [Prompt] {
    let (hundreds, rest) = number.quotientAndRemainder(dividingBy: 100)
    var spoken: [Prompt] = []
    if hundreds > 0 { spoken += [digit(hundreds), .hundred] }
    switch language {
    case .zh:
      // 105 is 一百零五, 115 is 一百一十五: after a hundred both the empty ten and its one are said.
      if hundreds > 0, rest > 0, rest < 10 { spoken.append(.zero) }
      if hundreds > 0, rest >= 10, rest < 20 { spoken += [.one, .ten] + (rest == 10 ? [] : [digit(rest - 10)]) }
      if rest > 0, hundreds == 0 || rest < 10 || rest >= 20 { spoken += belowHundred(rest) }
    case .en:
      if rest > 0 { spoken += belowHundred(rest) }
    }
    return spoken
  }

  /// A telephone number digit by digit; in Chinese 1 is read yāo. What is no digit is left out, and so is what exceeds
  /// `Playlist.limit`.
  public static func spokenDigits(_ number: ByteString, _ language: PromptLanguage) -> [Prompt] {
    var spoken: [Prompt] = []
    spoken.reserveCapacity(number.count)
    for byte in number.bytes where byte.isASCIIDigit && spoken.count < Playlist.limit {
      spoken.append(byte == UInt8(ascii: "1") && language == .zh ? .yao : digit(Int(byte - UInt8(ascii: "0"))))
    }
    return spoken
  }

  private static func belowHundred(_ number: Int) -> [Prompt] {
    if number < 20 { return [offset(.zero, number < 10 ? number : number + 1)] }
    let (tens, units) = number.quotientAndRemainder(dividingBy: 10)
    return [offset(.twenty, tens - 2)] + (units == 0 ? [] : [digit(units)])
  }
  private static func digit(_ value: Int) -> Prompt { offset(.zero, value) }
  /// The prompt some places after another in the list: digits and tens stand there in order.
  private static func offset(_ first: Prompt, _ places: Int) -> Prompt {
    Prompt(rawValue: first.rawValue + UInt16(truncatingIfNeeded: places)) ?? first
  }
}
