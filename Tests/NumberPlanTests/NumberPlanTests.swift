import Basics
import Testing

@testable import NumberPlan

@Suite struct NumberPlanTests {
  static let beijing = NumberPlan(.china(areaCode: "10"))
  static let chengdu = NumberPlan(.china(areaCode: "28"))
  static let generic = NumberPlan(.generic(countryCode: "44", areaCode: "20"))

  @Test(
    "A number of China has one form, however it is written",
    arguments: [
      "13812345678", "138-1234-5678", "138 1234 5678", "+8613812345678", "+86 138 1234 5678", "008613812345678",
      "8613812345678", "013812345678", "(138)1234.5678", "138/12345678",
    ] as [ByteString])
  func mobile(raw: ByteString) {
    #expect(Self.beijing.normalise(raw) == Number(digits: "+8613812345678", numberClass: .mobile))
  }

  @Test(
    "Each class of China's plan",
    arguments: [
      ("110", "110", .emergency), ("119", "119", .emergency), ("120", "120", .emergency),
      ("122", "122", .emergency), ("12110", "12110", .emergency),
      ("101", "101", .internal), ("8001", "8001", .internal), ("*11", "*11", .internal),
      ("88881234", "+861088881234", .local), ("01088881234", "+861088881234", .local),
      ("+861088881234", "+861088881234", .local), ("02885551234", "+862885551234", .national),
      ("075588881234", "+8675588881234", .national), ("03115551234", "+863115551234", .national),
      ("4008123123", "+864008123123", .national), ("8008101234", "+868008101234", .tollFree),
      ("10086", "10086", .shortCode), ("95588", "95588", .shortCode), ("12345", "12345", .shortCode),
      ("16812345", "16812345", .premium), ("0014155550100", "+14155550100", .international),
      ("+442071838750", "+442071838750", .international), ("+80012345678", "+80012345678", .tollFree),
      ("+979123456789", "+979123456789", .premium), ("+88213300000", "+88213300000", .premium),
    ] as [(ByteString, ByteString, NumberClass)])
  func china(raw: ByteString, digits: ByteString, numberClass: NumberClass) {
    #expect(Self.beijing.normalise(raw) == Number(digits: digits, numberClass: numberClass))
  }

  @Test("What no rule knows is unknown, never guessed", arguments: ["123456789", "1012345678", "0", "+8612", "#31"])
  func unknown(raw: String) {
    #expect(Self.beijing.normalise(ByteString(raw))?.numberClass == .unknown)
  }

  @Test(
    "What is no number is none",
    arguments: [
      "", " ", "anonymous", "+", "+1+2", "1a2", "+1234567890123456", "1;2", "123456789012345678901234567890123",
    ])
  func none(raw: String) {
    #expect(Self.beijing.normalise(ByteString(raw)) == nil)
  }

  @Test("Local numbers get the branch's own area code")
  func areaCode() {
    #expect(Self.chengdu.normalise("85551234") == Number(digits: "+862885551234", numberClass: .local))
    #expect(Self.chengdu.normalise("01088881234")?.numberClass == .national)
  }

  @Test("The way back: as somebody at the branch would dial it, and the class stays the same")
  func dialString() {
    for (digits, dialled) in [
      ("+8613812345678", "13812345678"), ("+861088881234", "88881234"), ("+862885551234", "02885551234"),
      ("+14155550100", "0014155550100"), ("101", "101"), ("95588", "95588"), ("+868008101234", "8008101234"),
    ] as [(ByteString, ByteString)] {
      #expect(Self.beijing.dialString(of: digits) == dialled)
      #expect(Self.beijing.normalise(dialled)?.digits == digits)
      let number = Self.beijing.normalise(digits)
      #expect(number.map { Self.beijing.dialString(of: $0) } == dialled)
    }
  }

  @Test("Normalising twice changes nothing")
  func idempotent() {
    var random = SeededRandom(seed: 20)
    let symbols = Array("0123456789+*# -".utf8)
    for _ in 0..<20_000 {
      let raw = ByteString((0..<random.below(18)).map { _ in symbols[random.below(symbols.count)] })
      for plan in [Self.beijing, Self.generic] {
        guard let once = plan.normalise(raw) else { continue }
        let twice = plan.normalise(once.digits)
        guard once.numberClass != .unknown else { continue }
        #expect(twice == once, "\(raw)")
      }
    }
  }

  @Test("A country without a table: by prefix and length alone")
  func genericPlan() {
    #expect(Self.generic.normalise("02071838750") == Number(digits: "+442071838750", numberClass: .local))
    #expect(Self.generic.normalise("01612345678") == Number(digits: "+441612345678", numberClass: .national))
    #expect(Self.generic.normalise("999")?.numberClass == .emergency)
    #expect(Self.generic.normalise("112")?.numberClass == .emergency)
    #expect(Self.generic.normalise("201")?.numberClass == .internal)
    #expect(Self.generic.normalise("008613812345678")?.numberClass == .international)
    #expect(Self.generic.normalise("09001234567")?.numberClass == .premium)
  }

  @Test("A branch without a country code keeps national numbers national")
  func noCountry() {
    let plan = NumberPlan(.generic(countryCode: ""))
    #expect(plan.normalise("0612345678") == Number(digits: "0612345678", numberClass: .national))
    #expect(plan.normalise("+33612345678")?.numberClass == .international)
  }

  @Test("The first rule that matches decides")
  func ruleOrder() {
    var settings = NumberPlan.Settings.generic(countryCode: "44")
    settings.rules.insert(.init(.significant, "7", 10...10, .mobile), at: 0)
    #expect(NumberPlan(settings).normalise("07123456789")?.numberClass == .mobile)
    #expect(Self.generic.normalise("07123456789")?.numberClass == .national)
  }

  @Test("Classes have names, and sets of them hold what was put in")
  func classes() {
    for one in NumberClass.allCases {
      #expect(NumberClass(name: ByteString(one.name)) == one)
      #expect(NumberClasses(one).contains(one) && NumberClasses(one).rawValue.nonzeroBitCount == 1)
    }
    #expect(NumberClass(name: "nonsense") == nil)
    var set = NumberClasses.callbackDefault
    #expect(set.contains(NumberClass.mobile) && !set.contains(NumberClass.premium) && !set.contains(.international))
    set.insert(NumberClass.international)
    #expect(set.contains(NumberClass.international))
    #expect(!NumberClasses.none.contains(NumberClass.internal))
  }
}
