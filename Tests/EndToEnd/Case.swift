// A case by name: what it shows, and how.

struct Case: Sendable {
  let name: String
  let summary: String
  /// Left out unless asked for: it waits for timers of minutes.
  let isLong: Bool
  /// Left out unless there is a kernel for the box: it runs on a whole emulated board.
  let needsBoard: Bool
  /// Left out, and said so, where the program runs under an emulator that lacks it.
  let emulatorLacks: String?
  let run: @Sendable (Site) throws -> Void

  init(
    _ name: String, _ summary: String, isLong: Bool = false, needsBoard: Bool = false,
    emulatorLacks: String? = nil,
    run: @escaping @Sendable (Site) throws -> Void
  ) {
    self.name = name
    self.summary = summary
    self.isLong = isLong
    self.needsBoard = needsBoard
    self.emulatorLacks = emulatorLacks
    self.run = run
  }
}

let allCases: [Case] =
  registrationCases + callCases + trunkCases + queueCases + queueDrainCases + callbackCases + networkCases
  + backupCases + robustnessCases + recordingCases + lampCases + powerCases + consoleCases + captureCases
  + lineTestCases + webCases + questionCases + observingCases + transportCases
