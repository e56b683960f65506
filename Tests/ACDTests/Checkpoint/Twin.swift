// A second distributor that was made of a checkpoint of the first and hears all that the first hears: from there on
// neither must be told from the other.

import Basics
import Journal

@testable import ACD

struct Twin {
  private(set) var acd: ACD
  private var said = DigestSink()
  private var ours = DigestSink()
  private(set) var outputs = 0
  private var last: [ByteString] = []

  init(_ acd: ACD) { self.acd = acd }

  /// What the first one says.
  mutating func heard(_ output: ACD.Output) {
    outputs += 1
    said.put(output)
  }

  /// Does the same to the second one.
  mutating func apply(at now: Instant, _ body: (inout ACD, Instant) -> Void) {
    while acd.fireDue(at: now) {}
    body(&acd, now)
    acd.dispatch(at: now)
    while let output = acd.pollOutput() {
      ours.put(output)
      last.append(ByteString(output.tag.name))
    }
    last = last.suffix(8)
  }

  mutating func apply(_ input: ACD.Input, at now: Instant) { apply(at: now) { $0.apply(input, at: $1) } }

  /// Where the two differ; nil: nowhere that can be seen from outside.
  func difference(from first: ACD, at now: Instant) -> String? {
    if said.value != ours.value { return "outputs differ, the second one said last \(last.map(\.description))" }
    if first.nextDeadline != acd.nextDeadline { return "deadline \(acd.nextDeadline as Any)" }
    if first.queueViews(at: now) != acd.queueViews(at: now) { return "views of queues" }
    if first.agentViews(at: now) != acd.agentViews(at: now) { return "views of agents" }
    if first.callViews(at: now) != acd.callViews(at: now) { return "views of calls" }
    if first.callbackViews(at: now) != acd.callbackViews(at: now) { return "views of callbacks" }
    if first.counters != acd.counters { return "counters" }
    if first.reports != acd.reports { return "reports" }
    return nil
  }
}

extension ACD {
  /// The whole state, whatever is in it: a second checkpoint and everything that can be reflected.
  func differenceInDepth(from first: ACD) -> String? {
    if checkpoint() != first.checkpoint() { return "checkpoints" }
    let (a, b) = (Portrait.lines(of: first), Portrait.lines(of: self))
    for (mine, theirs) in zip(a, b) where mine != theirs { return "\(mine) came back as \(theirs)" }
    return a.count == b.count ? nil : "\(a.count) values came back as \(b.count)"
  }

  /// Everything that can be asked of it.
  func answers(at now: Instant) -> [String] {
    let items = calls.map(\.value.sequence) + callbacks.values.map(\.fact.sequence)
    let extensions = agents.map(\.settings.extension)
    return items.sorted().map { "\(why(item: $0, at: now))" } + extensions.map { "\(why(agent: $0, at: now))" }
  }
}
