// The sounds from their files. µ-law files stay in the page cache and cost memory only while they play.

import Basics
import LinuxIO
import MediaEngine

enum PromptFiles {
  private static let fileBytesMax = 8_388_608

  /// - Returns: the table, and the files that are missing or are no sound that can be played.
  static func load(from directory: ByteString) -> (table: PromptTable, unusable: [ByteString]) {
    var table = PromptTable()
    var unusable: [ByteString] = []
    for language in PromptLanguage.allCases {
      for prompt in Prompt.allCases {
        let path = directory + "/" + prompt.filePath(language)
        if !load(path, as: PromptID(prompt, language), into: &table) { unusable.append(prompt.filePath(language)) }
      }
    }
    return (table, unusable)
  }

  /// nil: it is no sound that can be played.
  static func samples(_ path: ByteString) throws(FileReadError) -> [UInt8]? {
    let bytes = try FileReader.read(path, limit: fileBytesMax)
    return bytes.withUnsafeBytes { file in (try? WAVFile(parsing: file)).map { $0.muLaw(of: file) } }
  }

  private static func load(_ path: ByteString, as prompt: PromptID, into table: inout PromptTable) -> Bool {
    // Read to look at it, mapped to play it: looking through the mapping would make all of it resident.
    guard let bytes = try? FileReader.read(path, limit: fileBytesMax),
      let file = bytes.withUnsafeBytes({ try? WAVFile(parsing: $0) })
    else { return false }
    if file.encoding == .muLaw, let mapped = try? MappedFile.map(path, limit: fileBytesMax),
      mapped.count == bytes.count
    {
      table.set(prompt, samples: UnsafeRawBufferPointer(rebasing: mapped[file.data]))
    } else {
      table.set(prompt, copying: bytes.withUnsafeBytes { file.muLaw(of: $0) })
    }
    return true
  }
}
