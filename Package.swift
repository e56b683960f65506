// swift-tools-version: 6.2
// The modules bottom up; a module imports only modules of a lower layer. The firmware builds the same targets with
// Embedded Swift by a toolset (Scripts/firmware), so nothing here names it.

import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableExperimentalFeature("Lifetimes")]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: path,
    exclude: name == "branchline-e2e" ? ["Scenarios", "Console", "Web"] : [],
    swiftSettings: strict)
}

func support(_ name: String, _ dependencies: [Target.Dependency], path: String) -> Target {
  .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.init(stringLiteral: name)] + dependencies, exclude: exclude,
    swiftSettings: strict)
}

let package = Package(
  name: "branchline",
  products: [
    .executable(name: "branchline", targets: ["branchline"])
  ],
  targets: [
    // Layer 0
    module("Basics"),
    // Layer 1
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    module("Digests", ["CCrypto", "Basics"]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    module("Sealing", ["CSodium", "Basics"]),
    module("SIPMessage", ["Basics"]),
    module("SDP", ["Basics"]),
    module("RTP"),
    module("Codecs"),
    module("NumberPlan", ["Basics"]),
    module("Configuration", ["Basics"]),
    module("Journal", ["Basics"]),
    module("Calendar", ["Basics"]),
    module("Packets", ["Basics"]),
    // Layer 2
    module("ACD", ["Basics", "Journal", "NumberPlan"]),
    module("Revisions", ["Basics", "Configuration"]),
    module("SIPTransaction", ["Basics", "SIPMessage"]),
    module("Dialplan", ["Basics", "NumberPlan"]),
    module("MediaEngine", ["Basics", "RTP", "Codecs"]),
    module("SIPTrace", ["Basics", "SIPMessage", "SDP", "RTP", "Packets", "Configuration"]),
    module("Backup", ["Basics", "Configuration"]),
    // Layer 3
    module("FlightRecorder", ["Basics", "ACD"]),
    module("Console", ["Basics", "Configuration", "ACD", "SIPTrace"]),
    module("Supervision", ["Basics", "Digests"]),
    module("SIPDialog", ["Basics", "SIPMessage", "SDP"]),
    module("VoiceService", ["Basics", "MediaEngine"]),
    // Layer 4
    module("SIPUserAgent", ["Basics", "SIPMessage", "SDP", "SIPTransaction", "SIPDialog", "Digests", "Journal"]),
    // Layer 5
    module(
      "CallControl", ["Basics", "SDP", "SIPUserAgent", "MediaEngine", "VoiceService", "Dialplan", "ACD", "Journal"]),
    module(
      "BranchConfiguration",
      [
        "Basics", "Calendar", "Configuration", "NumberPlan", "Sealing", "Dialplan", "ACD", "SIPTransaction",
        "SIPUserAgent",
      ]),
    // Layer 6
    module(
      "Appliance",
      [
        "Basics", "Calendar", "Journal", "SIPMessage", "SIPTransaction", "SIPTrace", "SIPUserAgent", "CallControl",
        "VoiceService", "ACD", "FlightRecorder", "MediaEngine", "Configuration", "Revisions", "BranchConfiguration",
      ]),
    // Layer 7: the shell
    .systemLibrary(name: "CLinux"),
    .target(name: "CTLS", linkerSettings: ["ssl", "crypto"].map { .linkedLibrary($0) }),
    module("LinuxIO", ["CLinux", "CTLS", "Basics", "MediaEngine"]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    module("Storage", ["CSQLite", "Basics", "Journal", "ACD"]),
    .target(name: "CPcap", linkerSettings: [.linkedLibrary("pcap")]),
    module("Capture", ["CPcap", "Basics", "Packets", "SIPMessage", "SIPTrace"]),
    .target(
      name: "CWeb", dependencies: ["CTLS"], exclude: ["Page"],
      linkerSettings: ["event_extra", "event_openssl", "event_core", "ssl", "crypto"].map { .linkedLibrary($0) }),
    module("WebServer", ["CTLS", "CWeb", "Basics", "Supervision"]),
    // Tools
    module("QueueSimulation", ["Basics", "Journal", "NumberPlan", "ACD"]),
    module(
      "Simulation",
      [
        "Basics", "Journal", "SDP", "SIPTransaction", "SIPUserAgent", "MediaEngine", "VoiceService",
        "FlightRecorder", "Revisions", "Sealing", "BranchConfiguration", "Appliance",
      ]),
    // Layer 8: the program
    program(
      "branchline",
      [
        "Basics", "Journal", "Configuration", "ACD", "SIPTransaction", "SIPUserAgent", "MediaEngine",
        "VoiceService", "FlightRecorder", "Revisions", "Console", "Sealing", "BranchConfiguration", "Appliance",
        "LinuxIO", "Backup", "Digests",
        "Storage", "SIPMessage", "Packets", "SIPTrace", "Capture", "Supervision", "WebServer",
      ]),
    program("branchline-simulate", ["Basics", "BranchConfiguration", "Simulation"]),
    program("branchline-simulate-queue", ["Basics", "QueueSimulation"]),
    program(
      "branchline-demo",
      ["Basics", "LinuxIO", "MediaEngine", "SIPTransaction", "SIPUserAgent", "Simulation"]),
    support("Harness", [], path: "Tests/Support/Harness"),
    support("Frames", [], path: "Tests/Support/Frames"),
    support("Terminals", [], path: "Tests/Support/Terminals"),
    program("branchline-e2e", ["Harness"], path: "Tests/EndToEnd"),
    .target(name: "CBenchmark"),
    program("branchline-bench", ["CBenchmark", "Basics", "Digests", "ACD", "QueueSimulation", "Harness"]),
    // Tests mirror the sources.
    tests("Basics", []),
    tests("Digests", ["Basics"]),
    tests("Sealing", ["Basics", "CSodium"]),
    tests("SIPMessage", ["Basics"]),
    tests("SDP", ["Basics"]),
    tests("RTP", ["Basics"]),
    tests("Codecs", []),
    tests("NumberPlan", ["Basics"]),
    tests("Configuration", ["Basics"]),
    tests("Revisions", ["Basics"]),
    tests("Backup", ["Basics", "Configuration"]),
    tests("Calendar", ["Basics"]),
    tests("Packets", ["Basics", "Frames"]),
    tests("ACD", ["Basics", "Journal", "NumberPlan"]),
    tests("FlightRecorder", ["ACD", "Basics", "Journal", "NumberPlan"]),
    tests("SIPTransaction", ["Basics", "SIPMessage"]),
    tests("Dialplan", ["Basics", "NumberPlan"]),
    tests("MediaEngine", ["Basics", "Codecs", "RTP"]),
    tests(
      "Console",
      [
        "ACD", "Appliance", "Basics", "BranchConfiguration", "Configuration", "Journal", "Sealing", "Simulation",
        "Terminals",
      ],
      exclude: ["Screens"]),
    tests("Supervision", ["Basics"]),
    tests("WebServer", ["Basics", "Supervision"]),
    tests("SIPTrace", ["Basics", "Configuration", "Frames", "Packets", "RTP", "SDP", "SIPMessage"]),
    tests("SIPDialog", ["Basics", "SDP", "SIPMessage"]),
    tests("SIPUserAgent", ["Basics", "Journal", "SDP", "SIPDialog", "SIPMessage", "SIPTransaction"]),
    tests("VoiceService", ["Basics", "MediaEngine"]),
    tests(
      "BranchConfiguration",
      ["ACD", "Basics", "Calendar", "Configuration", "Dialplan", "NumberPlan", "SIPTransaction", "SIPUserAgent"],
      exclude: ["Old"]),
    tests(
      "CallControl",
      ["ACD", "Basics", "Dialplan", "Journal", "MediaEngine", "NumberPlan", "SDP", "SIPUserAgent", "VoiceService"]),
    tests(
      "Appliance",
      [
        "ACD", "Basics", "BranchConfiguration", "Calendar", "FlightRecorder", "Journal", "MediaEngine",
        "SIPTransaction", "SIPUserAgent", "Simulation",
      ]),
    tests("QueueSimulation", ["ACD", "Basics", "Journal", "NumberPlan"]),
    tests("Simulation", ["Basics", "BranchConfiguration", "Journal", "SIPTransaction"]),
    tests("LinuxIO", ["Basics", "CLinux", "MediaEngine"]),
    tests("Capture", ["Basics", "Frames", "Packets", "SIPTrace"]),
    tests("Storage", ["ACD", "Basics", "CSQLite", "Journal"]),
    tests(
      "branchline",
      [
        "ACD", "Appliance", "Backup", "Basics", "BranchConfiguration", "Capture", "Configuration", "Console", "Journal",
        "LinuxIO", "Revisions", "SIPUserAgent", "Storage",
      ]),
  ]
)

// Scripts/fuzz builds this with the instruments that libFuzzer wants; without them it cannot be linked.
if Context.environment["BRANCHLINE_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "branchline-fuzz",
      dependencies: [
        "Basics", "Configuration", "BranchConfiguration", "Console", "SIPMessage", "SDP", "Packets", "SIPTrace",
        "Frames", "Terminals", "Supervision", "Backup",
      ],
      path: "Tests/Fuzzing", exclude: ["Corpus"], swiftSettings: strict))
}
