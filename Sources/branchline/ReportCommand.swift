// `branchline report --from-log`: the numbers counted again from a database at rest.

import ACD
import Appliance
import Basics
import Configuration
import Console
import LinuxIO
import Storage

enum ReportCommand {
  static func run(
    _ path: ByteString, _ report: Report, _ span: ReportSpan?, _ options: Invocation.Options, _ language: Language
  ) -> Int32 {
    var reports = Reports.atRest
    do throws(StorageError) {
      let log = try EventLog(path)
      while let event = try log.next() { reports.add(event) }
      if log.unreadableRows > 0 {
        StandardStream.error.writeLine(
          "branchline: " + ByteString(log.unreadableRows) + Phrase(" rows left out", " 行无法读取").text(language))
      }
    } catch {
      StandardStream.error.writeLine("branchline: " + path + ": " + text(error).text(language))
      return ExitCode.failure
    }
    var json = JSONWriter(capacity: 4_096)
    if let span {
      report.write(reports, in: span.quarters(at: WallClock.now), to: &json)
    } else {
      report.write(reports, to: &json, at: nil)
    }
    if options.json {
      StandardStream.output.writeLine(ByteString(json.bytes))
    } else if let value = JSONValue(parsing: json.bytes) {
      StandardStream.output.write(Table(ReportColumns.of(value), language).text)
    }
    return ExitCode.success
  }

  private static func text(_ error: StorageError) -> Phrase {
    switch error {
    case .busy: Phrase("a daemon has it open: ask that one", "数据库正被守护进程使用，请直接查询守护进程")
    case .damaged: Phrase("is no database of this program, or damaged", "不是本程序的数据库，或已损坏")
    case .newer: Phrase("a later release has written it", "由更新的版本写入")
    case .failed, .cannotSetAside, .cannotStart, .cannotCopy:
      Phrase("cannot be read, or an older release has written it", "无法读取，或由旧版本写入")
    }
  }
}
