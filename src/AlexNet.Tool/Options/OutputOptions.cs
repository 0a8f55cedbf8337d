using System.CommandLine;

namespace AlexNetTF.Tool;

/// <summary>How results are printed.</summary>
internal sealed class OutputOptions
{
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON document." };
    private readonly Option<bool> jsonl = new("--jsonl") { Description = "Print one JSON object a line, as results come." };
    private readonly Option<bool> quiet = new("--quiet") { Description = "Print results and errors only." };

    public static OutputOptions AddTo(Command command, bool lines = false)
    {
        var options = new OutputOptions();
        command.Add(options.json);
        if (lines) command.Add(options.jsonl);
        command.Add(options.quiet);
        return options;
    }

    /// <summary>Whether an option is one of these.</summary>
    public bool Has(Option option) => option == json || option == jsonl || option == quiet;

    public OutputChoice Read(ParseResult parsed)
    {
        bool asDocument = parsed.GetValue(json), asLines = parsed.CommandResult.Command.Options.Contains(jsonl) && parsed.GetValue(jsonl);
        if (asDocument && asLines) throw new UsageException("--json and --jsonl exclude each other");
        return new OutputChoice(asDocument, asLines, parsed.GetValue(quiet));
    }
}

/// <summary>What was chosen.</summary>
internal sealed record OutputChoice(bool Json, bool JsonLines, bool Quiet)
{
    public bool ForPeople => !Json && !JsonLines;
}
