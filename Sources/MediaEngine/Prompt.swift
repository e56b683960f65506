// The closed list of sounds that the system plays, shared by signalling, the prompt table and Scripts/prompts. Each has
// one file per language; tones and music are the same in both.

import Basics

/// A language that prompts are spoken in; its raw value is the bank of the prompt table.
public enum PromptLanguage: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case zh = 0
  case en = 1

  /// Name of the directory with its files.
  public var directory: StaticString { self == .zh ? "zh" : "en" }
}

public enum Prompt: UInt16, Named, Sendable, BitwiseCopyable {
  // Tones and music: loops that join without a click.
  case music, ringback, busy, congestion, beep, silence
  // Numbers. `yao` is the digit 1 in a telephone number, in Chinese.
  case zero, one, two, three, four, five, six, seven, eight, nine, yao
  case ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen
  case twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety, hundred
  // 第 and 位 around a position; English says the number alone.
  case di, wei
  // 两: two of something, in Chinese. Units after a number.
  case liang, minute, minutes, hour, hours
  // Waiting.
  case youAreNumber, inTheQueue, waitAbout, allBusy, queueClosed, apologyNoAgent
  case movedToAnotherQueue, connectingElsewhere, nobodyAvailable, allBusyGoodbye, pleaseHold
  // The callback dialogue.
  case pressOneToBeCalledBack, powerIsFailing
  case weCallYouBackOn, timeIs, pressOneToConfirm, pressTwoForAnotherNumber, pressThreeForATime, pressStarToWait
  case enterNumber, chooseHours, sayYourName
  case callbackAccepted, callbackRefused, callbackStorageFailed, callbackClosing, callbackSlotTaken, callbackNotPossible
  case callbackPending, callbackKept, callbackCancelled
  case callbackWhisper, callbackNameIs, callbackCustomerGreeting, callbackUnreachable
  // After the conversation.
  case pleaseRate, thankYouGoodbye
  // Agents and refusals.
  case loggedIn, loggedOut, notAnAgent, numberNotInService, notAllowed

  /// The file's name without `.wav`, and its key in the table of texts.
  public var name: StaticString {
    switch self {
    case .music: "music"
    case .ringback: "ringback"
    case .busy: "busy"
    case .congestion: "congestion"
    case .beep: "beep"
    case .silence: "silence"
    case .zero: "zero"
    case .one: "one"
    case .two: "two"
    case .three: "three"
    case .four: "four"
    case .five: "five"
    case .six: "six"
    case .seven: "seven"
    case .eight: "eight"
    case .nine: "nine"
    case .yao: "yao"
    case .ten: "ten"
    case .eleven: "eleven"
    case .twelve: "twelve"
    case .thirteen: "thirteen"
    case .fourteen: "fourteen"
    case .fifteen: "fifteen"
    case .sixteen: "sixteen"
    case .seventeen: "seventeen"
    case .eighteen: "eighteen"
    case .nineteen: "nineteen"
    case .twenty: "twenty"
    case .thirty: "thirty"
    case .forty: "forty"
    case .fifty: "fifty"
    case .sixty: "sixty"
    case .seventy: "seventy"
    case .eighty: "eighty"
    case .ninety: "ninety"
    case .hundred: "hundred"
    case .di: "di"
    case .wei: "wei"
    case .liang: "liang"
    case .minute: "minute"
    case .minutes: "minutes"
    case .hour: "hour"
    case .hours: "hours"
    case .youAreNumber: "you-are-number"
    case .inTheQueue: "in-the-queue"
    case .waitAbout: "wait-about"
    case .allBusy: "all-busy"
    case .queueClosed: "queue-closed"
    case .apologyNoAgent: "apology-no-agent"
    case .movedToAnotherQueue: "moved-to-another-queue"
    case .connectingElsewhere: "connecting-elsewhere"
    case .nobodyAvailable: "nobody-available"
    case .allBusyGoodbye: "all-busy-goodbye"
    case .pleaseHold: "please-hold"
    case .pressOneToBeCalledBack: "press-one-to-be-called-back"
    case .powerIsFailing: "power-is-failing"
    case .weCallYouBackOn: "we-call-you-back-on"
    case .timeIs: "time-is"
    case .pressOneToConfirm: "press-one-to-confirm"
    case .pressTwoForAnotherNumber: "press-two-for-another-number"
    case .pressThreeForATime: "press-three-for-a-time"
    case .pressStarToWait: "press-star-to-wait"
    case .enterNumber: "enter-number"
    case .chooseHours: "choose-hours"
    case .sayYourName: "say-your-name"
    case .callbackAccepted: "callback-accepted"
    case .callbackRefused: "callback-refused"
    case .callbackStorageFailed: "callback-storage-failed"
    case .callbackClosing: "callback-closing"
    case .callbackSlotTaken: "callback-slot-taken"
    case .callbackNotPossible: "callback-not-possible"
    case .callbackPending: "callback-pending"
    case .callbackKept: "callback-kept"
    case .callbackCancelled: "callback-cancelled"
    case .callbackWhisper: "callback-whisper"
    case .callbackNameIs: "callback-name-is"
    case .callbackCustomerGreeting: "callback-customer-greeting"
    case .callbackUnreachable: "callback-unreachable"
    case .pleaseRate: "please-rate"
    case .thankYouGoodbye: "thank-you-goodbye"
    case .loggedIn: "logged-in"
    case .loggedOut: "logged-out"
    case .notAnAgent: "not-an-agent"
    case .numberNotInService: "number-not-in-service"
    case .notAllowed: "not-allowed"
    }
  }

  /// `zh/you-are-number.wav`: the file below the directory of prompts.
  public func filePath(_ language: PromptLanguage) -> ByteString {
    ByteString(language.directory) + "/" + fileName
  }
  public var fileName: ByteString { ByteString(name) + ".wav" }
}

extension PromptID {
  /// How many entries a table of all prompts in all languages has.
  public static var count: Int { PromptLanguage.allCases.count * Prompt.allCases.count }

  public init(_ prompt: Prompt, _ language: PromptLanguage) {
    self.init(index: UInt16(language.rawValue) * UInt16(Prompt.allCases.count) + prompt.rawValue)
  }
}

extension Playlist {
  public init(_ prompts: [Prompt], _ language: PromptLanguage) {
    self.init()
    append(prompts, language)
  }
  public mutating func append(_ prompts: [Prompt], _ language: PromptLanguage) {
    for prompt in prompts { append(PromptID(prompt, language)) }
  }
}
