// One program, a target by name; all that follows the name is for libFuzzer. See Scripts/fuzz.

import Glibc

let arguments = CommandLine.arguments
guard arguments.count > 1 else { usage() }
if arguments[1] == "seeds", arguments.count == 4 {
  Seeds.write(for: arguments[2], into: arguments[3])
  exit(0)
}
if arguments[1] == "dictionary", arguments.count == 3 {
  print(Seeds.dictionary(for: arguments[2]))
  exit(0)
}
guard let target = Target.named(arguments[1]) else { usage() }
Target.chosen = target
exit(Target.run(CommandLine.arguments.dropFirst(2)))

func usage() -> Never {
  print("usage: branchline-fuzz TARGET [LIBFUZZER OPTION...] | seeds TARGET DIRECTORY | dictionary TARGET")
  exit(2)
}
