// The statements about who may change what: sections of the hub, and overrides of the branch.

import Basics
import Configuration

extension BranchSchema {
  public static let ownersName: ByteString = "owners"
  public static let overrideName: ByteString = "override"
  private static let sectionBytes = 1...120

  static var ownersBlock: SchemaNode {
    SchemaNode(
      block: ownersName, effect: .noCall,
      help: Help("Who may change which section; otherwise the branch", "各配置段归谁更改；默认归分支"),
      [
        SchemaNode(
          "hub", .init("section", .text(sectionBytes), count: 1...BranchLimits.ownedSections),
          occurrence: .repeated(BranchLimits.ownedSections),
          help: Help(
            "Sections of the hub, such as outbound or \"queue service\"", "归总部的配置段，例如 outbound 或 \"queue service\"")),
        SchemaNode(
          block: overrideName, [.init("section", .text(sectionBytes))], isKeyed: true,
          occurrence: .repeated(BranchLimits.ownedSections),
          help: Help("A section of the hub that the branch changes for a while", "分支暂时更改的总部配置段"),
          [
            SchemaNode(
              "until", .init("date", .dates), occurrence: .required,
              help: Help("Its last day; then what the hub wants comes back", "最后一天；此后恢复总部的配置")),
            SchemaNode(
              "reason", .init("text", .text(1...200)), help: Help("Why, for those at the hub", "原因，供总部查看")),
          ]),
      ])
  }
}

extension BranchReader {
  func ownership() -> Ownership {
    guard let section = root.section(BranchSchema.ownersName) else { return Ownership() }
    return Ownership(
      hub: section.allValues("hub").flatMap { Self.texts($0.values) }.map { SectionPath($0) },
      overrides: section.sections(BranchSchema.overrideName).compactMap { override in
        guard case .dates(let days)? = override.values("until").first else { return nil }
        return Ownership.Override(SectionPath(override.key), until: days.upperBound)
      })
  }
}

extension BranchSettings {
  /// What a tree says of its owners.
  public static func ownership(of tree: Block) -> Ownership {
    BranchReader(Section(tree, schema: BranchSchema.root)).ownership()
  }
  public static func zone(of tree: Block) -> Zone { BranchReader(Section(tree, schema: BranchSchema.root)).zone() }
}

extension BranchChecks {
  /// Names of sections are texts to the schema: whether they lead somewhere is asked here.
  mutating func checkOwners() {
    guard let section = root.section(BranchSchema.ownersName) else { return }
    for (values, position) in section.allValues("hub") {
      for name in BranchReader.texts(values) { checkSection(name, at: position, "owners / hub") }
    }
    for override in section.sections(BranchSchema.overrideName) {
      let path = "owners / override " + override.key
      checkSection(override.key, at: override.position, path)
      if case .dates(let days)? = override.values("until").first, days.count > 1 {
        report(
          .invalidValue, at: override.valuePosition(of: "until"), in: path, found: Phrase("several days", "多个日期"),
          expected: Phrase("one day: the last", "一个日期：最后一天"))
      }
      let isOfHub = settings.ownership.hub.contains { hub in
        let own = SectionPath(override.key)
        return own.words.starts(with: hub.words) || hub.words.starts(with: own.words)
      }
      guard !isOfHub else { continue }
      report(
        at: override.position, in: path, found: Phrase("an override of what the branch owns", "覆盖了分支自有的配置"),
        expected: Phrase("a section of the hub", "总部的配置段"), severity: .warning)
    }
  }

  private mutating func checkSection(_ name: ByteString, at position: Position, _ path: ByteString) {
    var level = BranchSchema.root.filter { $0.name != BranchSchema.ownersName && $0.name != Migration.statement }
    var words = SectionPath(name).words[...]
    var isFound = !words.isEmpty
    while isFound, let word = words.popFirst() {
      guard let node = level.node(named: word) else {
        isFound = false
        break
      }
      if node.isKeyed { _ = words.popFirst() }
      level = node.children ?? []
    }
    guard !isFound else { return }
    report(
      .danglingReference, at: position, in: path, found: Phrase(quoting: name),
      expected: Phrase("a section such as outbound or \"queue service\"", "配置段，例如 outbound 或 \"queue service\""))
  }
}
