using NUnit.Framework;

namespace AlexNetTF.Testing;

/// <summary>Texts that stand in the repository, so that a change of them shows in a review.</summary>
public static class GoldenText
{
    /// <summary>The environment variable that, set to 1, writes the files anew.</summary>
    public const string Variable = "ALEXNET_WRITE_TEXTS";

    /// <summary>Fails the test where a text differs from its file.</summary>
    /// <param name="file">The file's path below <c>tests</c>, with forward slashes.</param>
    /// <param name="text">The text.</param>
    public static void Check(string file, string text)
    {
        string path = Path.Combine(Golden.Repository, "tests", file);
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.That(text, Is.EqualTo(File.Exists(path) ? File.ReadAllText(path) : ""), $"The text differs from {path}; {Variable}=1 writes it anew.");
    }
}
