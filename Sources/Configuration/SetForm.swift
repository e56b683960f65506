// The same tree as lines that each say one statement with the blocks around it: `set queue service ring 20s`. Comments are
// lines of their own: `annotate above "text" queue service ring`. Blank lines are the brace form's alone.

import Basics

public enum SetForm {
  /// Secrets are written as they stand; hide them first (`masked`) for people.
  public static func lines(_ tree: Block, schema: [SchemaNode]) -> [ByteString] {
    var lines: [ByteString] = []
    append(tree, schema, prefix: "", to: &lines)
    for comment in tree.closingComments { lines.append(annotation("end", comment, "")) }
    return lines
  }

  private static func append(_ block: Block, _ schema: [SchemaNode], prefix: ByteString, to lines: inout [ByteString]) {
    for node in block.nodes {
      let path = node.values.reduce(prefix + ConfigurationFormatter.text(node.name)) {
        $0 + " " + ConfigurationFormatter.text($1)
      }
      let isPlain = node.comments.isEmpty && node.trailingComment == nil && node.block?.closingComments.isEmpty ?? true
      if node.block?.nodes.isEmpty ?? true || !isPlain { lines.append("set " + path) }
      let subject =
        node.block == nil && schema.node(named: node.name.text)?.maximumCount == 1
        ? prefix + node.name.text : path
      for comment in node.comments { lines.append(annotation("above", comment, subject)) }
      if let comment = node.trailingComment { lines.append(annotation("beside", comment, subject)) }
      if let inner = node.block {
        append(inner, schema.node(named: node.name.text)?.children ?? [], prefix: path + " ", to: &lines)
        for comment in inner.closingComments { lines.append(annotation("end", comment, subject)) }
      }
    }
  }

  private static func annotation(_ place: StaticString, _ text: ByteString, _ path: ByteString) -> ByteString {
    // An empty text would take comments away.
    let text: ByteString = text.isEmpty ? " " : text
    return ByteString("annotate ") + ByteString(place) + " " + text.quoted + (path.isEmpty ? "" : " " + path)
  }

  /// Whether a file's statements are lines of this form.
  public static func isUsed(in tree: Block) -> Bool {
    guard let first = tree.nodes.first?.name.text else { return false }
    return first == "set" || first == "annotate" || first == "delete"
  }

  /// The tree that the lines of a file make, on top of `base`; what does not fit is reported with its place.
  public static func tree(
    ofLines file: Block, on base: Block = Block(), schema: [SchemaNode], problems: inout Problems
  ) -> Block {
    var editor = ConfigurationEditor(base, schema: schema)
    for line in file.nodes {
      do throws(ConfigurationError) {
        try apply(line, to: &editor)
      } catch {
        problems.add(error.placed(at: line.name.position))
      }
    }
    return editor.tree
  }

  private static func apply(_ line: Node, to editor: inout ConfigurationEditor) throws(ConfigurationError) {
    if let block = line.block {
      throw ConfigurationError(
        .syntax, at: line.name.position, found: Phrase("a block behind ", "此语句后的块：") + line.name.text,
        expected: block.nodes.isEmpty
          ? Phrase("words alone", "仅有词") : Phrase("one form in a file: braces or set lines", "文件内只用一种写法：花括号或 set 行"))
    }
    switch line.name.text {
    case "set": try editor.set(line.values)
    case "delete": try editor.delete(line.values)
    case "annotate":
      guard line.values.count >= 2, let place = place(line.values[0].text) else {
        throw ConfigurationError(
          .syntax, at: line.name.position, found: Phrase(quoting: line.values.first?.text ?? ""),
          expected: Phrase("annotate above|beside|end \"text\" PATH", "annotate above|beside|end \"文字\" 路径"))
      }
      try editor.annotate(line.values[1].text, place, Array(line.values.dropFirst(2)))
    default:
      throw ConfigurationError(
        .unknownName, at: line.name.position, found: Phrase(quoting: line.name.text),
        expected: ValueType.list(["set", "delete", "annotate"]))
    }
  }

  /// The word for the place of a comment.
  public static func place(_ word: ByteString) -> ConfigurationEditor.CommentPlace? {
    switch word {
    case "above": .above
    case "beside": .beside
    case "end": .atEnd
    default: nil
    }
  }
}

extension ConfigurationError {
  /// An error that knows no place of its own is at that of its statement.
  func placed(at position: Position) -> ConfigurationError {
    guard self.position == .start else { return self }
    var error = self
    error.position = position
    return error
  }
}
