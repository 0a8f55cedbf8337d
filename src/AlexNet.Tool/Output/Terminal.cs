using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>Tables for people. Colours and progress only on a terminal, and none where NO_COLOR is set.</summary>
internal static class Terminal
{
    /// <summary>Standard output.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Standard error: progress and remarks.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether a person watches standard error.</summary>
    public static bool ShowsProgress => !Console.IsErrorRedirected;

    public static Table Table(params string[] heads)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string head in heads) table.AddColumn(new TableColumn(Markup.Escape(head)).NoWrap());
        return table;
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        bool plain = redirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        // A pipe has no width; tables there must not wrap.
        if (redirected) console.Profile.Width = 4000;
        return console;
    }
}
