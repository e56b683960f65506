// Streams and announcements, as JSON.

import Basics
import MediaEngine

/// How long each announcement is in each language, as it was loaded, and what could not be.
struct LoadedPrompts {
  struct Row {
    var name: StaticString
    /// By language; nil where there is none.
    var milliseconds: [Int?]
  }

  var rows: [Row] = []
  var unusable: [ByteString] = []

  init(_ table: PromptTable, unusable: [ByteString]) {
    self.unusable = unusable
    rows = Prompt.allCases.map { prompt in
      Row(
        name: prompt.name,
        milliseconds: PromptLanguage.allCases.map { language in
          let samples = table.sampleCount(PromptID(prompt, language))
          return samples > 0 ? samples / 8 : nil
        })
    }
  }
}

struct AudioAnswer {
  var streams: Int
  var streamLimit: Int
  var directory: ByteString
  var language: PromptLanguage
  var prompts: LoadedPrompts

  var bytes: [UInt8] {
    var json = JSONWriter(capacity: 8_192)
    json.object { json in
      json.field("streamsOpen", streams)
      json.field("streamsMost", streamLimit)
      json.array("codecs") { json in for name in ["PCMA", "PCMU"] as [ByteString] { json.value(name) } }
      json.field("promptsDirectory", directory)
      json.field("promptLanguage", ByteString(language.directory))
      json.field("promptsLoaded", prompts.rows.reduce(0) { $0 + $1.milliseconds.count { $0 != nil } })
      json.array("promptsUnusable") { json in for file in prompts.unusable { json.value(file) } }
      json.array("prompts") { json in for row in prompts.rows { Self.write(row, to: &json) } }
    }
    return json.bytes
  }

  private static func write(_ row: LoadedPrompts.Row, to json: inout JSONWriter) {
    json.object { json in
      json.field("prompt", ByteString(row.name))
      json.field("milliseconds-zh", row.milliseconds[Int(PromptLanguage.zh.rawValue)])
      json.field("milliseconds-en", row.milliseconds[Int(PromptLanguage.en.rawValue)])
    }
  }
}
