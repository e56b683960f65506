import Testing

@testable import branchline

@Suite struct PollSubjectTests {
  @Test("every subject comes back from its packed form")
  func roundTrip() {
    let subjects: [PollSubject] = [
      .signals, .media, .storage, .interfaces, .control, .listener(0), .listener(.max), .connection(0),
      .connection(.max),
    ]
    #expect(subjects.map { PollSubject(packed: $0.packed) } == subjects)
    #expect(Set(subjects.map(\.packed)).count == subjects.count)
  }
}
