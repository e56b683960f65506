// The names of what is told of captures.

import Basics
import Configuration

extension FieldName {
  static var captureNames: [(key: StaticString, help: Help)] {
    [
      ("capture", Help("Capture", "抓包")), ("bytes", Help("Bytes", "字节数")), ("files", Help("Files", "文件数")),
      ("frames", Help("Frames", "帧数")), ("framesMissed", Help("Missed", "丢帧")),
      ("endsInSeconds", Help("Ends in", "距结束")), ("scope", Help("Of", "范围")),
    ]
  }
}
