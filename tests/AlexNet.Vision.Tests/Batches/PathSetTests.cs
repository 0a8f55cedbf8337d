using AlexNetTF.Imaging;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Batches;

/// <summary>Files, folders, patterns, lists and standard input.</summary>
public class PathSetTests
{
    private static readonly byte[] Pixel = File.ReadAllBytes(Path.Combine(Golden.Repository, "tests", "golden", "images", "one_pixel.png"));

    private TempFolder folder = null!;

    [SetUp]
    public void MakeFiles()
    {
        folder = new TempFolder();
        foreach (string name in new[] { "b.png", "a.JPG", "a-b/1.png", "a/2.jpeg", "a/10.jpeg", "a/c/3.webp", "noext", ".hidden.png", ".git/4.png", "empty/.keep", "[x].png", "odd name.gif" })
            File.WriteAllBytes(folder[name], Pixel);
        File.WriteAllText(folder["a/readme.txt"], "text");
        File.WriteAllText(folder["notes"], "text without extension");
    }

    [TearDown]
    public void RemoveFiles() => folder.Dispose();

    [Test]
    public void AFolderGivesItsPicturesInOrdinalOrderOfTheirPaths() => Assert.That(
        Expand(folder.Path),
        Is.EqualTo("[x].png a-b/1.png a.JPG a/10.jpeg a/2.jpeg a/c/3.webp b.png noext odd_name.gif"));

    [TestCase("*.png", "[x].png b.png")]
    [TestCase("a/*.jpeg", "a/10.jpeg a/2.jpeg")]
    [TestCase("a/?.jpeg", "a/2.jpeg")]
    [TestCase("a/[0-3].jpeg", "a/2.jpeg")]
    [TestCase("a/[!0-1]*.jpeg", "a/2.jpeg")]
    [TestCase("[x].png", "[x].png", Description = "a file of that very name")]
    [TestCase("[[]x].png", "[x].png")]
    [TestCase("*/*.webp", "none")]
    [TestCase("**/*.webp", "a/c/3.webp")]
    [TestCase("**/*.png", "[x].png a-b/1.png b.png")]
    [TestCase("a/**", "a/10.jpeg a/2.jpeg a/c/3.webp")]
    [TestCase("**/*", "[x].png a-b/1.png a.JPG a/10.jpeg a/2.jpeg a/c/3.webp b.png noext odd_name.gif")]
    [TestCase("a*", "a-b/1.png a.JPG a/10.jpeg a/2.jpeg a/c/3.webp")]
    [TestCase("*.txt", "none")]
    [TestCase("a/*.txt", "a/readme.txt", Description = "named by its extension, so wanted")]
    [TestCase(".h*", ".hidden.png")]
    public void APatternGivesWhatMatches(string pattern, string expected) => Assert.That(Expand(folder[pattern]), Is.EqualTo(expected));

    [TestCase("*", "abc", true)]
    [TestCase("a*c*e", "abcde", true)]
    [TestCase("a*c*e", "abcdef", false)]
    [TestCase("a**", "a", true)]
    [TestCase("?", "", false)]
    [TestCase("[]a]", "]", true)]
    [TestCase("[a-c]x", "bx", true)]
    [TestCase("[a-c]x", "dx", false)]
    [TestCase("[!a-c]x", "dx", true)]
    [TestCase("[^a-c]x", "ax", false)]
    [TestCase("[a-]", "-", true)]
    [TestCase("[ab", "[ab", true)]
    [TestCase("a", "A", false)]
    public void MatchesNames(string pattern, string name, bool expected)
    {
        if (!OperatingSystem.IsWindows() || pattern != "a")
            Assert.That(PathPattern.Matches(pattern, name), Is.EqualTo(expected));
    }

    [Test]
    public void AListNamesPicturesFoldersAndPatterns()
    {
        File.WriteAllText(folder["list.txt"], $"{folder["b.png"]}\r\n\n  \"odd name.gif\"\na\na-b/*.png\nmissing.png\n");
        ImageSource[] found = [.. PathSet.Expand(["@" + folder["list.txt"]])];
        Assert.That(Names(found), Is.EqualTo("b.png odd_name.gif a/10.jpeg a/2.jpeg a/c/3.webp a-b/1.png missing.png"));
        Assert.That(Loads(found[0]), Is.Null);
        Assert.That(Loads(found[^1]), Does.StartWith("missing.png: ").And.Contain("no such file"));
    }

    [Test]
    public void WhatIsNotThereFailsWhenUsedAndTheOthersGoOn()
    {
        File.WriteAllBytes(folder["binary.txt"], [1, 0, 2]);
        File.WriteAllText(folder["blank.txt"], "\n \n");
        string[] paths = ["", "no.png", folder["no*.png"], folder["empty"], "@no.txt", "@" + folder["binary.txt"], "@" + folder["blank.txt"], folder["b.png"]];
        ImageSource[] found = [.. PathSet.Expand(paths)];
        string[] reasons = ["a path is needed", "no such file", "no file matches", "holds no picture", "cannot be read", "no text", "holds no path"];
        Assert.That(found, Has.Length.EqualTo(paths.Length));
        for (int i = 0; i < reasons.Length; i++)
            Assert.That(Loads(found[i]), Does.Contain(reasons[i]), paths[i]);
        Assert.That(Loads(found[^1]), Is.Null);
    }

    [Test]
    public void ADashIsStandardInput()
    {
        using var input = new MemoryStream(Pixel);
        ImageSource[] found = [.. PathSet.Expand(["-", folder["b.png"]], input)];
        Assert.That(found.Select(source => source.Name), Is.EqualTo(new[] { "-", folder["b.png"] }));
        Assert.That(Loads(found[0]), Is.Null);
    }

    [Test]
    public void ALinkThatLeadsBackEnds()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateSymbolicLink(folder["a/back"], folder.Path);
        Directory.CreateSymbolicLink(folder["a/side"], folder["a-b"]);
        Assert.That(Expand(folder["a"]).Split(' '), Has.Exactly(1).EqualTo("a/side/1.png").And.Length.LessThan(20));
        Assert.That(Expand(folder["**/*.webp"]), Is.EqualTo("a/c/3.webp"));
    }

    private string Expand(string path)
    {
        ImageSource[] found = [.. PathSet.Expand([path])];
        return found is [FailedImageSource] ? "none" : Names(found);
    }

    // Relative to the folder; blanks stand between the names.
    private string Names(IEnumerable<ImageSource> sources) => string.Join(
        ' ',
        sources.Select(source => (Path.IsPathRooted(source.Name) ? Path.GetRelativePath(folder.Path, source.Name) : source.Name).Replace('\\', '/').Replace(' ', '_')));

    private static string? Loads(ImageSource source)
    {
        try
        {
            using NumSharp.NDArray input = ImageInput.Load(source);
            return null;
        }
        catch (AlexNetException error)
        {
            return error.Message;
        }
    }
}
