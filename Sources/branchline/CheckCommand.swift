// `branchline check`: everything that is wrong with a configuration, as `file:line:column: text`.

import Basics
import BranchConfiguration
import Configuration
import LinuxIO

enum ConfigurationFile {
  enum Limits {
    static let bytes = 1_048_576
  }

  static func read(_ path: ByteString) throws(FileReadError) -> BranchSettings.Reading {
    BranchSettings.parse(try FileReader.read(path, limit: Limits.bytes))
  }

  /// One line a problem, and one for those that did not fit.
  static func lines(_ reading: BranchSettings.Reading, _ path: ByteString, _ language: Language) -> [ByteString] {
    var lines = reading.problems.map { problem in
      path + ":" + ByteString(problem.position.line) + ":" + ByteString(problem.position.column) + ": "
        + problem.message(language)
    }
    if reading.furtherProblems > 0 {
      let count = ByteString(reading.furtherProblems)
      lines.append((Phrase("and ", "另有 ") + count + Phrase(" more", " 个问题")).text(language))
    }
    return lines
  }
}

enum CheckCommand {
  static func run(_ options: Invocation.Options, _ language: Language) -> Int32 {
    let path = options.configurationPath
    let reading: BranchSettings.Reading
    do throws(FileReadError) {
      reading = try ConfigurationFile.read(path)
    } catch {
      CommandFault(error).say(language)
      return ExitCode.failure
    }
    if options.json {
      StandardStream.output.writeLine(json(reading, path, language))
    } else {
      for line in ConfigurationFile.lines(reading, path, language) { StandardStream.output.writeLine(line) }
      if reading.settings != nil { StandardStream.output.writeLine(path + ": " + verdict(reading).text(language)) }
    }
    return reading.settings == nil ? ExitCode.failure : ExitCode.success
  }

  private static func verdict(_ reading: BranchSettings.Reading) -> Phrase {
    let count = reading.warnings.count
    return count == 0
      ? Phrase("no errors", "没有错误")
      : Phrase("no errors, warnings: ", "没有错误，警告：") + ByteString(count)
  }

  private static func json(
    _ reading: BranchSettings.Reading, _ path: ByteString, _ language: Language
  ) -> ByteString {
    var json = JSONWriter()
    json.object { json in
      json.field("file", path)
      json.field("valid", reading.settings != nil)
      json.field("furtherProblems", reading.furtherProblems)
      json.array("problems") { json in
        for problem in reading.problems {
          json.object { json in
            json.field("line", problem.position.line)
            json.field("column", problem.position.column)
            json.field("severity", problem.severity == .error ? "error" : "warning")
            json.field("text", problem.message(language))
          }
        }
      }
    }
    return ByteString(json.bytes)
  }
}
