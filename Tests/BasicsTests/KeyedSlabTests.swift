import Testing

@testable import Basics

@Suite("KeyedSlab")
struct KeyedSlabTests {
  @Test("after any number of changes it holds what a dictionary holds", arguments: 1...20 as ClosedRange<UInt64>)
  func likeADictionary(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var slab = KeyedSlab<Int, [Int]>()
    var model: [Int: [Int]] = [:]
    for step in 0..<500 {
      let key = random.below(20)
      switch random.below(5) {
      case 0: (slab[key], model[key]) = ([step], [step])
      case 1: (slab[key], model[key]) = (nil, nil)
      case 2: #expect(slab.removeValue(forKey: key) == model.removeValue(forKey: key))
      default:
        slab[key]?.append(step)
        model[key]?.append(step)
      }
      #expect(slab[key] == model[key], "seed \(seed), step \(step)")
    }
    #expect(slab.count == model.count)
    #expect(slab.keys.sorted() == model.keys.sorted())
    #expect(slab.keys.allSatisfy { slab[$0] == model[$0] })
    #expect(slab.map(\.value.count).sorted() == model.values.map(\.count).sorted())
    #expect(slab.values.count <= 21, "places are used again")
  }

  @Test("a value is changed where it stands: a buffer that nobody shares is not copied")
  func inPlace() {
    var slab = KeyedSlab<Int, [Int]>()
    slab[1] = Array(repeating: 0, count: 100)
    let before = slab[1]?.withUnsafeBufferPointer { $0.baseAddress }
    slab[1]?[50] = 7
    #expect(slab[1]?.withUnsafeBufferPointer { $0.baseAddress } == before)
    #expect(slab[1]?[50] == 7)
  }
}
