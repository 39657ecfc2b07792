import ArgumentParser

/// `fx-conformance`: SwiftFX's rules against PyTorch's answers, and against arithmetic.
@main
struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fx-conformance",
    abstract: "Judge SwiftFX's rules: by PyTorch's answers, and by arithmetic.",
    discussion: "Without a subcommand: answer.",
    subcommands: [AnswerCommand.self, ProofsCommand.self, SoundnessCommand.self],
    defaultSubcommand: AnswerCommand.self)
}
