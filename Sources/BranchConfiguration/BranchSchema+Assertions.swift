// Statements about what must hold, whatever else is changed: where numbers lead, who is there.

import Basics
import Configuration

extension BranchSchema {
  static var assertStatement: SchemaNode {
    SchemaNode(
      "assert", .init("what", .choice(assertions)), occurrence: .repeated(BranchLimits.assertions), effect: .noCall,
      help: Help(
        "What must hold: a commit that breaks it is refused, or taken back while it waits to be confirmed",
        "必须成立的条件：违反它的提交会被拒绝，或在等待确认期间被撤销"))
  }

  /// In the order of `BranchSettings.Assertion`.
  private static var assertions: [Choice] {
    [
      Choice(
        "route", .init("number", .number),
        Argument(
          "via", .choice([Choice("via", .init("trunk", .reference(to: "trunk")), help: Help("By this trunk", "经此中继"))])),
        help: Help("A dialled number leaves by that trunk first", "所拨号码首选此中继呼出")),
      Choice(
        "registered", .init("extension", .reference(to: "extension")),
        help: Help("A phone is registered there", "该分机有话机注册")),
      Choice("up", .init("trunk", .reference(to: "trunk")), help: Help("That trunk can be used", "该中继可用")),
    ]
  }
}
