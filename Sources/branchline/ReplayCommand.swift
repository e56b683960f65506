// `branchline replay FILE`: whether this program says again what the recorded one said, and where it first does not. Of a
// directory every recording in it, oldest first: each begins with its own checkpoint, and where the one before it leads up
// to that, with the very same state.

import Basics
import Configuration
import Console
import FlightRecorder
import LinuxIO

enum ReplayCommand {
  enum Limits {
    /// More than any recording takes.
    static let bytes = 1 << 30
  }

  static func run(_ path: ByteString, _ options: Invocation.Options, _ language: Language) -> Int32 {
    let recordings = Self.recordings(in: path)
    var json = JSONWriter()
    var previous: Replay?
    var isAlike = true
    do throws(FileReadError) {
      for file in recordings ?? [path] {
        let bytes = try FileReader.read(file, limit: Limits.bytes)
        let replay =
          options.traces ? Replay(bytes, after: previous, watch: trace) : Replay(bytes, after: previous)
        previous = replay
        isAlike = isAlike && replay.isAlike
        if options.json {
          write(replay, file, to: &json)
        } else {
          if recordings != nil { StandardStream.output.writeLine(file) }
          for line in lines(replay) { StandardStream.output.writeLine(line.text(language)) }
        }
      }
    } catch {
      CommandFault(error).say(language)
      return ExitCode.failure
    }
    if options.json {
      let files = ByteString(json.bytes)
      StandardStream.output.writeLine(recordings == nil ? files : "[" + files + "]")
    }
    return isAlike ? ExitCode.success : ExitCode.failure
  }

  /// Oldest first; nil where the path is no directory that has any.
  private static func recordings(in path: ByteString) -> [ByteString]? {
    let names = Directories.files(in: path).filter { $0.bytes.suffix(4) == ByteString(".bin").bytes[...] }
    // The numbers have leading zeros, up to a million of them.
    let sorted = names.sorted { ($0.count, $0) < ($1.count, $1) }
    return sorted.isEmpty ? nil : sorted.map { path + "/" + $0 }
  }

  /// `12.345 enter(…)`, and what came of it below.
  private static func trace(_ step: Replay.Step) {
    var line = ByteWriter(capacity: 128)
    let milliseconds = step.after.milliseconds
    line.append(decimal: milliseconds / 1_000)
    line.append(".")
    let fraction = 1_000 + abs(milliseconds % 1_000)
    line.append(ByteString(fraction).dropFirst(1))
    line.append(" ")
    line.append(step.heard)
    for said in step.says {
      line.append("\n    ")
      line.append(said)
    }
    StandardStream.output.writeLine(ByteString(line.bytes))
  }

  private static func lines(_ replay: Replay) -> [Phrase] {
    var lines: [Phrase] = []
    if let start = replay.start {
      let began = ByteString(start.startedAt.rfc3339)
      lines.append(
        Phrase("run ", "第 ") + number(start.run) + Phrase(" of ", " 次运行，开始于 ") + began
          + Phrase(", segment ", "，分段 ") + number(start.segment) + ", branchline " + start.version)
      if replay.isContinuation {
        lines.append(Phrase("goes on with the state in which the one before ended", "与上一分段结束时的状态一致"))
      }
      if start.version != Version.text {
        lines.append(Phrase("this is another release: ", "当前为不同版本：") + Version.text)
      }
    }
    lines.append(
      Phrase("inputs ", "输入 ") + ByteString(replay.inputs) + Phrase(", outputs ", "，输出 ")
        + ByteString(replay.outputs) + Phrase(", seconds ", "，秒数 ") + ByteString(replay.span.seconds)
        + Phrase(", digest ", "，摘要 ") + hex(replay.outputDigest))
    if let difference = replay.difference { lines += self.lines(difference, since: replay.first) }
    lines.append(verdict(replay.verdict))
    return lines
  }

  private static func lines(_ difference: Replay.Difference, since first: Instant?) -> [Phrase] {
    let milliseconds = (difference.at - (first ?? difference.at)).milliseconds
    var lines = [
      Phrase("record ", "记录 ") + ByteString(difference.record) + Phrase(", byte ", "，字节 ")
        + ByteString(difference.atByte) + Phrase(", milliseconds ", "，毫秒 ") + ByteString(milliseconds),
      Phrase("heard:     ", "输入：") + difference.heard,
      Phrase("said then: ", "当时输出：") + joined(difference.saidThen),
    ]
    for said in difference.saysNow { lines.append(Phrase("says now:  ", "现在输出：") + said) }
    if difference.saysNow.isEmpty { lines.append(Phrase("says now:  nothing", "现在没有输出")) }
    if difference.isInFields { lines.append(Phrase("the kinds are the same, a field differs", "种类相同，某个字段不同")) }
    return lines
  }

  private static func verdict(_ verdict: Replay.Verdict) -> Phrase {
    switch verdict {
    case .identical: Phrase("identical", "完全一致")
    case .identicalUntilCut(let byte):
      Phrase("identical; the file ends within a record, at byte ", "完全一致；文件在记录中间结束，字节 ") + ByteString(byte)
    case .differs: Phrase("differs", "不一致")
    case .unreadable(let byte, let error):
      Phrase("cannot be read at byte ", "无法读取，字节 ") + ByteString(byte) + Phrase(": ", "：")
        + Sentence.phrase(ByteString(error.name))
    }
  }

  private static func write(_ replay: Replay, _ path: ByteString, to json: inout JSONWriter) {
    json.object { json in
      json.field("file", path)
      json.field("verdict", ByteString(name(of: replay.verdict)))
      if case .unreadable(let byte, let error) = replay.verdict {
        json.field("error", ByteString(error.name))
        json.field("atByte", byte)
      }
      if case .identicalUntilCut(let byte) = replay.verdict { json.field("atByte", byte) }
      if let start = replay.start {
        json.field("run", Int(clamping: start.run))
        json.field("segment", Int(clamping: start.segment))
        json.field("isContinuation", replay.isContinuation)
        json.field("startedAt", ByteString(start.startedAt.rfc3339))
        json.field("version", start.version)
      }
      json.field("records", replay.records)
      json.field("inputs", replay.inputs)
      json.field("outputs", replay.outputs)
      json.field("seconds", replay.span.seconds)
      json.field("digest", hex(replay.outputDigest))
      guard let difference = replay.difference else { return }
      json.object("difference") { json in
        json.field("record", difference.record)
        json.field("atByte", difference.atByte)
        json.field("heard", difference.heard)
        json.array("saidThen") { json in for kind in difference.saidThen { json.value(kind) } }
        json.array("saysNow") { json in for said in difference.saysNow { json.value(said) } }
      }
    }
  }

  private static func name(of verdict: Replay.Verdict) -> StaticString {
    switch verdict {
    case .identical: "identical"
    case .identicalUntilCut: "identical-until-cut"
    case .differs: "differs"
    case .unreadable: "unreadable"
    }
  }

  private static func joined(_ words: [ByteString]) -> ByteString {
    guard let first = words.first else { return "-" }
    return words.dropFirst().reduce(first) { $0 + " " + $1 }
  }

  private static func number(_ value: UInt64) -> ByteString { ByteString(Int(clamping: value)) }

  private static func hex(_ value: UInt64) -> ByteString {
    var writer = ByteWriter(capacity: 16)
    writer.append(hex: value)
    return ByteString(writer.bytes)
  }
}
