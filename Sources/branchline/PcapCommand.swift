// `branchline pcap FILE`: the ladder of each call in a capture and what its streams were like. Needs no daemon; times are
// UTC.

import ACD
import Basics
import Capture
import Configuration
import Console
import LinuxIO
import Packets
import SIPMessage
import SIPTrace

enum PcapCommand {
  static func run(_ path: ByteString, _ options: Invocation.Options, _ language: Language) -> Int32 {
    var trace = PacketTrace()
    var status = ExitCode.success
    do throws(CaptureError) {
      let file = try PacketFile(path)
      // What can be read of a damaged file is shown all the same.
      do throws(CaptureError) {
        while let frame = try file.next() { trace.add(frame.bytes, link: file.link, at: frame.time) }
      } catch {
        say(error, path, language)
        status = ExitCode.failure
      }
    } catch {
      say(error, path, language)
      return ExitCode.failure
    }
    trace.finish()
    let calls = trace.calls.filter { options.callID == nil || $0.id == options.callID }
    if let wanted = options.callID, calls.isEmpty {
      let words = Phrase("no such call: ", "没有此通话：") + wanted.quoted
      StandardStream.error.writeLine("branchline: " + path + ": " + words.text(language))
      return ExitCode.failure
    }
    if options.json {
      StandardStream.output.writeLine(json(trace, calls, path))
    } else {
      show(trace, calls, isAll: options.callID == nil, language)
    }
    return status
  }

  private static func say(_ error: CaptureError, _ path: ByteString, _ language: Language) {
    var phrase = Sentence.phrase(error.text)
    if case .linkType(let number) = error {
      phrase = Phrase("frames of a kind that is not understood, link type ", "无法识别的链路层类型 ") + ByteString(number)
    }
    StandardStream.error.writeLine("branchline: " + path + ": " + phrase.text(language))
  }

  // MARK: For people

  private static func show(_ trace: PacketTrace, _ calls: [PacketTrace.Call], isAll: Bool, _ language: Language) {
    for call in calls {
      var ladder = Ladder(language: language, filter: .call(call.id))
      write(ladder.lines(of: call.messages))
      show(trace.streams.filter { $0.callID == call.id }, language)
      write([""])
    }
    guard isAll else { return }
    let others = trace.otherMessages
    if !others.isEmpty {
      write([Phrase("Messages outside of calls", "通话以外的消息").text(language)])
      var ladder = Ladder(language: language)
      write(ladder.lines(of: others))
      write([""])
    }
    let strays = trace.streams.filter { $0.callID == nil }
    if !strays.isEmpty {
      write([Phrase("Streams that no call names", "不属于任何通话的媒体流").text(language)])
      show(strays, language)
      write([""])
    }
    write([summary(trace).text(language)])
  }

  private static func show(_ streams: [MediaStream], _ language: Language) {
    guard !streams.isEmpty else { return }
    write([""])
    for stream in streams { write(lines(stream).map { $0.text(language) }) }
  }

  private static func write(_ lines: [ByteString]) {
    for line in lines { StandardStream.output.writeLine(line) }
  }

  /// Three lines of 80 columns.
  private static func lines(_ stream: MediaStream) -> [Phrase] {
    let quality = stream.quality
    let codecs = stream.codecs.reduce("" as ByteString) { $0.isEmpty ? $1 : $0 + "," + $1 }
    let share = Table.text(quality.lostTenThousandths, .tenThousandths)
    let score = stream.opinionScore.map { Phrase(", MOS ", "，MOS ") + decimal($0, places: 2) } ?? Phrase("", "")
    return [
      Phrase(stream.source.text + " > " + stream.destination.text + "  " + codecs),
      Phrase("  packets ", "  包数 ") + ByteString(quality.packets) + Phrase(", lost ", "，丢包 ")
        + ByteString(quality.lost) + " (" + share + ")" + Phrase(", out of order ", "，乱序 ")
        + ByteString(quality.outOfOrder) + Phrase(", twice ", "，重复 ") + ByteString(quality.duplicates) + score,
      Phrase("  longest gap ", "  最长间隔 ") + milliseconds(quality.maxDelta) + Phrase(" ms, jitter at most ", " ms，最大抖动 ")
        + milliseconds(quality.maxJitter) + Phrase(" ms, on average ", " ms，平均 ") + milliseconds(quality.meanJitter)
        + " ms",
    ]
  }

