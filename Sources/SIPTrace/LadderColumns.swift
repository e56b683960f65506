// Who stands where in a ladder: at most four beside each other. Who is new when all columns are taken gets that of
// whom nothing was heard for longest, and the headings are told anew.

import Basics

struct LadderColumns {
  /// Who: a name where one was given, which may stand for several endpoints (a phone that connects again).
  enum Participant: Hashable {
    case named(ByteString)
    case endpoint(Endpoint)
  }

  private struct Column {
    var participant: Participant
    var endpoint: Endpoint
    var lastUse: Int
  }

  /// Time and the letter of the call stand in front.
  static let left = 15

  private var columns: [Column] = []
  private var names: [Endpoint: ByteString] = [:]
  private var use = 0
  /// So many have room from the beginning.
  private let atLeast: Int

  init(atLeast: Int = 2) { self.atLeast = max(2, min(atLeast, TraceLimits.maxColumns)) }

  mutating func name(_ endpoint: Endpoint, _ name: ByteString) {
    guard names.count < TraceLimits.maxNames || names[endpoint] != nil else { return }
    names[endpoint] = name
  }

  /// A name of the whole address has the port 0.
  func name(of endpoint: Endpoint) -> ByteString? {
    names[endpoint] ?? names[Endpoint(endpoint.address, 0)]
  }

  /// Both columns, and whether they are where they were.
  mutating func places(_ a: Endpoint, _ b: Endpoint) -> (Int, Int, isUnchanged: Bool) {
    use += 1
    var isUnchanged = true
    let first = place(a, &isUnchanged)
    let second = place(b, &isUnchanged)
    return (first, second, isUnchanged)
  }

  private mutating func place(_ endpoint: Endpoint, _ isUnchanged: inout Bool) -> Int {
    let participant = name(of: endpoint).map { Participant.named($0) } ?? .endpoint(endpoint)
    if let index = columns.firstIndex(where: { $0.participant == participant }) {
      columns[index].lastUse = use
      return index
    }
    isUnchanged = false
    let column = Column(participant: participant, endpoint: endpoint, lastUse: use)
    guard columns.count >= TraceLimits.maxColumns else {
      columns.append(column)
      return columns.count - 1
    }
    var oldest = 0
    for index in columns.indices where columns[index].lastUse < columns[oldest].lastUse { oldest = index }
    columns[oldest] = column
    return oldest
  }

  /// Columns of the terminal between two participants.
  private var slot: Int { (TraceLimits.width - Self.left) / max(columns.count, atLeast) }
  /// Where a participant's line stands.
  func line(_ index: Int) -> Int { Self.left + slot * index + slot / 2 }
  var lines: [Int] { columns.indices.map { line($0) } }

  /// Two lines: the name or the address; what else there is to tell.
  func headings(time: ByteString) -> [ByteString] {
    var (top, bottom) = (Canvas(), Canvas())
    top.put(time, at: 0)
    for (index, column) in columns.enumerated() {
      let port = ":" + ByteString(Int(column.endpoint.port))
      switch column.participant {
      case .named(let name):
        centre(name, index, &top)
        let whole = column.endpoint.text
        centre(Canvas.width(whole) < slot ? whole : column.endpoint.address.text, index, &bottom)
      case .endpoint(let endpoint):
        centre(endpoint.address.text, index, &top)
        centre(port, index, &bottom)
      }
    }
    return [top.line, bottom.line]
  }

  private func centre(_ text: ByteString, _ index: Int, _ canvas: inout Canvas) {
    let room = slot - 1
    var text = text
    // The end of an address tells more than its beginning.
    if text.count > room, Canvas.width(text) > room, text.bytes.contains(UInt8(ascii: ":")) {
      text = "~" + ByteString(text.bytes.suffix(room - 1))
    }
    let start = Self.left + slot * index
    let width = min(Canvas.width(text), room)
    canvas.put(text, at: start + (slot - width) / 2, end: start + slot - 1 + (slot - width) % 2)
  }
}
