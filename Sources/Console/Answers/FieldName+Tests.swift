// The names of what a test has found.

import Basics
import Configuration

extension FieldName {
  static var testNames: [(key: StaticString, help: Help)] {
    [
      ("test", Help("Test", "测试")), ("passed", Help("Passed", "通过")), ("failure", Help("Why not", "失败原因")),
      ("status", Help("SIP status", "SIP 状态码")), ("rangAfterMilliseconds", Help("Rang after ms", "振铃用时 ms")),
      ("answeredAfterMilliseconds", Help("Answered after ms", "应答用时 ms")),
      ("soundHeard", Help("Sound heard", "收到声音")), ("keys", Help("Keys", "按键")),
      ("packetsSent", Help("Packets sent", "发出包数")), ("packetsReceived", Help("Packets received", "收到包数")),
      ("packetsLost", Help("Packets lost", "丢包数")), ("file", Help("File", "文件")),
      ("milliseconds", Help("Length ms", "时长 ms")), ("peakDecibels", Help("Peak dBFS", "峰值 dBFS")),
      ("meanDecibels", Help("Mean dBFS", "平均 dBFS")),
    ]
  }

  static var testFailures: [(key: StaticString, help: Help)] {
    [
      ("too many tests", Help("too many tests at once", "同时进行的测试过多")),
      ("no port for sound", Help("no port is free for sound", "无可用媒体端口")),
      ("no answer", Help("no answer", "无应答")), ("refused", Help("refused", "被拒绝")),
      ("not reachable", Help("not reachable", "无法到达")),
      ("no sound comes through", Help("no sound comes through", "声音不通")),
      ("a wrong key came through", Help("a wrong key came through", "收到错误的按键")),
      ("no sound that can be played", Help("no sound that can be played", "无法播放的声音文件")),
    ]
  }
}
