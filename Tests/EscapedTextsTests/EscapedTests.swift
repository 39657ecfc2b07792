import Foundation
import Testing

@testable import EscapedTexts

/// Texts that have a meaning in some destination.
private let hostileTexts = [
  "", " ", "plain", "\u{1B}[31mred\u{1B}[0m\u{7}", "\u{9B}2J", "\u{7F}", "a\nerror: forged", "a\rb",
  "a\u{2028}b",
  "\u{202E}gnp.exe", "\u{2066}", "\u{E0041}", "\0", "\\", "\\\"", "\"", "'", "`", "``", "</script><b>",
  "&lt;", "a|b", "[x](y)",
  "{0}", "@somebody", "*/ int evil; /*", "??/", "???/", "coding: latin-1", "\\(1 + 1)", "${x}", "#{x}",
  "%s%n", "größe",
  "\u{1F469}\u{200D}\u{1F4BB}",
]

private let writers: [(name: String, write: @Sendable (String) -> String)] = [
  ("terminal", Escaped.terminal), ("line", Escaped.line), ("json", Escaped.json), ("html", Escaped.html),
  ("dot", Escaped.dot), ("markdown", Escaped.markdown), ("markdownCode", { Escaped.markdownCode($0) }),
  ("c", Escaped.c), ("python", Escaped.python), ("swift", Escaped.swift), ("comment", Escaped.comment),
]

@Suite struct EscapedTests {
  /// No destination receives a character that controls a terminal.
  @Test(arguments: hostileTexts) func nothingSteers(_ text: String) {
    for (name, write) in writers {
      let steering = write(text).unicodeScalars.filter(\.isSteering)
      let allowed: [Unicode.Scalar] = ["terminal", "html"].contains(name) ? ["\n", "\t"] : []
      #expect(steering.allSatisfy(allowed.contains), "\(name)")
    }
  }

  @Test(arguments: hostileTexts) func escapingTwiceIsEscapingOnce(_ text: String) {
    #expect(Escaped.terminal(Escaped.terminal(text)) == Escaped.terminal(text))
    #expect(Escaped.line(Escaped.line(text)) == Escaped.line(text))
    #expect(!Escaped.line(text).contains { $0.isNewline })
  }

  @Test(arguments: hostileTexts) func jsonReadsBack(_ text: String) throws {
    let json = "[" + Escaped.json(text) + "]"
    let read = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String]
    #expect(read == [text])
    var bytes: [UInt8] = []
    Escaped.json(text, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == Escaped.json(text))
  }

  /// Eight bytes are looked at together: each byte must be seen at each place among others.
  @Test(arguments: UInt8(0)..<0x80) func jsonReadsBackEachByteAtEachPlace(_ byte: UInt8) throws {
    for count in 1...18 {
      for place in 0..<count {
        var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
        bytes[place] = byte
        let text = String(decoding: bytes, as: UTF8.self)
        let json = Escaped.json(text)
        #expect(try JSONSerialization.jsonObject(with: Data("[\(json)]".utf8)) as? [String] == [text])
        let steers = json.unicodeScalars.contains { $0.isSteering }
        #expect(!steers)
      }
    }
  }

  @Test func keysOfTheSourceAreWrittenAsOthers() {
    for style in [JSONWriter.Style.compact, .python] {
      var (a, b) = (JSONWriter(style: style), JSONWriter(style: style))
      let name = String("name")
      a.beginObject()
      b.beginObject()
      for value in 0..<2 {
        a.key("name")
        a.int(value)
        b.key(name)
        b.int(value)
      }
      a.endObject()
      b.endObject()
      #expect(a.bytes == b.bytes)
    }
  }

  /// Recorded from `repr` of CPython 3.
  @Test(arguments: [
    ("", "''"),
    ("a", "'a'"),
    ("it's", "\u{22}it's\u{22}"),
    ("'\u{22}", "'\u{5c}'\u{22}'"),
    ("a\u{a}b\u{9}\u{5c}", "'a\u{5c}nb\u{5c}t\u{5c}\u{5c}'"),
    ("\u{1}", "'\u{5c}x01'"),
    ("\u{1b}[31mRED\u{1b}[0m\u{7}", "'\u{5c}x1b[31mRED\u{5c}x1b[0m\u{5c}x07'"),
    ("\u{7f}\u{9b}", "'\u{5c}x7f\u{5c}x9b'"),
    ("\u{202e}\u{2066}", "'\u{5c}u202e\u{5c}u2066'"),
    ("\u{2028}\u{2029}", "'\u{5c}u2028\u{5c}u2029'"),
    ("a\u{a0}b\u{3000}", "'a\u{5c}xa0b\u{5c}u3000'"),
    ("gr\u{f6}\u{df}e \u{fc}n\u{ef}", "'gr\u{f6}\u{df}e \u{fc}n\u{ef}'"),
    ("\u{e0001}", "'\u{5c}U000e0001'"),
    ("\u{200d}", "'\u{5c}u200d'"),
    ("??/ ??", "'??/ ??'"),
    ("\u{1f600}", "'\u{1f600}'"),
  ]) func pythonIsRepr(_ text: String, _ expected: String) {
    #expect(Escaped.python(text) == expected)
  }

  @Test(arguments: [
    ("??/", "\"\\?\\?/\""), ("\u{1B}1", "\"\\0331\""), ("\"\\\n", "\"\\\"\\\\\\n\""),
    ("\u{202E}", "\"\\342\\200\\256\""),
  ]) func literalsOfC(_ text: String, _ expected: String) {
    #expect(Escaped.c(text) == expected)
  }

  @Test(arguments: [
    ("\\(x)", "\"\\\\(x)\""), ("\u{1B}1", "\"\\u{1b}1\""), ("\"\n", "\"\\\"\\n\""),
    ("\u{202E}", "\"\\u{202e}\""),
  ]) func literalsOfSwift(_ text: String, _ expected: String) {
    #expect(Escaped.swift(text) == expected)
  }

  @Test(arguments: hostileTexts) func commentsEndNowhere(_ text: String) {
    let comment = Escaped.comment(text)
    for part in ["??", "*/", "/*", "coding:", "coding="] { #expect(!comment.contains(part)) }
    #expect(!comment.hasSuffix("\\"))
  }

  @Test(arguments: hostileTexts) func markupIsText(_ text: String) {
    #expect(!Escaped.html(text).contains { "<>\"'".contains($0) })
    #expect(!Escaped.markdown(text).contains { "<>@".contains($0) })
    let dot = Escaped.dot(text).dropFirst().dropLast()
    #expect(!dot.replacing("\\\\", with: "").replacing("\\\"", with: "").contains("\""))
    let cell = Escaped.markdownCode(text, inTable: true)
    #expect(!cell.replacing("\\|", with: "").contains("|"))
  }

  @Test(arguments: [
    ("a", "`a`"), ("`", "`` ` ``"), ("a``b", "```a``b```"), ("", "`  `"), ("a|b", "`a|b`"),
  ]) func codeOfMarkdown(_ text: String, _ expected: String) {
    #expect(Escaped.markdownCode(text) == expected)
  }

  @Test(arguments: [
    ("[0](1)", "[0] (1)"), ("{0}", "{ 0}"), ("x.size()[0]", "x.size()[0]"), ("{a}", "{a}"),
  ]) func messagesOfSARIF(_ text: String, _ expected: String) {
    #expect(Escaped.sarif(text) == expected)
  }
}
