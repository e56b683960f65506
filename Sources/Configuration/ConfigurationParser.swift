// Tokens to a tree: `name value…;` and `name value… { … }`. A newline ends a statement as `;` does; a brace stands on
// the line of its name. Reports every error and repairs what it can, so that the rest of the file is still checked.

import Basics

extension Block {
  /// Reads a whole file. The tree is the best that could be made of it; `problems` says whether it can be trusted.
  public init(parsing bytes: [UInt8], problems: inout Problems) {
    guard bytes.count <= ConfigurationLimits.maximumBytes else {
      problems.add(
        ConfigurationError(
          .limit, at: .start, found: Phrase("a file of ", "文件大小 ") + ByteString(bytes.count) + Phrase(" bytes", " 字节"),
          expected: Phrase("at most ", "最多 ") + ByteString(ConfigurationLimits.maximumBytes)
            + Phrase(" bytes", " 字节")))
      self.init()
      return
    }
    var parser = ConfigurationParser(bytes)
    self = parser.file(&problems)
  }
}

struct ConfigurationParser {
  private typealias Token = ConfigurationLexer.Token

  private var lexer: ConfigurationLexer
  private var token = Token.end
  private var depth = 0
  private var nodeCount = 0
  private var limitWasReported = false

  init(_ bytes: [UInt8]) { lexer = ConfigurationLexer(bytes) }

  private mutating func advance(_ problems: inout Problems) { token = lexer.next(&problems) }

  mutating func file(_ problems: inout Problems) -> Block {
    advance(&problems)
    return statements(openedAt: nil, &problems)
  }

  /// Up to the closing brace of the block that was opened there; at the top, up to the end of the file.
  private mutating func statements(openedAt opening: Position?, _ problems: inout Problems) -> Block {
    var block = Block()
    var comments: [ByteString] = []
    // Since the latest statement or comment: a comment before any belongs to what stands before it.
    var newlines = 1
    var hasGap = false
    while true {
      switch token {
      case .newline:
        newlines += 1
        if newlines > 1 && comments.isEmpty { hasGap = true }
        advance(&problems)
      case .semicolon:
        advance(&problems)
      case .comment(let text):
        if newlines == 0, comments.isEmpty, let last = block.nodes.indices.last,
          block.nodes[last].trailingComment == nil
        {
          block.nodes[last].trailingComment = text
        } else {
          comments.append(text)
        }
        newlines = 0
        advance(&problems)
      case .word(let name):
        var node = statement(name, &problems)
        node.comments = comments
        node.hasGap = hasGap
        comments = []
        hasGap = false
        newlines = 0
        if nodeCount <= ConfigurationLimits.maximumNodes { block.nodes.append(node) }
      case .open:
        orphanBlock(in: &block, &problems)
        newlines = 0
      case .close:
        guard opening == nil else {
          block.closingComments = comments
          block.end = lexer.position
          advance(&problems)
          return block
        }
        problems.add(
          ConfigurationError(
            .syntax, at: lexer.position, found: Phrase("\"}\""),
            expected: Phrase("a statement, since no block is open here", "语句，因为此处没有打开的块")))
        advance(&problems)
      case .end:
        if let opening {
          problems.add(
            ConfigurationError(
              .syntax, at: lexer.position, found: Phrase("the end of the file", "文件结尾"),
              expected: Phrase("\"}\" for the block opened on line ", "\"}\"，以关闭此行打开的块：")
                + ByteString(opening.line)))
        }
        block.closingComments = comments
        block.end = lexer.position
        return block
      }
    }
  }

  /// One statement, from its name to behind its end; the newline that ends it stays, for blank lines and comments.
  private mutating func statement(_ name: Word, _ problems: inout Problems) -> Node {
    var node = Node(name)
    countNode(at: name.position, &problems)
    if name.isQuoted {
      problems.add(
        ConfigurationError(
          .syntax, at: name.position, found: Phrase(quoting: name.text),
          expected: Phrase("a name without quotation marks", "不带引号的名称")))
    }
    var wasTooLong = false
    while true {
      advance(&problems)
      switch token {
      case .word(let value):
        if node.values.count < ConfigurationLimits.maximumWords - 1 {
          node.values.append(value)
        } else if !wasTooLong {
          wasTooLong = true
          problems.add(
            ConfigurationError(
              .limit, at: value.position, found: Phrase("one more word", "多余的词"),
              expected: Phrase("at most ", "一条语句最多 ") + ByteString(ConfigurationLimits.maximumWords)
                + Phrase(" words in a statement", " 个词")))
        }
      case .semicolon:
        advance(&problems)
        return node
      case .open:
        openBlock(of: &node, &problems)
        return node
      case .newline, .comment, .close, .end: return node
      }
    }
  }

  /// From `{` to behind `}`.
  private mutating func openBlock(of node: inout Node, _ problems: inout Problems) {
    let opening = lexer.position
    advance(&problems)
    if case .comment(let text) = token {
      node.trailingComment = text
      advance(&problems)
    }
    guard depth < ConfigurationLimits.maximumDepth else {
      problems.add(
        ConfigurationError(
          .limit, at: opening, found: Phrase("one more block inside", "更深一层的块"),
          expected: Phrase("at most ", "最多 ") + ByteString(ConfigurationLimits.maximumDepth)
            + Phrase(" blocks within each other", " 层块")))
      skipBlock(&problems)
      node.block = Block([], end: lexer.position)
      return
    }
    depth += 1
    node.block = statements(openedAt: opening, &problems)
    depth -= 1
  }

  /// Goes behind the `}` of a block that is too deep, without recursion.
  private mutating func skipBlock(_ problems: inout Problems) {
    var open = 1
    while true {
      switch token {
      case .open: open += 1
      case .close: open -= 1
      case .end: return
      default: break
      }
      advance(&problems)
      if open == 0 { return }
    }
  }

  /// A `{` that begins a line: reported, and taken for the block of the statement before it.
  private mutating func orphanBlock(in block: inout Block, _ problems: inout Problems) {
    problems.add(
      ConfigurationError(
        .syntax, at: lexer.position, found: Phrase("\"{\""),
        expected: Phrase("a name; a brace stands on the line of its name", "名称；左花括号须与名称同一行")))
    var node = Node(Word(""))
    openBlock(of: &node, &problems)
    if let last = block.nodes.indices.last, block.nodes[last].block == nil { block.nodes[last].block = node.block }
  }

  private mutating func countNode(at position: Position, _ problems: inout Problems) {
    nodeCount += 1
    guard nodeCount > ConfigurationLimits.maximumNodes, !limitWasReported else { return }
    limitWasReported = true
    problems.add(
      ConfigurationError(
        .limit, at: position, found: Phrase("one more statement", "多余的语句"),
        expected: Phrase("at most ", "一个文件最多 ") + ByteString(ConfigurationLimits.maximumNodes)
          + Phrase(" statements in a file", " 条语句")))
  }
}
