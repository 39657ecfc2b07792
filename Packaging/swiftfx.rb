# A Homebrew formula. For a release, a tap fills in the address of the repository, the tag and its commit:
#
#   brew install --build-from-source ./Packaging/swiftfx.rb
class Swiftfx < Formula
  desc "Shapes of exported PyTorch programs, without running them and without Python"
  homepage "https://github.com/OWNER/swift-fx"
  url "https://github.com/OWNER/swift-fx.git", tag: "0.1.0", revision: "COMMIT"
  license "Apache-2.0"
  head "https://github.com/OWNER/swift-fx.git", branch: "main"

  depends_on xcode: ["26.0", :build]
  depends_on macos: :tahoe
  uses_from_macos "swift" => :build

  def install
    system "swift", "build", "--disable-sandbox", "-c", "release", "--product", "swiftfx"
    bin.install ".build/release/swiftfx"
    man1.install "Packaging/swiftfx.1"
    generate_completions_from_executable(bin/"swiftfx", "--generate-completion-script")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/swiftfx --version")
    (testpath/"bad.pt2").write "no archive"
    shell_output("#{bin}/swiftfx propagate bad.pt2", 65)
  end
end
