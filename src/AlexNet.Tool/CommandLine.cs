using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace AlexNetTF.Tool;

/// <summary>The command tree.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Classifies pictures with AlexNet, extracts features, trains layers on your own pictures, inspects and converts weight files.")
        {
            ClassifyCommand.Create(),
            FeaturesCommand.Create(),
            InspectCommand.Create(),
            WeightsCommand.Create(),
            SummaryCommand.Create(),
            ExportCommand.Create(),
            DevicesCommand.Create(),
            DemoCommand.Create(),
            FinetuneCommand.Create(),
            EvaluateCommand.Create(),
            BenchCommand.Create(),
        };
        return root;
    }

    /// <summary>The words of the command that was parsed, each followed by a blank; "" for the root.</summary>
    public static string PathOf(CommandResult command) => command.Parent is CommandResult parent
        ? $"{PathOf(parent)}{command.Command.Name} "
        : "";
}

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;
}

/// <summary>Options that contradict each other or cannot be met, as far as parsing alone cannot tell.</summary>
internal sealed class UsageException(string message) : Exception(message);
