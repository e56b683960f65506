// Prometheus's text format 0.0.4: each family once, with its help and its type, then its samples. Out of the daemon's JSON:
// of its counters whatever there is, so that a new one is there without anybody's doing.

import Basics

struct MetricsText {
  static let type: ByteString = "text/plain; version=0.0.4; charset=utf-8"

  enum Kind { case gauge, counter }

  /// A number of each row of a table.
  private struct Column {
    var key: ByteString
    var name: ByteString
    var kind: Kind
    var help: ByteString
  }

  private var writer = ByteWriter(capacity: 8_192)
  var bytes: [UInt8] { writer.bytes }

  // MARK: The branch

  mutating func write(overview: JSONValue) {
    if let status = overview.member("status") { write(status: status) }
    for column in Self.queueColumns {
      write(column, of: overview.member("queues")?.elements ?? [], label: "queue", by: "queue")
    }
    for column in Self.agentColumns {
      write(column, of: overview.member("agents")?.elements ?? [], label: "agent", by: "agent")
    }
    write(states: overview.member("agents")?.elements ?? [])
    write(
      Column(key: "up", name: "branchline_trunk_up", kind: .gauge, help: "Whether a trunk can be used."),
      of: overview.member("trunks")?.elements ?? [], label: "trunk", by: "trunk")
    write(quality: overview.member("streams")?.elements ?? [])
  }

  private mutating func write(status: JSONValue) {
    begin("branchline_info", .gauge, "The branch and its configuration's revision.")
    sample("branchline_info", [("branch", status.text("branch") ?? "")], 1)
    guard case .object(let members) = status else { return }
    for member in members where member.key != "branch" {
      guard let number = member.value.metric else { continue }
      let name = ByteString("branchline_status_") + Self.snake(member.key)
      begin(name, .gauge, ByteString("The daemon's status: ") + Self.snake(member.key, separator: 0x20) + ".")
      sample(name, [], number)
    }
  }

  private static var queueColumns: [Column] {
    let gauges: [(StaticString, StaticString)] = [
      ("waiting", "Callers who wait."), ("longestWaitSeconds", "How long the first of them has waited."),
      ("callbacksDue", "Callbacks whose time has come."), ("callbacksOpen", "Callbacks that are promised."),
      ("agentsLoggedIn", "Agents who are logged in."), ("agentsReady", "Agents who wait for a call."),
    ]
    let counters: [(StaticString, StaticString)] = [
      ("offered", "Callers who entered."), ("answered", "Callers an agent answered."),
      ("abandoned", "Callers who hung up while they waited."), ("overflowed", "Callers who waited too long."),
      ("callbacksTaken", "Callbacks promised."), ("callbacksDone", "Callbacks done."),
      ("callbacksFailed", "Callbacks given up."), ("refused", "Callers not taken."),
      ("movedIn", "Items moved here."), ("movedOut", "Items moved away."),
    ]
    return gauges.map { column($0.0, $0.1, "branchline_queue_", .gauge) }
      + counters.map { column($0.0, $0.1, "branchline_queue_", .counter) }
  }

  private static var agentColumns: [Column] {
    [
      column("answered", "Calls the agent answered.", "branchline_agent_", .counter),
      column("unansweredInARow", "Offers in a row that the agent did not answer.", "branchline_agent_", .gauge),
    ]
  }

  private static func column(
    _ key: StaticString, _ help: StaticString, _ prefix: ByteString, _ kind: Kind
  ) -> Column {
    let name = prefix + snake(ByteString(key)) + (kind == .counter ? "_total" : "")
    return Column(key: ByteString(key), name: name, kind: kind, help: ByteString(help))
  }

  private mutating func write(_ column: Column, of rows: [JSONValue], label: ByteString, by key: ByteString) {
    begin(column.name, column.kind, column.help)
    for row in rows {
      guard let number = row.member(column.key)?.metric, let name = row.text(key) else { continue }
      sample(column.name, [(label, name)], number)
    }
  }

  private mutating func write(states agents: [JSONValue]) {
    begin("branchline_agent_state", .gauge, "1 for the state an agent is in.")
    for agent in agents {
      guard let name = agent.text("agent"), let state = agent.text("state") else { continue }
      sample("branchline_agent_state", [("agent", name), ("state", state)], 1)
    }
  }

