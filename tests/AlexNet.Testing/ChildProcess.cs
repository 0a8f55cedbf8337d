using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace AlexNetTF.Testing;

/// <summary>Runs a program, or the test assembly itself, in a process with other environment variables.</summary>
public static partial class ChildProcess
{
    private const string Mark = "ALEXNET_TEST_CHILD";

    /// <summary>Whether this process was started by <see cref="RunTests"/>: a test that starts children ends at once there.</summary>
    public static bool IsChild => Environment.GetEnvironmentVariable(Mark) == "1";

    /// <summary>Runs a program to its end and reads its output.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="folder">The working folder; null for the current one.</param>
    /// <param name="input">What the program reads from standard input; null for an empty one.</param>
    /// <param name="timeout">After it the program and its children are ended; null for two minutes.</param>
    /// <exception cref="TimeoutException">The program did not end in time; the message holds its output so far.</exception>
    public static ChildResult Run(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null,
        string? input = null,
        TimeSpan? timeout = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? "",
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;

        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using (process.StandardInput)
            process.StandardInput.Write(input);

        TimeSpan limit = timeout ?? TimeSpan.FromMinutes(2);
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} did not end within {limit}.\n{output.Result}\n{error.Result}");
        }

        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs tests of the current test assembly in a child process.</summary>
    /// <param name="filter">A filter such as <c>FullyQualifiedName~GemmTests</c>.</param>
    /// <param name="environment">Variables to set, for example <c>DOTNET_EnableAVX512</c> = <c>0</c>.</param>
    /// <param name="timeout">After it the child is ended; null for two minutes.</param>
    /// <returns>The totals; a filter that matches nothing gives none, so a caller checks <see cref="TestTotals.Passed"/>.</returns>
    public static TestTotals RunTests(string filter, IReadOnlyDictionary<string, string?> environment, TimeSpan? timeout = null)
    {
        string assembly = System.Reflection.Assembly.GetEntryAssembly()!.Location;
        Dictionary<string, string?> all = new(environment) { [Mark] = "1" };
        ChildResult result = Run(Host, [assembly, "--filter", filter, "--no-ansi"], all, timeout: timeout);
        return new(Total(result.Output, "succeeded"), Total(result.Output, "failed"), Total(result.Output, "skipped"), result.All);
    }

    /// <summary>The dotnet host that runs this process, or the one on the path.</summary>
    public static string Host { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath!
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    private static int Total(string output, string name)
    {
        Match match = TotalLine(name).Match(output);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    private static Regex TotalLine(string name) => new($@"^\s*{name}:\s*(\d+)", RegexOptions.Multiline);
}

/// <summary>What a child process left.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record ChildResult(int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for a message.</summary>
    public string All => $"exit code {ExitCode}\n{Output}\n{Error}";
}

/// <summary>The totals of a test run in a child process.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that were skipped.</param>
/// <param name="Output">All that the child wrote, for a message.</param>
public sealed record TestTotals(int Passed, int Failed, int Skipped, string Output);
