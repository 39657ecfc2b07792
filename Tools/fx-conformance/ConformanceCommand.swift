import ArgumentParser

/// `fx-conformance`: compares SwiftFX's rules with PyTorch's answers, and with arithmetic.
@main
struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fx-conformance",
    abstract: "Judge SwiftFX's rules: by PyTorch's answers, and by arithmetic.",
    discussion: "Without a subcommand: answer.",
    subcommands: [
      AnswerCommand.self, ProofsCommand.self, SoundnessCommand.self, FacesCommand.self, PassesCommand.self,
      OperatorsCommand.self, SaveCommand.self,
    ],
    defaultSubcommand: AnswerCommand.self)
}