  /// `1.234`
  private static func milliseconds(_ interval: Interval) -> ByteString {
    decimal(Int(interval.nanoseconds / 1_000), places: 3)
  }

  private static func decimal(_ number: Int, places: Int) -> ByteString {
    var digits = ByteString(max(0, number))
    while digits.count <= places { digits = "0" + digits }
    return ByteString(digits.bytes.dropLast(places)) + "." + ByteString(digits.bytes.suffix(places))
  }

  private static func summary(_ trace: PacketTrace) -> Phrase {
    let counters = trace.counters
    var text =
      Phrase("frames ", "帧 ") + ByteString(trace.packets.frames) + Phrase(", SIP messages ", "，SIP 消息 ")
      + ByteString(counters.sipMessages) + Phrase(", calls ", "，通话 ") + ByteString(trace.calls.count)
      + Phrase(", streams ", "，媒体流 ") + ByteString(trace.streams.count)
    if counters.malformed > 0 { text = text + Phrase(", malformed ", "，格式错误 ") + ByteString(counters.malformed) }
    if counters.tcpGaps > 0 { text = text + Phrase(", gaps in TCP ", "，TCP 缺口 ") + ByteString(counters.tcpGaps) }
    if counters.refused > 0 { text = text + Phrase(", no room for ", "，超出容量 ") + ByteString(counters.refused) }
    return text
  }

  // MARK: For programs

  private static func json(_ trace: PacketTrace, _ calls: [PacketTrace.Call], _ path: ByteString) -> ByteString {
    var json = JSONWriter(capacity: 65_536)
    json.object { json in
      json.field("file", path)
      json.field("frames", trace.packets.frames)
      json.field("sipMessages", trace.counters.sipMessages)
      json.field("malformed", trace.counters.malformed)
      json.field("tcpGaps", trace.counters.tcpGaps)
      json.field("refused", trace.counters.refused)
      json.array("calls") { json in for call in calls { write(call, trace, to: &json) } }
      json.array("streams") { json in
        for stream in trace.streams where calls.contains(where: { $0.id == stream.callID }) || stream.callID == nil {
          write(stream, to: &json)
        }
      }
    }
    return ByteString(json.bytes)
  }

  private static func write(_ call: PacketTrace.Call, _ trace: PacketTrace, to json: inout JSONWriter) {
    json.object { json in
      json.field("callID", call.id)
      json.field("from", call.from?.masked)
      json.field("to", call.to?.masked)
      json.array("messages") { json in
        for traced in call.messages {
          guard let message = traced.message else { continue }
          json.object { json in
            json.field("atMicroseconds", Int(traced.time.microseconds))
            json.field("from", traced.source.text)
            json.field("to", traced.destination.text)
            json.field("method", message.method.name)
            if !message.isRequest { json.field("status", message.status) }
            json.field("cseq", Int(message.cseq.number))
          }
        }
      }
    }
  }

  private static func write(_ stream: MediaStream, to json: inout JSONWriter) {
    let quality = stream.quality
    var ssrc = ByteWriter(capacity: 8)
    ssrc.append(hex: UInt64(stream.ssrc), digits: 8)
    json.object { json in
      json.field("callID", stream.callID)
      json.field("from", stream.source.text)
      json.field("to", stream.destination.text)
      json.field("ssrc", ByteString(ssrc.bytes))
      json.array("codecs") { json in for codec in stream.codecs { json.value(codec) } }
      json.field("packets", quality.packets)
      json.field("expected", quality.expected)
      json.field("lost", quality.lost)
      json.field("lostTenThousandths", quality.lostTenThousandths)
      json.field("outOfOrder", quality.outOfOrder)
      json.field("duplicates", quality.duplicates)
      json.field("restarts", quality.restarts)
      json.field("maxDeltaMicroseconds", Int(quality.maxDelta.nanoseconds / 1_000))
      json.field("maxJitterMicroseconds", Int(quality.maxJitter.nanoseconds / 1_000))
      json.field("meanJitterMicroseconds", Int(quality.meanJitter.nanoseconds / 1_000))
      json.field("opinionScoreHundredths", stream.opinionScore)
    }
  }
}
