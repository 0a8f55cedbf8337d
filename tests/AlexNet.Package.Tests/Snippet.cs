using System.Text;
using System.Text.RegularExpressions;

namespace AlexNetTF.Package.Tests;

/// <summary>
/// A C# block of a page. A comment before it may say what the test needs to know, one item a line:
/// <c>snippet: NAME</c>; <c>continues: NAME</c> (that block's code stands before this one's); <c>files: NAME NAME …</c>
/// (put into the working folder); <c>prints: REGEX</c> (must match the output; may stand several times).
/// </summary>
internal sealed partial record Snippet(string Name, string Page, int Line, string Code, string? Continues, string[] Files, string[] Prints)
{
    /// <summary>The blocks of a page, in order.</summary>
    public static IReadOnlyList<Snippet> Read(string path)
    {
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var found = new List<Snippet>();
        foreach (Match match in Block().Matches(text))
        {
            ILookup<string, string> notes = match.Groups["notes"].Value.Split('\n')
                .Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0].Trim(), pair => pair[1].Trim());
            int line = text.AsSpan(0, match.Groups["code"].Index).Count('\n') + 1;
            found.Add(new(
                notes["snippet"].FirstOrDefault() ?? $"line{line}",
                Path.GetFileName(path),
                line,
                match.Groups["code"].Value,
                notes["continues"].FirstOrDefault(),
                [.. notes["files"].SelectMany(names => names.Split(' ', StringSplitOptions.RemoveEmptyEntries))],
                [.. notes["prints"]]));
        }

        return found;
    }

    /// <summary>
    /// The block as a class with a method Run in a namespace of its own: using directives go before it, types behind
    /// it, as in a file of top-level statements. Errors of the compiler name the page's lines.
    /// </summary>
    public string ToSource(IReadOnlyList<Snippet> all)
    {
        var usings = new StringBuilder();
        var statements = new StringBuilder();
        var types = new StringBuilder();
        foreach (Snippet part in Chain(all))
            part.Sort(usings, statements, types);
        return $$"""
            {{usings}}
            namespace Snippets.{{Name}};

            internal static class Snippet
            {
                public static async Task Run(string[] args)
                {
                    await Task.CompletedTask;
            {{statements}}
                }
            }
            {{types}}
            """;
    }

    /// <summary>The files that this block and those that it continues need.</summary>
    public IEnumerable<string> AllFiles(IReadOnlyList<Snippet> all) => Chain(all).SelectMany(s => s.Files).Distinct();

    /// <inheritdoc/>
    public override string ToString() => Name;

    private List<Snippet> Chain(IReadOnlyList<Snippet> all)
    {
        List<Snippet> before = Continues is null ? [] : all.Single(s => s.Name == Continues).Chain(all);
        return [.. before, this];
    }

    private void Sort(StringBuilder usings, StringBuilder statements, StringBuilder types)
    {
        string[] lines = Code.Split('\n');
        int firstType = Array.FindIndex(lines, TypeStart().IsMatch);
        StringBuilder? current = null;
        for (int i = 0; i < lines.Length; i++)
        {
            StringBuilder target = UsingDirective().IsMatch(lines[i]) ? usings : firstType >= 0 && i >= firstType ? types : statements;
            if (target != current)
                target.AppendLine($"#line {Line + i} \"{Page}\"");
            target.AppendLine(lines[i]);
            current = target;
        }
    }

    [GeneratedRegex(@"(?:^<!--(?<notes>(?:(?!-->).)*)-->\n+)?^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^using [A-Z][\w.]*;")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|abstract|file|readonly)\s+)*(?:class|record|struct|interface|enum)\s")]
    private static partial Regex TypeStart();
}
