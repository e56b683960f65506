// The names of what `branchline pcap` tells of streams.

import Basics
import Configuration

extension FieldName {
  static var traceNames: [(key: StaticString, help: Help)] {
    [
      ("target", Help("To", "目的地址")), ("codecs", Help("Codecs", "编码")), ("packets", Help("Packets", "包数")),
      ("lost", Help("Lost", "丢包")), ("lostShare", Help("Share", "丢包率")),
      ("outOfOrder", Help("Out of order", "乱序")), ("duplicates", Help("Twice", "重复")),
      ("maxDelta", Help("Longest gap ms", "最长间隔 ms")), ("maxJitter", Help("Jitter max ms", "最大抖动 ms")),
      ("meanJitter", Help("mean ms", "平均抖动 ms")), ("opinionScore", Help("MOS", "MOS 估值")),
    ]
  }
}
