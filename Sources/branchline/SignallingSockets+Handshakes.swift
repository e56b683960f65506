// Handshakes of TLS, some in each turn of the loop: a crowd that connects at once waits for itself, and no call for it.

import Basics
import LinuxIO
import SIPTransaction

extension SignallingSockets {
  /// The loop is not to sleep.
  var hasHandshakes: Bool { !waitingHandshakes.isEmpty }

  func queueHandshake(_ connection: SignallingConnection, _ number: UInt32) {
    guard !connection.isQueued else { return }
    connection.isQueued = true
    waitingHandshakes.append(number)
  }

  /// Once a turn, after everything else.
  func shakeHands(at now: Instant) {
    var steps = 0
    while steps < Limits.handshakesPerTurn, let number = waitingHandshakes.popFirst() {
      // Its number may be another's by now, or nobody's.
      guard let connection = connections[number], connection.isQueued, let session = connection.session else {
        continue
      }
      steps += 1
      connection.isQueued = false
      step(session, of: connection, number, at: now)
    }
    counters.handshakesDelayed += waitingHandshakes.count
  }

  private func step(_ session: TLSSession, of connection: SignallingConnection, _ number: UInt32, at now: Instant) {
    let step = session.step()
    let isSent = connection.sendWhatIsReady()
    switch step {
    case .waits:
      guard isSent else { return lose(number) }
    case .ready:
      counters.handshakes += 1
      guard isSent else { return lose(number) }
      if !connection.isAccepted { inputs.append(.connected(connection: number)) }
      // What came behind the last message of the handshake.
      guard open(session, of: connection, number) else { return lose(number) }
    case .refused(let why):
      counters.handshakesRefused += 1
      refusals.tell(connection.remote, why, isOurs: !connection.isAccepted, at: now)
      return lose(number)
    }
    watch(connection, number)
  }
}

/// What is told of refused handshakes: of strangers' only so many, since anybody can make them.
struct RefusalLog {
  private var entries = Fifo<LogEntry>()
  private var minute = Int64(0)
  private var told = 0

  mutating func append(_ entry: LogEntry) { entries.append(entry) }

  mutating func tell(_ remote: Endpoint, _ why: ByteString, isOurs: Bool, at now: Instant) {
    if minute != now.nanoseconds / 60_000_000_000 { (minute, told) = (now.nanoseconds / 60_000_000_000, 0) }
    told += 1
    guard isOurs || told <= SignallingSockets.Limits.refusalsToldPerMinute else { return }
    entries.append(LogEntry(isOurs ? .warning : .info, "tls.refused", remote.text + ": " + why))
  }

  mutating func next() -> LogEntry? { entries.popFirst() }
}
