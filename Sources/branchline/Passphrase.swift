// The passphrase of a backup: out of a file, or from the terminal without an echo.

import Backup
import Basics
import Configuration
import LinuxIO

enum Passphrase {
  /// - Parameter isNew: asked for twice.
  static func get(
    _ options: Invocation.Options, isNew: Bool, _ language: Language
  ) throws(CommandFault) -> [UInt8] {
    let passphrase: [UInt8]
    if let path = options.passphrasePath {
      do throws(FileReadError) {
        passphrase = Array(try FileReader.read(path, limit: BackupLimits.textBytes).prefix { $0 != 0x0A && $0 != 0x0D })
      } catch {
        throw CommandFault(error)
      }
    } else {
      passphrase = try ask(Phrase("Passphrase of the backup: ", "备份口令："), language)
    }
    guard BackupLimits.passphraseBytes ~= passphrase.count else {
      throw CommandFault(Phrase("a passphrase has 8 to 128 bytes", "口令长度须为 8 至 128 字节"))
    }
    if isNew, options.passphrasePath == nil {
      guard try ask(Phrase("Once more: ", "再次输入："), language) == passphrase else {
        throw CommandFault(Phrase("the two are not the same", "两次输入不一致"))
      }
    }
    return passphrase
  }

  private static func ask(_ prompt: Phrase, _ language: Language) throws(CommandFault) -> [UInt8] {
    let terminal = Terminal()
    guard terminal.isTerminal else {
      throw CommandFault(
        Phrase(
          "there is no terminal to ask for the passphrase: give it by --passphrase-file FILE",
          "没有终端可输入口令：请用 --passphrase-file 文件"))
    }
    StandardStream.error.write(prompt.text(language).bytes)
    defer { StandardStream.error.write([0x0D, 0x0A]) }
    var typed: [UInt8] = []
    while true {
      for event in terminal.read() {
        guard case .bytes(let bytes) = event else { throw cancelled }
        for byte in bytes {
          switch byte {
          case 0x0D, 0x0A: return typed
          case 0x03, 0x04: throw cancelled
          case 0x08, 0x7F: if !typed.isEmpty { typed.removeLast() }
          default: typed.append(byte)
          }
        }
      }
    }
  }

  private static var cancelled: CommandFault { CommandFault(Phrase("cancelled", "已取消")) }
}
