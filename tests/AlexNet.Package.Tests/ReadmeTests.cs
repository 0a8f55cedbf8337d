using AlexNetTF.Testing;

namespace AlexNetTF.Package.Tests;

/// <summary>Every C# block of the README and of the pages in docs, compiled and run in a fresh console app that has the package from the local folder.</summary>
[TestFixture]
public class ReadmeTests
{
    private static readonly IReadOnlyList<Snippet> Snippets = 
        [.. Directory.GetFiles(Path.Combine(Golden.Repository, "docs"), "*.md").Order(StringComparer.Ordinal).Prepend(Path.Combine(Golden.Repository, "README.md")).SelectMany(Snippet.Read)];

    private static readonly Lazy<string> App = new(BuildApp);

    private static IEnumerable<TestCaseData> Names => Snippets.Select(s => new TestCaseData(s.Name));

    [Test]
    public void The_pages_have_snippets_with_different_names()
    {
        Assert.That(Snippets, Is.Not.Empty);
        Assert.That(Snippets.Select(s => s.Name), Is.Unique);
    }

    [TestCaseSource(nameof(Names))]
    public void It_runs(string name)
    {
        Snippet snippet = Snippets.Single(s => s.Name == name);
        string work = LocalFeed.Folder["work/."];
        foreach (string file in snippet.AllFiles(Snippets))
            SnippetFiles.Put(work, file);
        // Known weights are found where an earlier fetch would have put them.
        Dictionary<string, string?> environment = LocalFeed.CleanEnvironment();
        environment["XDG_CACHE_HOME"] = Path.Combine(work, "cache");
        ChildResult result = ChildProcess.Run(ChildProcess.Host, [App.Value, name], environment, work);
        Assert.That(result.ExitCode, Is.Zero, result.All);
        foreach (string pattern in snippet.Prints)
            Assert.That(result.Output, Does.Match(pattern), result.All);
    }

    private static string BuildApp()
    {
        string folder = LocalFeed.Folder["app/."];
        LocalFeed.DotNet(LocalFeed.Folder.Path, "new", "console", "-o", folder, "--no-restore");
        LocalFeed.DotNet(folder, "add", "package", "AlexNet.TF", "--version", LocalFeed.Version);
        foreach (Snippet snippet in Snippets)
            File.WriteAllText(Path.Combine(folder, $"{snippet.Name}.cs"), snippet.ToSource(Snippets));
        File.WriteAllText(Path.Combine(folder, "Program.cs"), $$"""
            switch (args[0])
            {
            {{string.Join('\n', Snippets.Select(s => $"    case \"{s.Name}\": await Snippets.{s.Name}.Snippet.Run(args); break;"))}}
            }
            """);
        LocalFeed.DotNet(folder, "build", "--no-restore", "-v", "quiet", "-warnaserror", "-o", Path.Combine(folder, "out"));
        return Path.Combine(folder, "out", "app.dll");
    }
}
