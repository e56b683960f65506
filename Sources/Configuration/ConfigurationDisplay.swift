// Trees as people may see them: secrets hidden, in braces or as `set` lines.

import Basics

public enum ConfigurationDisplay {
  /// Stands for a secret wherever one is shown; where it comes back, for the one that stands there.
  public static let mask: ByteString = "***"
  /// Begins a secret that was sealed, and that no key here has opened: whatever its type, it is taken as it stands.
  public static let sealedPrefix: ByteString = "$sealed"
}

extension Block {
  /// With `***` for every secret.
  public func masked(_ schema: [SchemaNode]) -> Block {
    mappingSecrets(schema) { _, _ in ConfigurationDisplay.mask }
  }

  /// With other texts for secrets.
  ///
  /// - Parameter replacement: of the path to the statement (`extension 101 / secret`) and its text; nil leaves it.
  public func mappingSecrets(
    _ schema: [SchemaNode], path: ByteString = "", _ replacement: (ByteString, ByteString) -> ByteString?
  ) -> Block {
    var changed = self
    for index in changed.nodes.indices {
      let node = nodes[index]
      guard let description = schema.node(named: node.name.text) else { continue }
      let here = SchemaChecker.path(path, node, description)
      if let children = description.children {
        changed.nodes[index].block = node.block?.mappingSecrets(children, path: here, replacement)
      } else if description.isSecret {
        for (place, word) in node.values.enumerated() {
          guard let text = replacement(here, word.text) else { continue }
          changed.nodes[index].values[place].text = text
          changed.nodes[index].values[place].isQuoted = ConfigurationFormatter.needsQuotes(text)
        }
      }
    }
    return changed
  }
}