  /// Of the calls that are up: what their streams have lost, and the worst jitter of them.
  private mutating func write(quality streams: [JSONValue]) {
    for (key, help) in [
      ("received", "Packets that calls which are up have received."), ("lost", "Packets that they miss."),
    ] as [(StaticString, StaticString)] {
      let name = ByteString("branchline_calls_packets_") + ByteString(key)
      begin(name, .gauge, ByteString(help))
      sample(name, [], streams.reduce(0) { $0 + ($1.member(ByteString(key))?.metric ?? 0) })
    }
    begin("branchline_calls_jitter_milliseconds_max", .gauge, "The worst jitter of a call that is up (RFC 3550).")
    sample(
      "branchline_calls_jitter_milliseconds_max", [],
      streams.compactMap { $0.member("jitterMilliseconds")?.metric }.max() ?? 0)
  }

  // MARK: Counters

  /// Numbers of these names go up and down.
  private static var gauges: [StaticString] {
    [
      "streams", "journalWaiting", "legs", "residentKilobytes", "mediaCommandRoom", "connections", "usable",
      "process", "longestCommitMicroseconds", "checkpointBytes", "segments",
    ]
  }

  mutating func write(counters: JSONValue, prefix: ByteString) {
    guard case .object(let members) = counters else { return }
    for member in members {
      if case .object = member.value {
        write(counters: member.value, prefix: prefix + Self.snake(member.key) + "_")
        continue
      }
      guard let number = member.value.metric else { continue }
      let isGauge = Self.gauges.contains { ByteString($0) == member.key }
      let name = prefix + Self.snake(member.key) + (isGauge ? "" : "_total")
      let help = ByteString(isGauge ? "The daemon's " : "Since the daemon's start: ")
      begin(name, isGauge ? .gauge : .counter, help + Self.snake(member.key, separator: 0x20) + ".")
      sample(name, [], number)
    }
  }

  mutating func write(_ own: Supervision.Counters, _ connections: ConnectionCounters, sessions: Int, streams: Int) {
    for (name, number) in [
      ("sessions", sessions), ("watching", streams), ("open_connections", connections.open),
    ] as [(StaticString, Int)] {
      let name = ByteString("branchline_web_") + ByteString(name)
      begin(name, .gauge, "Of the supervisor's page, now.")
      sample(name, [], number)
    }
    let counters: [(StaticString, Int)] = [
      ("requests", own.requests), ("refused", own.refused), ("foreign", own.foreign), ("log_ins", own.logIns),
      ("failed_log_ins", own.failedLogIns), ("orders", own.orders), ("session_limit_hit", own.sessionLimitHit),
      ("stream_limit_hit", own.streamLimitHit), ("question_limit_hit", own.questionLimitHit),
      ("scrape_limit_hit", own.scrapeLimitHit), ("unanswered", own.unanswered),
      ("connections", connections.taken), ("connections_expired", connections.expired),
      ("connections_full", connections.full), ("connections_crowded", connections.crowded),
      ("connections_displaced", connections.displaced), ("slow_streams", connections.slowStreams),
    ]
    for (name, number) in counters {
      let name = ByteString("branchline_web_") + ByteString(name) + "_total"
      begin(name, .counter, "Of the supervisor's page, since its start.")
      sample(name, [], number)
    }
  }

  // MARK: The format

  private mutating func begin(_ name: ByteString, _ kind: Kind, _ help: ByteString) {
    writer.append(ByteString("# HELP ") + name + " " + help + "\n# TYPE " + name)
    writer.append(kind == .gauge ? " gauge\n" : " counter\n")
  }

  private mutating func sample(_ name: ByteString, _ labels: [(name: ByteString, value: ByteString)], _ number: Int) {
    writer.append(name)
    for (index, label) in labels.enumerated() {
      writer.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
      writer.append(label.name + "=\"")
      for byte in label.value.bytes {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""):
          writer.append(UInt8(ascii: "\\"))
          writer.append(byte)
        case 0x0A: writer.append("\\n")
        default: writer.append(byte)
        }
      }
      writer.append(UInt8(ascii: "\""))
    }
    if !labels.isEmpty { writer.append(UInt8(ascii: "}")) }
    writer.append(UInt8(ascii: " "))
    writer.append(decimal: number)
    writer.append(UInt8(ascii: "\n"))
  }

  /// `agentsLoggedIn` as `agents_logged_in`.
  private static func snake(_ key: ByteString, separator: UInt8 = UInt8(ascii: "_")) -> ByteString {
    var name: [UInt8] = []
    for byte in key.bytes {
      if byte.isASCIILetter, byte.asciiLowercased != byte, !name.isEmpty { name.append(separator) }
      name.append(byte.isASCIILetter || byte.isASCIIDigit ? byte.asciiLowercased : separator)
    }
    return ByteString(name)
  }
}

extension JSONValue {
  /// A number, or 1 for what is so.
  fileprivate var metric: Int? {
    switch self {
    case .number(let number): number
    case .flag(let flag): flag ? 1 : 0
    default: nil
    }
  }
}
