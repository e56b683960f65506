// What comes over the control socket goes to the appliance, which looks at who asks; what only the shell knows comes back.

import Appliance
import Basics
import BranchConfiguration
import LinuxIO
import Sealing
import Storage

extension Daemon {
  mutating func attendControl() {
    control.turn(at: now)
    while let request = control.nextRequest() {
      accept(OperatorRequest(client: request.client, line: request.line, text: request.text, peer: Self.peer(request)))
    }
  }

  private static func peer(_ request: ControlSocket.Request) -> Peer {
    if let channel = request.page { return .page(channel) }
    let user = request.user
    guard user != 0, user != ProcessContext.user else { return .trusted(user) }
    return .user(SystemUsers.name(of: user) ?? "")
  }

  mutating func answer(question line: ByteString, for client: UInt64) {
    if answersReport(line, for: client) { return }
    if line == Self.copyQuestion { return answerCopy(client) }
    if line.hasPrefix(PromptCheck.word + " ") {
      let (name, directory) = (line.dropFirst(PromptCheck.word.count + 1), settings.promptsDirectory)
      return answer(client) { PromptCheck.answer(name, in: directory) }
    }
    if line == StorageAnswer.word {
      let state = storageState
      return answer(client) { StorageAnswer(state).bytes }
    }
    if let bytes = answer(to: line) { return control.answer(client, bytes) }
    var json = JSONWriter()
    json.object { $0.field("error", "unknown question") }
    control.answer(client, json.bytes)
  }

  /// What has to be read from the disk is read on the storage thread.
  private mutating func answer(_ client: UInt64, _ make: @escaping @Sendable () -> [UInt8]) {
    let answer = Shared<[UInt8]>([])
    readings[client] = answer
    storage.perform(ticket: client | Self.readingTickets) {
      let bytes = make()
      answer.with { $0 = bytes }
      return 0
    }
    if storage.descriptor == nil { takeStorageResults() }
  }

  /// - Parameter code: errno(3) of a storage thread that did not do it.
  mutating func answerWasRead(for client: UInt64, _ code: Int32) {
    guard let answer = readings.removeValue(forKey: client) else { return }
    guard code == 0 else {
      var json = JSONWriter()
      json.object { $0.field("error", "the disk is busy: ask again") }
      return control.answer(client, json.bytes)
    }
    control.answer(client, answer.with { $0 })
  }

  /// On the storage thread: a hash takes a tenth of a second on a small box.
  func verify(_ ticket: UInt64, _ password: [UInt8], _ hash: ByteString?) {
    storage.perform(ticket: ticket | Self.passwordTickets) {
      if let known = hash.flatMap({ PasswordHash(text: $0) }) {
        return known.matches(password) ? 0 : Self.wrongPassword
      }
      // A name that nobody has takes as long as a wrong password.
      _ = PasswordHash(of: password, salt: [UInt8](repeating: 0, count: PasswordHash.saltBytes))
      return Self.wrongPassword
    }
  }

  /// Of such a work; 0 is a right one.
  private static let wrongPassword: Int32 = -1
  /// Marks the works of the storage thread that check a password.
  static let passwordTickets: UInt64 = 1 << 63
  /// Marks those that read an answer.
  static let readingTickets: UInt64 = 1 << 61

  func process() -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("version", Version.text)
      json.field("residentKilobytes", (ProcessContext.residentBytes() ?? 0) / 1_024)
      json.field("mediaCommandRoom", media.room)
      json.field("logLinesDropped", Int(clamping: log.droppedEntries))
      json.object("sip") { json in
        json.field("datagramsReceived", sockets.counters.datagramsReceived)
        json.field("datagramsSent", sockets.counters.datagramsSent)
        json.field("sendFailures", sockets.counters.sendFailures)
        json.field("connections", sockets.connectionCount)
        json.field("handshakes", sockets.counters.handshakes)
        json.field("handshakesDelayed", sockets.counters.handshakesDelayed)
        json.field("handshakesRefused", sockets.counters.handshakesRefused)
      }
      json.object("storage") { json in
        json.field("usable", storage.counters != nil)
        guard let counters = storage.counters else { return }
        json.field("commits", counters.database.commits)
        json.field("facts", counters.database.facts)
        json.field("failedCommits", counters.database.failedCommits)
        json.field("checkpoints", counters.database.checkpoints)
        json.field("countedEvents", counters.database.countedEvents)
        json.field("failedRollUps", counters.database.failedRollUps)
        json.field("refusedPromises", counters.refusedPromises)
        json.field("overflowedBatches", counters.overflowedBatches)
        json.field("droppedFacts", counters.droppedFacts)
        json.field("failedFileWorks", counters.failedTasks)
        json.field("longestCommitMicroseconds", counters.longestCommitMicroseconds)
      }
      json.object("control") { json in
        json.field("served", control.counters.served)
        json.field("refused", control.counters.refused)
        json.field("timedOut", control.counters.timedOut)
        json.field("pageRests", control.pageRests)
      }
      if web.isWanted { json.object("web") { writeWeb(to: &$0) } }
    }
    return json.bytes
  }
}
