extension String {
  /// The text with words replaced; a word is a run of letters, digits and underscores.
  func replacingWords(_ replacement: (String) -> String?) -> String {
    var result = ""
    var word = ""
    for character in self {
      if character.isPartOfWord {
        word.append(character)
      } else {
        result += replacement(word) ?? word
        word = ""
        result.append(character)
      }
    }
    return result + (replacement(word) ?? word)
  }
}

/// Replaces names such as `x.size()[0]`, which are more than one word, in one pass over a text.
struct NameReplacing {
  /// By how they begin; the first that matches is taken.
  private var names: [Substring: [(name: String, replacement: String)]] = [:]

  /// Of two names of which one begins with the other, the longer one must come first.
  init(_ names: some Sequence<(name: String, replacement: String)>) {
    for (name, replacement) in names {
      self.names[Self.start(of: name[...]), default: []].append((name, replacement))
    }
  }

  /// The text with every name replaced that begins where a word may begin.
  func replacingNames(in text: String) -> String {
    var result = ""
    var rest = text[...]
    while let character = rest.first {
      if let (name, replacement) = names[Self.start(of: rest)]?.first(where: { rest.hasPrefix($0.name) }) {
        result += replacement
        rest = rest.dropFirst(name.count)
      } else {
        let word = rest.prefix { $0.isPartOfWord }
        if word.isEmpty { result.append(character) } else { result += word }
        rest = word.isEmpty ? rest.dropFirst() : rest[word.endIndex...]
      }
    }
    return result
  }

  /// `x.size` of `x.size()[0] == 5`, so that few names begin alike; at most so much that a text takes linear time.
  private static func start(of text: Substring) -> Substring {
    text.prefix(64).prefix { $0.isPartOfWord || ".[]'\"".contains($0) }
  }
}

extension Character {
  fileprivate var isPartOfWord: Bool { isLetter || isNumber || self == "_" }
}
