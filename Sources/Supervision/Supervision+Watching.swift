// Browsers that watch are told what changes (server-sent events, HTML §9.2): the daemon is asked once a second while there
// are any, for all of them together, in the name of each in turn. So who may no longer see is found out soon.

import Basics

extension Supervision {
  static func event(_ name: ByteString, _ data: [UInt8]) -> [UInt8] {
    ByteString("event: ").bytes + name.bytes + ByteString("\ndata: ").bytes + data + [0x0A, 0x0A]
  }

  mutating func watch(_ request: WebRequest, at now: Instant) {
    guard let session = sessions.of(request) else { return refuse(request.number, 401, "not logged in") }
    guard streams.count < SupervisionLimits.streams else {
      counters.streamLimitHit += 1
      log("no further browser can watch", at: now)
      return refuse(request.number, 503, "too many browsers watch")
    }
    streams.append(Stream(request: request.number, session: session.number))
    let headers =
      WebResponse.guarding + [.init(name: "Content-Type", value: "text/event-stream")]
    outputs.append(.beginStream(request.number, headers))
    // What is missing is asked for at once.
    pollAt = now
  }

  mutating func poll(at now: Instant) {
    guard !streams.isEmpty else {
      pollAt = nil
      return
    }
    guard !isPolling, let due = pollAt, due <= now else { return }
    turn = (turn + 1) % streams.count
    guard let session = sessions[streams[turn].session] else { return }
    pollAt = now + SupervisionLimits.every
    isPolling = ask(session.prefix + "overview", for: .snapshot(session: session.number), at: now)
  }

  mutating func look(at answer: [UInt8]?, of session: UInt64, at now: Instant) {
    isPolling = false
    guard let answer else { return tellSilence(at: now) }
    if answer.starts(with: ByteString(#"{"done":false"#).bytes) {
      // The daemon knows this person no more.
      endSession(session, at: now)
      pollAt = now
      return
    }
    let isDue = now >= refreshAt
    let wantsEverything = isDue || streams.contains { $0.needsEverything }
    guard let changed = snapshot.take(answer) else { return tellSilence(at: now) }
    daemonIsSilent = false
    if isDue { refreshAt = now + SupervisionLimits.refresh }
    let all = wantsEverything ? Self.events(snapshot.parts) : []
    let news = Self.events(changed)
    let isQuiet = now - toldAt < SupervisionLimits.heartbeat
    for index in streams.indices {
      let bytes = isDue || streams[index].needsEverything ? all : news
      streams[index].needsEverything = false
      if !bytes.isEmpty {
        outputs.append(.send(streams[index].request, bytes))
      } else if !isQuiet {
        outputs.append(.send(streams[index].request, Self.event("alive", Array("{}".utf8))))
      }
    }
    if !news.isEmpty || !all.isEmpty || !isQuiet { toldAt = now }
  }

  private static func events(_ parts: [Snapshot.Part]) -> [UInt8] {
    parts.reduce(into: []) { $0 += event(ByteString($1.name), $1.json) }
  }

  /// What browsers show is old from now on.
  private mutating func tellSilence(at now: Instant) {
    log("the daemon does not answer the page", at: now)
    for index in streams.indices {
      if !daemonIsSilent { outputs.append(.send(streams[index].request, Self.event("silent", Array("{}".utf8)))) }
      streams[index].needsEverything = true
    }
    daemonIsSilent = true
  }
}
