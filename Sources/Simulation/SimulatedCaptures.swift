// What a box without packets answers to orders about captures: everything is done, and one is there.

import Appliance
import Basics

enum SimulatedCaptures {
  static func answer(_ order: CaptureOrder) -> [UInt8] {
    var json = JSONWriter()
    switch order {
    case .list: json.array { json in json.object { $0.field("capture", "tap") } }
    default:
      json.object { $0.outcome(of: order.act, order.subject) }
    }
    return json.bytes
  }
}
