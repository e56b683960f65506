// What a change of a statement reaches in a running box: told before and after a commit, and proved statement by statement
// in tests.

import Basics

public enum Effect: UInt8, CaseIterable, Hashable, Sendable {
  /// Names, logs, tables, and how the program is stopped.
  case noCall
  /// Calls and registrations that begin from now on. Those that run keep what they were set up with.
  case newCalls
  /// Callers who wait, callbacks and agents are looked at again by the new rules. Calls go on.
  case waiting
  /// Calls that run may be cut off.
  case runningCalls
  /// Nothing before the program starts again.
  case nextStart

  /// As answers give it.
  public var name: StaticString {
    switch self {
    case .noCall: "no-call"
    case .newCalls: "new-calls"
    case .waiting: "waiting"
    case .runningCalls: "running-calls"
    case .nextStart: "next-start"
    }
  }

  public var help: Help {
    switch self {
    case .noCall: Help("touches no call", "不影响任何通话")
    case .newCalls: Help("counts for what begins from now on", "仅对此后开始的呼叫与注册生效")
    case .waiting:
      Help("counts at once for callers who wait, callbacks and agents; calls go on", "立即对等候来电、回呼和坐席生效，通话继续")
    case .runningCalls: Help("may cut off calls that run", "可能中断进行中的通话")
    case .nextStart: Help("counts from the next start on", "下次启动后生效")
    }
  }
}

/// All statements of some changes that reach the same.
public struct EffectOfChange: Hashable, Sendable {
  public var effect: Effect
  /// With the blocks around them, as in errors: `queue service / ring`; in the order of the changes.
  public var statements: [ByteString]

  /// Where a person reads it: the statements, then what their change does.
  public func text(_ language: Language) -> ByteString {
    let all = statements.dropFirst().reduce(statements.first ?? "") { $0 + ", " + $1 }
    return all + (language == .chinese ? "：" : ": ") + effect.help.text(language)
  }
}

extension Difference {
  /// In the order of `Effect`; each statement once an effect. Comments change nothing.
  public static func effects(of differences: [Difference], schema: [SchemaNode]) -> [EffectOfChange] {
    var found = EffectCollector()
    for difference in differences {
      let level = schema.children(at: difference.path)
      switch difference.change {
      case .added(let node), .removed(let node): found.collect(node, level, difference.path)
      case .changed(_, let node): found.note(node, level, difference.path)
      case .reordered(let name, _): found.note(Node(Word(name)), level, difference.path)
      case .commented: break
      }
    }
    return Effect.allCases.compactMap { effect in
      found.statements[Int(effect.rawValue)].isEmpty
        ? nil : EffectOfChange(effect: effect, statements: found.statements[Int(effect.rawValue)])
    }
  }
}

private struct EffectCollector {
  var statements: [[ByteString]] = Effect.allCases.map { _ in [] }

  /// A statement that comes or goes, and those in its block that reach something else.
  mutating func collect(_ node: Node, _ schema: [SchemaNode], _ path: ByteString, inside outer: Effect? = nil) {
    guard let description = schema.node(named: node.name.text), let effect = description.effect else { return }
    if effect != outer { note(node, schema, path) }
    guard let children = description.children else { return }
    for inner in node.block?.nodes ?? [] {
      collect(inner, children, SchemaChecker.path(path, node, description), inside: effect)
    }
  }

  mutating func note(_ node: Node, _ schema: [SchemaNode], _ path: ByteString) {
    guard let description = schema.node(named: node.name.text), let effect = description.effect else { return }
    let statement = SchemaChecker.path(path, node, description)
    if statements[Int(effect.rawValue)].last != statement { statements[Int(effect.rawValue)].append(statement) }
  }
}
