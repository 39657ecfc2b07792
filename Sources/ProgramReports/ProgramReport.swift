import EscapedTexts
public import ExportedPrograms
public import FakeTensors
import ShapePropagation
import SymbolicShapes

/// A program as one HTML page, which needs no network and no other file.
///
/// ```swift
/// let report = try ProgramReport(ExportedProgram(path: "model.pt2"), name: "model", table: .aten)
/// try Data(report.html).write(to: URL(filePath: "report.html"))
/// ```
///
/// The page shows the program by the author's modules, draws each module's graph, lights up a symbol wherever it
/// occurs, and evaluates the compiled check, every shape, the memory curve and the operations at sizes that the reader
/// gives. Its content security policy allows its own script and style only. All texts of the program are data, which
/// the script shows as text.
public struct ProgramReport: Sendable {
  /// The page, in UTF-8.
  public let html: [UInt8]
  /// Whether a run has spent one of its budgets, so that something is left unknown.
  public let isCutShort: Bool

  /// Propagates a program and writes its page.
  ///
  /// A program that does not propagate has a page that says where and why, with the values that were reached.
  ///
  /// - Parameters:
  ///   - exported: the program.
  ///   - name: its name, for the title.
  ///   - table: the operators' rules.
  ///   - other: a second program and its name; the page shows it beside the first, with what differs.
  /// - Throws: ``PropagationError`` or ``ArchiveError`` if an expression or a list of weights of an archive cannot be
  ///   read.
  public init(
    _ exported: ExportedProgram, name: String, table: OperatorTable,
    against other: (program: ExportedProgram, name: String)? = nil
  ) throws {
    let other = try other.map { try OtherProgram($0.program, name: $0.name, comparedWith: exported) }
    let program = try ReportedProgram(exported, name: name, table: table, against: other)
    html = Self.page(of: program)
    isCutShort = program.isCutShort
  }

  private static func page(of program: ReportedProgram) -> [UInt8] {
    // One buffer: the data of a large program takes most of the memory.
    var page = JSONWriter(style: .script)
    let name = Escaped.html(program.name)
    let policy =
      "default-src 'none'; script-src '\(PageAssets.scriptHash)'; style-src '\(PageAssets.styleHash)'; "
      + "base-uri 'none'; form-action 'none'"
    page.surroundings(
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <title>\(name)</title>
      <style>

      """.utf8)
    page.surroundings(PageAssets.style.bytes)
    page.surroundings(
      """

      </style>
      </head>
      <body>
      <a class="skip" href="#nodes">Skip to the program</a>
      <header><h1>\(name)</h1></header>
      <nav aria-label="Sections"></nav>
      <main><noscript>This page needs its script, which loads nothing.</noscript></main>
      <aside id="panel" aria-label="Symbol" aria-live="polite" hidden></aside>
      <script type="application/json" id="data">
      """.utf8)
    program.write(to: &page)
    page.surroundings("</script>\n<script type=\"module\">\n".utf8)
    page.surroundings(PageAssets.script.bytes)
    page.surroundings("\n</script>\n</body>\n</html>\n".utf8)
    return page.bytes
  }
}

extension StaticString {
  fileprivate var bytes: [UInt8] { withUTF8Buffer { Array($0) } }
}
