using System.Runtime.InteropServices;
using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Package.Tests;

/// <summary>
/// Packs the four packages once, under a version that exists nowhere else, into a folder outside the repository, with
/// a nuget.config beside it that knows this folder and the user's own sources.
/// </summary>
[SetUpFixture]
public sealed class LocalFeed
{
    /// <summary>The version of the packed packages.</summary>
    public const string Version = "9.9.9-test.1";

    private static readonly string[] Projects = ["Core", "Layers", "Vision", "Tool"];
    private static TempFolder? _folder;

    /// <summary>The working folder: <c>feed</c>, <c>nuget.config</c>, and what the tests add.</summary>
    public static TempFolder Folder => _folder ?? throw new InvalidOperationException("The packages are not made yet.");

    /// <summary>The platform that the tool is packed for: this one.</summary>
    public static string Platform { get; } =
        new[] { "linux-x64", "linux-arm64", "win-x64", "osx-arm64" }.Contains(RuntimeInformation.RuntimeIdentifier) ? RuntimeInformation.RuntimeIdentifier : "any";

    /// <summary>The path of a package in the feed.</summary>
    public static string PathOf(string id, string extension = "nupkg") => Path.Combine(Folder.Path, "feed", $"{id}.{Version}.{extension}");

    /// <summary>Runs the dotnet command; the test fails, with all output, unless it exits with 0.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">The arguments.</param>
    public static string DotNet(string folder, params IEnumerable<string> arguments)
    {
        ChildResult result = ChildProcess.Run(ChildProcess.Host, arguments, CleanEnvironment(), folder, timeout: TimeSpan.FromMinutes(10));
        Assert.That(result.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{result.All}");
        return result.Output;
    }

    /// <summary>The environment of a user's shell: without what a running build or test leaves in it.</summary>
    public static Dictionary<string, string?> CleanEnvironment()
    {
        var changes = new Dictionary<string, string?>
        {
            // Our packages go here; all others are taken from the folder that the build of the repository filled.
            ["NUGET_PACKAGES"] = Folder["packages"],
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
        };
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal) || name == "CI")
                changes.TryAdd(name, null);
        }

        return changes;
    }

    [OneTimeSetUp]
    public static void Pack()
    {
        _folder = new TempFolder();
        File.WriteAllText(Folder["nuget.config"], $"""
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <packageSources>
                <add key="local" value="feed" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="user" value="{UserPackages()}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(Folder["packages.slnf"], JsonSerializer.Serialize(new
        {
            solution = new
            {
                path = Path.Combine(Golden.Repository, "AlexNet.sln"),
                projects = Projects.Select(p => Path.Combine("src", $"AlexNet.{p}", $"AlexNet.{p}.csproj")),
            },
        }));
        Dictionary<string, string?> environment = CleanEnvironment();
        environment.Remove("NUGET_PACKAGES");
        // The tool for this platform alone and without ahead-of-time code: the tests need no runtime packs.
        ChildResult result = ChildProcess.Run(
            ChildProcess.Host,
            [
                "pack", Folder["packages.slnf"], "-c", "Release", "-o", Folder["feed"], "-v", "quiet", $"-p:MinVerVersionOverride={Version}",
                $"-p:ToolPackageRuntimeIdentifiers={Platform}", "-p:PublishReadyToRun=false", "-p:EnableAppHostPackDownload=false",
            ],
            environment,
            Golden.Repository,
            timeout: TimeSpan.FromMinutes(10));
        Assert.That(result.ExitCode, Is.Zero, result.All);
    }

    [OneTimeTearDown]
    public static void Remove() => _folder?.Dispose();

    private static string UserPackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
        ? given
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
