// The configuration as one person would have it, and the one that it began with.

import Basics
import Configuration

struct CandidateConfiguration {
  private(set) var base: Block
  private(set) var revision: Int
  var editor: ConfigurationEditor
  /// The block that commands begin in.
  var path: [Word] = []

  init(_ text: ByteString, revision: Int, schema: [SchemaNode]) {
    var problems = Problems()
    base = Block(parsing: text.bytes, problems: &problems)
    self.revision = revision
    editor = ConfigurationEditor(base, schema: schema)
  }

  var tree: Block { editor.tree }
  var differences: [Difference] { Difference.between(base, tree, schema: editor.schema) }
  var pathText: ByteString { path.dropFirst().reduce(path.first?.text ?? "") { $0 + " " + $1.text } }

  /// With what others have committed meanwhile.
  ///
  /// - Returns: the statements that both changed.
  mutating func update(to text: ByteString, revision: Int) -> [ByteString] {
    var problems = Problems()
    let theirs = Block(parsing: text.bytes, problems: &problems)
    let merge = Merge(base: base, mine: tree, theirs: theirs, schema: editor.schema)
    base = theirs
    self.revision = revision
    editor = ConfigurationEditor(merge.tree, schema: editor.schema)
    return merge.conflicts
  }

  mutating func discard() { editor = ConfigurationEditor(base, schema: editor.schema) }

  /// It runs now.
  mutating func committed(as revision: Int) {
    base = tree
    self.revision = revision
  }
}
