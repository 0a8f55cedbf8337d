using System.Text.Json;
using NUnit.Framework;

namespace AlexNetTF.Testing;

/// <summary>
/// Finds the reference data. <c>ALEXNET_GOLDEN</c> names its folder; without it the repository's own copy
/// (<c>tests/golden</c>) is used where it holds what is asked for, else <c>shared/golden</c> beside the repository.
/// </summary>
public static class Golden
{
    /// <summary>The environment variable that names another set of reference data.</summary>
    public const string Variable = "ALEXNET_GOLDEN";

    private static readonly Lazy<string> Root = new(() => Upward(AppContext.BaseDirectory, at => File.Exists(Path.Combine(at, "AlexNet.sln")))
        ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds AlexNet.sln."));

    /// <summary>The repository's root folder.</summary>
    public static string Repository => Root.Value;

    /// <summary>Whether another set than the repository's own is being judged.</summary>
    public static bool IsForeignSet => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The path of a file or folder of the reference data, whether it exists or not.</summary>
    /// <param name="relative">The path below the golden folder, with forward slashes.</param>
    public static string Locate(string relative)
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(given))
            return Path.GetFullPath(Path.Combine(given, relative));
        string own = Path.Combine(Repository, "tests", "golden", relative);
        if (Path.Exists(own))
            return own;
        string? beside = Upward(Repository, at => Path.Exists(Path.Combine(at, "shared", "golden", relative)));
        return beside is null ? own : Path.Combine(beside, "shared", "golden", relative);
    }

    /// <summary>A folder of the reference data; the test is skipped, with the path, where it is absent.</summary>
    public static string Folder(string relative)
    {
        string path = Locate(relative);
        if (!Directory.Exists(path))
            Assert.Ignore($"There is no folder {path}.");
        return path;
    }

    /// <summary>A file of the reference data; the test is skipped, with the path, where it is absent.</summary>
    public static string FilePath(string relative)
    {
        string path = Locate(relative);
        if (!File.Exists(path))
            Assert.Ignore($"There is no file {path}.");
        return path;
    }

    /// <summary>A JSON file of the reference data; the test is skipped where it is absent.</summary>
    public static JsonElement Json(string relative) => ReadJson(FilePath(relative));

    /// <summary>Reads any JSON file whole.</summary>
    public static JsonElement ReadJson(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    /// <summary>One NUnit case per case file of a folder: the argument is a <see cref="GoldenCase"/>, the name its <c>case</c>.</summary>
    /// <remarks>An absent folder gives one skipped case that names it, a folder without a matching file a failing one.</remarks>
    public static IEnumerable<TestCaseData> Cases(string folder, string pattern = "*.json") =>
        Enumerate(folder, pattern, path =>
        {
            GoldenCase read = GoldenCase.Load(path);
            return new TestCaseData(read).SetArgDisplayNames(read.Case);
        });

    /// <summary>One NUnit case per matching file of a folder: the argument is the file's path, the name its file name.</summary>
    /// <remarks>An absent folder gives one skipped case that names it, a folder without a matching file a failing one.</remarks>
    public static IEnumerable<TestCaseData> Files(string folder, string pattern) =>
        Enumerate(folder, pattern, path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path)));

    /// <summary>One NUnit case per entry that <paramref name="entries"/> finds in a JSON file, named by its key.</summary>
    /// <param name="file">The file below the golden folder; where it is absent one skipped case names it.</param>
    /// <param name="entries">From the file's root to pairs of a display name and the test's argument; none is a failing case.</param>
    public static IEnumerable<TestCaseData> Entries(string file, Func<JsonElement, IEnumerable<(string Name, object Argument)>> entries)
    {
        string path = Locate(file);
        if (!File.Exists(path))
            return [Absent(path)];
        List<TestCaseData> found = [.. entries(ReadJson(path)).Select(e => new TestCaseData(e.Argument).SetArgDisplayNames(e.Name))];
        return found.Count > 0 ? found : throw new InvalidDataException($"{path} holds no case.");
    }

    /// <summary>A photograph by its name without extension: from <c>images</c> beside the golden folder, else from <c>samples/images</c>.</summary>
    public static string Photograph(string name)
    {
        string golden = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Locate(".");
        string[] folders = [Path.Combine(golden, "..", "images"), Path.Combine(Repository, "samples", "images")];
        foreach (string folder in folders.Where(Directory.Exists))
        {
            string? path = Directory.EnumerateFiles(folder, name + ".*").Order(StringComparer.Ordinal).FirstOrDefault();
            if (path is not null)
                return Path.GetFullPath(path);
        }

        Assert.Ignore($"There is no picture {name} in {string.Join(" or ", folders.Select(Path.GetFullPath))}.");
        return "";
    }

    private static IEnumerable<TestCaseData> Enumerate(string folder, string pattern, Func<string, TestCaseData> toCase)
    {
        string path = Locate(folder);
        if (!Directory.Exists(path))
            return [Absent(path)];
        List<TestCaseData> found = [.. Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal).Select(toCase)];
        // An error here makes NUnit report the test as failed: a wrong path must not pass as "nothing to check".
        return found.Count > 0 ? found : throw new InvalidDataException($"{path} holds no {pattern}.");
    }

    private static TestCaseData Absent(string path) =>
        new TestCaseData([null]).SetArgDisplayNames("absent").Ignore($"There is no {path}.");

    private static string? Upward(string from, Func<string, bool> holds)
    {
        for (string? at = Path.GetFullPath(from); at is not null; at = Path.GetDirectoryName(at))
        {
            if (holds(at))
                return at;
        }

        return null;
    }
}
