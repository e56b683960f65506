// Why a command that a person waits for was not done: what, where, and what helps.

import Backup
import Basics
import Configuration
import Console
import LinuxIO
import Storage

struct CommandFault: Error {
  let text: Phrase

  init(_ text: Phrase) { self.text = text }
  init(_ error: SystemError) { self.init(error.phrase) }
  init(_ error: FileReadError) { self.init(error.phrase) }
  init(_ path: ByteString, _ error: StorageError) {
    self.init(Phrase(path) + Phrase(": ", "：") + error.phrase)
  }

  /// Does it, and says of a system's error what a person reads.
  static func of<Result>(_ work: () throws(SystemError) -> Result) throws(CommandFault) -> Result {
    do throws(SystemError) {
      return try work()
    } catch {
      throw CommandFault(error)
    }
  }

  func say(_ language: Language) { StandardStream.error.writeLine("branchline: " + text.text(language)) }
}

extension SystemError {
  var phrase: Phrase { Sentence.phrase(text) }
}

extension FileReadError {
  var phrase: Phrase { Sentence.phrase(text) }
}

extension StorageError {
  var phrase: Phrase { Sentence.phrase(StorageLink.text(self)) }
}

extension ArchiveError {
  var phrase: Phrase {
    switch self {
    case .damaged(let offset):
      Phrase("is no backup, or damaged, at byte ", "不是备份文件，或已损坏，位置：字节 ") + ByteString(offset)
    case .truncated(let offset): Phrase("ends too early, after byte ", "文件不完整，止于字节 ") + ByteString(offset)
    case .foreign(let name): Phrase("holds what no backup holds: ", "包含备份不应有的内容：") + name.quoted
    case .twice(let name): Phrase("holds twice: ", "重复包含：") + name.quoted
    case .tooLarge(let name, let limit):
      Phrase("is too large at ", "过大：") + name.quoted + Phrase(", the limit is ", "，上限为 ") + ByteString(limit)
    case .tooMany(let limit): Phrase("holds too many files, the limit is ", "文件过多，上限为 ") + ByteString(limit)
    case .order(let name): Phrase("is not in the order of a backup, at ", "顺序与备份不符，位于 ") + name.quoted
    }
  }
}

extension Manifest.Mismatch {
  var phrase: Phrase {
    switch self {
    case .altered(let name): Phrase("was changed since it was made: ", "内容已被更改：") + name.quoted
    case .missing(let name): Phrase("lacks ", "缺少 ") + name.quoted
    case .unlisted(let name): Phrase("holds what its manifest does not: ", "包含清单之外的内容：") + name.quoted
    }
  }
}
