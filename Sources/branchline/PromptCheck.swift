// `test prompt`: what is on the disk of one sound, in each language, and how loud it is.

import Basics
import LinuxIO
import MediaEngine

enum PromptCheck {
  /// The question's first word, as the appliance puts it.
  static var word: ByteString { "prompt" }

  /// - Parameter directory: of the prompts.
  static func answer(_ name: ByteString, in directory: ByteString) -> [UInt8] {
    var json = JSONWriter()
    json.array { json in
      guard let prompt = Prompt(name: name) else { return }
      for language in PromptLanguage.allCases { json.object { write(prompt, language, directory, to: &$0) } }
    }
    return json.bytes
  }

  private static func write(
    _ prompt: Prompt, _ language: PromptLanguage, _ directory: ByteString, to json: inout JSONWriter
  ) {
    json.field("file", prompt.filePath(language))
    do throws(FileReadError) {
      let samples = try PromptFiles.samples(directory + "/" + prompt.filePath(language))
      let level = SoundLevel(muLaw: samples ?? [])
      json.field("passed", samples != nil && level.peak > SoundLevel.floor)
      guard let samples else { return json.field("failure", "no sound that can be played") }
      json.field("milliseconds", samples.count / 8)
      json.field("peakDecibels", level.peak)
      json.field("meanDecibels", level.mean)
    } catch {
      json.field("passed", false)
      json.field("failure", error.text)
    }
  }
}
