using AlexNetTF.Testing;

namespace AlexNetTF.Package.Tests;

/// <summary>The command, installed from its package.</summary>
[TestFixture]
public class ToolTests
{
    private static readonly Lazy<string> Command = new(() =>
    {
        string target = LocalFeed.Folder["tools/."];
        LocalFeed.DotNet(LocalFeed.Folder.Path, "tool", "install", "AlexNet.Tool", "--tool-path", target, "--version", LocalFeed.Version, "--source", LocalFeed.Folder["feed"]);
        return Path.Combine(target, OperatingSystem.IsWindows() ? "alexnet.exe" : "alexnet");
    });

    [Test]
    public void It_installs_and_shows_its_help()
    {
        ChildResult result = ChildProcess.Run(Command.Value, ["--help"], LocalFeed.CleanEnvironment());
        Assert.That(result.ExitCode, Is.Zero, result.All);
        Assert.That(result.Output, Does.Contain("alexnet"));
    }
}
