import Testing

@testable import ACD

@Suite struct OutcomeTests {
  @Test("The status decides where no cause is given")
  func status() {
    func outcome(_ status: Int) -> AttemptOutcome { AttemptOutcome(status: status, q850: nil) }
    for status in [486, 600] { #expect(outcome(status) == .busy) }
    for status in [408, 480, 487, 302] { #expect(outcome(status) == .noAnswer) }
    for status in [404, 410, 484, 603, 604, 607] { #expect(outcome(status) == .final) }
    for status in [403, 500, 502, 503, 504, 488, 407] { #expect(outcome(status) == .technical) }
  }

  @Test("A cause of Q.850 counts before the status")
  func cause() {
    #expect(AttemptOutcome(status: 480, q850: 17) == .busy)
    #expect(AttemptOutcome(status: 503, q850: 19) == .noAnswer)
    #expect(AttemptOutcome(status: 480, q850: 1) == .final)
    #expect(AttemptOutcome(status: 404, q850: 34) == .technical)
  }

  @Test("A cause that says nothing leaves it to the status")
  func normal() {
    for cause in [16, 21, 31, 127, 0, -1, 999] {
      #expect(AttemptOutcome(status: 486, q850: cause) == .busy)
      #expect(AttemptOutcome(status: 603, q850: cause) == .final)
    }
  }
}
