// Connections of SIP, plain or over TLS: what happens to them, and what the core wants of them.

import Basics
import LinuxIO
import SIPTransaction

final class SignallingConnection {
  let stream: StreamConnection
  /// nil: plain TCP.
  let session: TLSSession?
  let isAccepted: Bool
  let remote: Endpoint
  /// Its handshake waits for its turn; nothing more is read before.
  var isQueued = false

  init(_ stream: StreamConnection, _ session: TLSSession?, isAccepted: Bool, with remote: Endpoint) {
    self.stream = stream
    self.session = session
    self.isAccepted = isAccepted
    self.remote = remote
  }

  var isShakingHands: Bool { session?.isShakingHands ?? false }

  /// Sends, or keeps for later; false when it is over.
  func write(_ bytes: [UInt8]) -> Bool {
    guard let session else { return stream.write(bytes) }
    return session.write(bytes) && sendWhatIsReady()
  }

  /// What the session has for the network.
  func sendWhatIsReady() -> Bool {
    guard let bytes = session?.take(), !bytes.isEmpty else { return true }
    return stream.write(bytes)
  }
}

extension SignallingSockets {
  /// Something happened to a connection.
  func attend(_ number: UInt32, _ event: Poller<PollSubject>.Event) {
    guard let connection = connections[number] else { return }
    if connection.stream.isConnecting {
      guard event.isWritable || event.isClosed else { return }
      guard connection.stream.finishConnecting(), connection.stream.flush() else { return lose(number) }
      if connection.session == nil {
        inputs.append(.connected(connection: number))
      } else {
        queueHandshake(connection, number)
      }
    }
    if !connection.isQueued, event.isReadable || event.isClosed, !receive(connection, number) { return lose(number) }
    if event.isWritable, !connection.stream.flush() { return lose(number) }
    watch(connection, number)
  }

  /// False when it is over.
  private func receive(_ connection: SignallingConnection, _ number: UInt32) -> Bool {
    switch connection.stream.receive(into: buffer) {
    case .nothing: return true
    case .closed: return false
    case .bytes(let count):
      guard let session = connection.session else {
        inputs.append(.received(connection: number, bytes: copy(count)))
        return true
      }
      session.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      guard !session.isShakingHands else {
        queueHandshake(connection, number)
        return true
      }
      return open(session, of: connection, number)
    }
  }

  /// Hands on what the session has deciphered. False when it is over.
  func open(_ session: TLSSession, of connection: SignallingConnection, _ number: UInt32) -> Bool {
    while true {
      switch session.receive(into: buffer) {
      case .bytes(let count): inputs.append(.received(connection: number, bytes: copy(count)))
      case .nothing: return connection.sendWhatIsReady()
      case .closed:
        _ = connection.sendWhatIsReady()
        return false
      }
    }
  }

  func lose(_ number: UInt32) {
    guard let connection = connections.removeValue(forKey: number) else { return }
    let wasOpen = connection.isAccepted || !connection.stream.isConnecting && !connection.isShakingHands
    inputs.append(wasOpen ? .closed(connection: number) : .connectFailed(connection: number))
  }

  func watch(_ connection: SignallingConnection, _ number: UInt32) {
    try? poller.change(
      connection.stream.descriptor, .connection(number), reads: !connection.stream.isConnecting && !connection.isQueued,
      writes: connection.stream.wantsToWrite)
  }

  // MARK: - The core's outputs

  /// - Parameter expected: whom the certificate must name; nil: plain TCP.
  func connect(_ number: UInt32, to remote: Endpoint, expecting expected: PeerName?) {
    do throws(SystemError) {
      let session = expected.flatMap { secure.calling($0) }
      guard expected == nil || session != nil else {
        refusals.append(LogEntry(.warning, "tls.unusable", remote.text + ": there is nothing to trust anybody by"))
        return inputs.append(.connectFailed(connection: number))
      }
      let stream = try StreamConnection(connectingTo: remote)
      try poller.add(stream.descriptor, .connection(number), reads: false, writes: true)
      connections[number] = SignallingConnection(stream, session, isAccepted: false, with: remote)
    } catch {
      inputs.append(.connectFailed(connection: number))
    }
  }

  func write(_ bytes: [UInt8], on number: UInt32) {
    guard let connection = connections[number] else { return }
    let waited = connection.stream.wantsToWrite
    guard connection.write(bytes) else {
      counters.sendFailures += 1
      return lose(number)
    }
    if connection.stream.wantsToWrite != waited { watch(connection, number) }
  }

  func close(_ number: UInt32) {
    guard let connection = connections.removeValue(forKey: number), let session = connection.session else { return }
    session.finish()
    // Whether it arrives or not: nothing depends on it.
    _ = connection.sendWhatIsReady()
  }
}
