// A sentence in both languages of the product, for people. Composed of parts; never compared to decide anything.

import Basics

public enum Language: UInt8, Hashable, Sendable, CaseIterable {
  case english
  case chinese

  /// As the configuration names it: `en`, `zh`.
  public var code: StaticString {
    switch self {
    case .english: "en"
    case .chinese: "zh"
    }
  }
}

public struct Phrase: Hashable, Sendable {
  public var english: ByteString
  public var chinese: ByteString

  public init(_ english: ByteString, _ chinese: ByteString) {
    self.english = english
    self.chinese = chinese
  }
  /// The same in both languages: names and numbers.
  public init(_ both: ByteString) { self.init(both, both) }

  public func text(_ language: Language) -> ByteString {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }

  public static func + (a: Phrase, b: Phrase) -> Phrase { Phrase(a.english + b.english, a.chinese + b.chinese) }
  public static func + (a: Phrase, b: ByteString) -> Phrase { Phrase(a.english + b, a.chinese + b) }
}

/// One line of help that belongs to a node of a schema: fixed text, nothing allocated.
public struct Help: Sendable {
  public let english: StaticString
  public let chinese: StaticString

  public init(_ english: StaticString, _ chinese: StaticString) {
    self.english = english
    self.chinese = chinese
  }
  public func text(_ language: Language) -> ByteString {
    switch language {
    case .english: ByteString(english)
    case .chinese: ByteString(chinese)
    }
  }
}
