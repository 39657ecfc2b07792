extension String {
  /// The text with words replaced; a word is a run of letters, digits and underscores.
  func replacingWords(_ replacement: (String) -> String?) -> String {
    var result = ""
    var word = ""
    for character in self {
      if character.isLetter || character.isNumber || character == "_" {
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
