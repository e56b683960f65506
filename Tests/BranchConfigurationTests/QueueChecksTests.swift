import Basics
import BranchConfiguration
import Configuration
import Testing

@Suite("Checks of queues, agents and their callbacks")
struct QueueChecksTests {
  /// What is said of a queue `q` with the agents 101 and 102, in the lines of its text; warnings have a `~`.
  private func findings(_ queue: String, agents: String = "agents 101 102", more: String = "") -> [String] {
    let text = QueueSettingsTests.phones + "queue q {\n\(agents)\n\(queue)\n}\n" + more
    let first = QueueSettingsTests.phones.split(separator: "\n").count
    return reading(text).problems.map {
      ($0.severity == .warning ? "~" : "")
        + "\($0.position.line - first - 2):\($0.position.column) [\($0.path)] \($0.found.english)"
    }
  }

  @Test("Who is in reserve, or has a weight, is an extension and an agent of the queue, once")
  func members() {
    #expect(findings("reserve after 30s 109") == [#"1:19 [queue q / reserve] "109""#])
    #expect(findings("reserve after 30s 102") == ["~1:1 [queue q] the agent 102 twice"])
    #expect(findings("reserve 103") == [#"1:9 [queue q / reserve] "103""#])
    #expect(findings("reserve after 30s 103", agents: "") == ["~1:1 [queue q] a reserve without agents"])
    #expect(
      findings("strategy weighted-random; weight 103 2") == [
        "1:27 [queue q] a weight for 103, who is no agent of this queue"
      ])
    #expect(
      findings("strategy weighted-random\nweight 101 2\nweight 101 3") == ["3:1 [queue q] a second weight for 101"])
    #expect(findings("weight 101 2") == ["~1:1 [queue q] weights that do not count"])
    #expect(findings("strategy weighted-random; weight 101 0") == [#"1:38 [queue q / weight] "0""#])
  }

  @Test("What callers need becomes less, later each time, and somebody has it")
  func skills() {
    let agent = "agent 101 { skills french:3 english:1 }"
    #expect(findings("skills french:3\nwiden after 30s french:2\nanyone after 60s", more: agent) == [])
    #expect(
      findings("skills french:3\nwiden after 30s french:2\nwiden after 30s french:1\nanyone after 20s", more: agent)
        == [
          "3:1 [queue q] after 30s", "4:1 [queue q] after 20s",
        ])
    #expect(findings("widen after 30s french:2", more: agent) == ["1:1 [queue q] less than nothing to ask for"])
    #expect(
      findings("skills french:4\nanyone after 30s", more: agent) == [
        "~1:1 [queue q] skills that no agent of the queue has"
      ])
    #expect(findings("skills french:1 french:2", more: agent) == ["1:1 [queue q] the skill french twice"])
    #expect(findings("skills french:11", more: agent) == [#"1:8 [queue q / skills] "french:11""#])
  }

  @Test("What begins after the longest wait never begins")
  func patience() {
    let agent = "agent 101 { skills a }"
    #expect(
      findings("maximum-wait 1min\nreserve after 1min 103\nskills a\nanyone after 2min", more: agent) == [
        "~2:1 [queue q] reserve after callers have left", "~4:1 [queue q] anyone after callers have left",
      ])
    #expect(findings("maximum-wait 0s\nreserve after 1h 103") == [])
  }

  @Test("An agent belongs to a queue, is an extension, and says each thing once")
  func agentBlocks() {
    #expect(findings("", more: "agent 103 { }") == ["~3:1 [agent 103] an agent of no queue"])
    #expect(
      findings("", more: "agent 101 { capacity chat 2; capacity chat 3 }") == [
        "3:30 [agent 101] a second capacity for a medium"
      ])
    #expect(findings("", more: "agent 101 { capacity call 2 }") == [#"3:22 [agent 101 / capacity] "call""#])
    #expect(findings("", more: "agent 101 { skills a:1 a:2 }") == ["3:13 [agent 101] the skill a twice"])
    #expect(
      findings("", more: "agent 999 { }") == ["~3:1 [agent 999] an agent of no queue", #"3:7 [agent 999] "999""#])
  }

  @Test("A callback's slots divide a day and hold no more than may wait; its minutes are whole")
  func slots() {
    #expect(findings("callback { slots 4 every 7min }") == ["1:18 [queue q / callback] slots of 7min"])
    #expect(
      findings("callback { slots 4 every 450s }") == [
        "1:18 [queue q / callback] a duration of 7min30s", "1:18 [queue q / callback] slots of 7min",
      ])
    #expect(findings("callback { slots 4 every 1min }") == [#"1:26 [queue q / callback / slots] "1min""#])
    #expect(
      findings("callback { slots 9 every 15min; maximum-pending 8 }") == [
        "~1:18 [queue q / callback] more callbacks in a slot than may wait at all, 8"
      ])
    #expect(
      findings("hours h; callback { closing drain 90s }", more: "hours h { daily 09:00-18:00 }") == [
        "1:29 [queue q / callback] a duration of 1min30s"
      ])
    #expect(findings("callback { closing drain }").count == 2)
  }

  @Test("A callback is tried again before it is given up; what happens at closing needs hours")
  func life() {
    #expect(
      findings("callback { expiry 15min }") == ["~1:19 [queue q / callback] no-answer-retry not shorter than expiry"])
    #expect(
      findings("callback { closing cancel }") == ["~1:12 [queue q / callback] closing of a queue that never closes"])
  }
}
