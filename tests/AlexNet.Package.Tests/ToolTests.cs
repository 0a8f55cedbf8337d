using System.IO.Compression;
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

    [Test]
    [Explicit]
    [Category("Long")]
    public void It_packs_small_and_compiled_ahead_for_every_platform()
    {
        string feed = LocalFeed.Folder["all-platforms/."];
        LocalFeed.DotNet(Golden.Repository, "pack", "src/AlexNet.Tool", "-c", "Release", "-o", feed, $"-p:MinVerVersionOverride={LocalFeed.Version}");
        Assert.That(
            Directory.EnumerateFiles(feed, "*.nupkg").Select(path => Path.GetFileName(path).Replace($".{LocalFeed.Version}.nupkg", "", StringComparison.Ordinal)),
            Is.EquivalentTo(new[] { "AlexNet.Tool", "AlexNet.Tool.any", "AlexNet.Tool.linux-arm64", "AlexNet.Tool.linux-x64", "AlexNet.Tool.osx-arm64", "AlexNet.Tool.win-x64" }));
        foreach (string path in Directory.EnumerateFiles(feed, "*.nupkg").Where(path => !path.Contains(".any.", StringComparison.Ordinal)))
            Assert.That(new FileInfo(path).Length, Is.LessThan(20_000_000), path);

        // Ahead-of-time code makes an assembly several times its size.
        Assert.That(SizeIn(feed, "linux-arm64", "NumSharp.dll"), Is.GreaterThan(2 * SizeIn(feed, "any", "NumSharp.dll")));
    }

    private static long SizeIn(string feed, string platform, string file)
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(feed, $"AlexNet.Tool.{platform}.{LocalFeed.Version}.nupkg"));
        return zip.Entries.Single(e => e.Name == file).Length;
    }
}
