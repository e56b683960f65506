// The Unix socket through which people and scripts of this machine ask the daemon. A request is one line of text, which
// ends with ` +N` where a text of N bytes follows; the answer is JSON, after which the daemon closes. Clients, their lines
// and texts, their answers and their time are bounded. The line `page` makes a connection the page's (`PageChannel`).

import Basics
import CLinux

public final class ControlSocket {
  public enum Limits {
    public static let clients = 8
    public static let lineBytes = 1_024
    /// A configuration as large as one may be.
    public static let textBytes = 1 << 20
    static let bytesAtOnce = 65_536
    /// For the request, and again for taking the answer.
    public static let clientSeconds = 10
    /// How long a client may wait for an answer: a telephone rings for half a minute.
    public static let answerSeconds = 60
  }
  public struct Request {
    public let client: UInt64
    /// Without the line's end, and without the number of bytes behind it.
    public let line: ByteString
    /// What came behind the line.
    public let text: [UInt8]
    /// The number of the user who asks.
    public let user: Int
    /// The number of the page's channel, if it came by that.
    public let page: UInt64?
  }
  /// Counted since the start.
  public struct Counters: Sendable, Equatable {
    public var served = 0
    public var refused = 0
    public var timedOut = 0
  }

  private struct Client {
    let descriptor: Int32
    let user: Int
    var deadline: Instant
    /// What has come: the line, and the text behind it.
    var heard: [UInt8] = []
    var hasAsked = false
    var answer: [UInt8]? = nil
    var sent = 0
  }

  public private(set) var counters = Counters()
  private let listener: LocalListener
  private let poller: Poller<UInt64>
  /// By number, which is the token too; a handful, in the order of their coming.
  private var clients: [(number: UInt64, client: Client)] = []
  private var lastNumber: UInt64 = 0
  private var requests = Fifo<Request>()
  private var page: PageChannel?

  /// To be created while one thread runs.
  public init(path: ByteString) throws(SystemError) {
    listener = try LocalListener(path: path)
    poller = try Poller()
    try poller.add(listener.descriptor, 0)
  }
  deinit {
    for entry in clients { CLinux.close(entry.client.descriptor) }
  }

  public var limitUse: LimitUse {
    LimitUse("control-clients", most: Limits.clients, used: clients.count, hits: counters.refused)
  }

  /// Readable when `turn` is due.
  public var descriptor: Int32 { poller.pollDescriptor }
  /// When `turn` is due at the latest.
  public var nextDeadline: Instant? { clients.map { $0.client.deadline }.min().earlier(page?.restsUntil) }
  /// How often the page asked more than it may in a second.
  public var pageRests: Int { page?.rests ?? 0 }

  /// Reads and writes what is ready and closes clients whose time is over. Afterwards `nextRequest` until nil.
  public func turn(at now: Instant) {
    let count = poller.wait(until: now, at: now)
    for index in 0..<count {
      let event = poller.event(index)
      if event.token == 0 {
        accept(at: now)
      } else if let page, page.number == event.token {
        attend(page, reads: event.isReadable || event.isClosed, at: now)
      } else if let place = place(of: event.token) {
        if clients[place].client.answer != nil {
          send(to: event.token)
        } else {
          readRequest(of: event.token, at: now)
        }
      }
    }
    if let page, page.restsUntil.map({ $0 <= now }) ?? false { attend(page, reads: false, at: now) }
    for late in clients where late.client.deadline <= now {
      counters.timedOut += 1
      drop(late.number)
    }
  }

  public func nextRequest() -> Request? { requests.popFirst() }

  /// To each request once. A client that is gone meanwhile is none.
  public func answer(_ number: UInt64, _ bytes: [UInt8]) {
    if let page, page.hasAsked(number) {
      if !page.answer(number, bytes, poller) { close(page) }
      return
    }
    guard let place = place(of: number) else { return }
    clients[place].client.answer = bytes + [UInt8(ascii: "\n")]
    clients[place].client.deadline = MonotonicClock.now + .seconds(Limits.clientSeconds)
    send(to: number)
  }

  private func place(of number: UInt64) -> Int? { clients.firstIndex { $0.number == number } }

  private func accept(at now: Instant) {
    guard let (descriptor, user) = listener.accept() else { return }
    lastNumber += 1
    guard let user, clients.count < Limits.clients, (try? poller.add(descriptor, lastNumber)) != nil else {
      counters.refused += 1
      CLinux.close(descriptor)
      return
    }
    clients.append(
      (
        lastNumber,
        Client(descriptor: descriptor, user: user, deadline: now + .seconds(Limits.clientSeconds))
      ))
  }

