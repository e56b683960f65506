// `test`: what a technician tries out.

import Basics
import Configuration

extension Command {
  static var tests: Command {
    let act = Action.order(confirmed: false)
    let extensions = Place.value("EXTENSION", .answer(.phone))
    return Command(
      "test", Help("Tries out a line, a phone, a sound", "测试线路、话机或提示音"), nil,
      [
        Command("loop", Help("The box calls itself, both ends must hear each other", "本机自呼，双向校验按键音"), act),
        Command(
          "call", Help("Rings a phone or a number and plays to whoever answers", "呼叫话机或号码，接听后播放声音"), nil,
          [
            Command(
              extensions, Help("The extension", "分机"), act,
              [
                Command(
                  "via", Help("The number is outside, over a trunk", "经中继呼叫外线号码"), nil,
                  [Command(.value("TRUNK", .answer(.trunk)), Help("Which one", "中继名称"), act)])
              ])
          ]),
        Command(
          "trunk", Help("Asks a carrier whether it is there", "询问运营商是否可用"), nil,
          [Command(.value("TRUNK", .answer(.trunk)), Help("Which one", "中继名称"), act)]),
        Command(
          "prompt", Help("What is loaded of a sound, or how it sounds on a phone", "检查提示音，或在话机上播放"), nil,
          [
            Command(
              .value("PROMPT", .answer(.prompt)), Help("Its file's name, such as beep", "文件名，例如 beep"), act,
              [
                Command(
                  "to", Help("To a phone", "在话机上播放"), nil, [Command(extensions, Help("The extension", "分机"), act)])
              ])
          ]),
      ])
  }
}