  private func readRequest(of number: UInt64, at now: Instant) {
    guard let place = place(of: number) else { return }
    guard !clients[place].client.hasAsked else { return drop(number) }
    var chunk = [UInt8](repeating: 0, count: Limits.bytesAtOnce)
    let count = read(clients[place].client.descriptor, &chunk, chunk.count)
    guard count > 0 else {
      if count == 0 || linux_errno() != EAGAIN { drop(number) }
      return
    }
    clients[place].client.heard += chunk[..<count]
    switch Self.request(in: clients[place].client.heard[...]) {
    case .incomplete: break
    case .unacceptable:
      counters.refused += 1
      drop(number)
    case .whole(let line, _, _) where line == PageChannel.word: becomePage(place)
    case .whole(_, let text, let rest) where !text.isEmpty && !rest.isEmpty:
      counters.refused += 1
      drop(number)
    case .whole(let line, let text, _):
      // Nothing more is read: while the answer is awaited, an event can only mean that the client has gone.
      clients[place].client.hasAsked = true
      clients[place].client.deadline = now + .seconds(Limits.answerSeconds)
      clients[place].client.heard = []
      try? poller.change(clients[place].client.descriptor, number, reads: false, writes: false)
      counters.served += 1
      requests.append(Request(client: number, line: line, text: text, user: clients[place].client.user, page: nil))
    }
  }

  enum Heard: Equatable {
    case incomplete
    case unacceptable
    case whole(ByteString, text: [UInt8], rest: ArraySlice<UInt8>)
  }

  static func request(in heard: ArraySlice<UInt8>, textBytes: Int = Limits.textBytes) -> Heard {
    guard let end = heard.prefix(Limits.lineBytes + 1).firstIndex(of: UInt8(ascii: "\n")) else {
      return heard.count > Limits.lineBytes ? .unacceptable : .incomplete
    }
    let line = heard[..<end]
    let behind = heard[(end + 1)...]
    guard let space = line.lastIndex(of: UInt8(ascii: " ")), line[space...].starts(with: [0x20, UInt8(ascii: "+")]),
      let count = Int(decimalDigits: line[(space + 2)...])
    else { return .whole(ByteString(line), text: [], rest: behind) }
    guard count <= textBytes else { return .unacceptable }
    guard behind.count >= count else { return .incomplete }
    return .whole(ByteString(line[..<space]), text: Array(behind.prefix(count)), rest: behind.dropFirst(count))
  }

  // MARK: The page

  /// A connection that gives up what its user may, for good. The newest is the page's.
  private func becomePage(_ place: Int) {
    let (number, client) = clients[place]
    guard client.user == 0 || client.user == ProcessContext.user else {
      counters.refused += 1
      return drop(number)
    }
    clients.remove(at: place)
    if let page { close(page) }
    let page = PageChannel(number, client.descriptor)
    self.page = page
    if !page.greet(poller) { close(page) }
  }

  private func attend(_ page: PageChannel, reads: Bool, at now: Instant) {
    guard page.attend(poller, reads: reads, at: now) else { return close(page) }
    while let (line, text) = page.next(as: lastNumber + 1, poller, at: now) {
      lastNumber += 1
      counters.served += 1
      requests.append(
        Request(client: lastNumber, line: line, text: text, user: ProcessContext.user, page: page.number))
    }
    if page.isBroken {
      counters.refused += 1
      close(page)
    }
  }

  private func close(_ old: PageChannel) {
    guard page?.number == old.number else { return }
    page = nil
  }

  private func send(to number: UInt64) {
    guard let place = place(of: number), let answer = clients[place].client.answer else { return }
    let descriptor = clients[place].client.descriptor
    let start = clients[place].client.sent
    let sent = answer.withUnsafeBytes { bytes in
      bytes.baseAddress.map { linux_send(descriptor, $0 + start, bytes.count - start) } ?? 0
    }
    guard sent >= 0 || linux_errno() == EAGAIN else { return drop(number) }
    clients[place].client.sent += max(0, sent)
    if clients[place].client.sent == answer.count { return drop(number) }
    try? poller.change(descriptor, number, reads: false, writes: true)
  }

  private func drop(_ number: UInt64) {
    guard let place = place(of: number) else { return }
    CLinux.close(clients.remove(at: place).client.descriptor)
  }
}
